namespace NanoOta
{
    /// <summary>A step of an update that is checked before it is done. Numbers are append-only.</summary>
    public enum UpdateStep
    {
        /// <summary>Fetching and writing the next block of the image: uses network and flash.</summary>
        Stage = 1,
        /// <summary>Activating the staged release: the device resets.</summary>
        Activate = 2,
        /// <summary>Requesting a manifest from the server: uses the network.</summary>
        Download = 3,
        /// <summary>Accepting the offered release: nothing is erased or written before that.</summary>
        Decide = 4,
    }

    /// <summary>Whether a step may be done.</summary>
    public enum PreflightAnswer
    {
        /// <summary>The step may be done.</summary>
        GoOn = 0,
        /// <summary>Not now: the check is called again after a second. After a whole check interval the offer is requested anew; what is
        /// staged stays.</summary>
        Wait = 1,
        /// <summary>The offer is given up until the next check for releases; what is staged stays.</summary>
        Refuse = 2,
    }

    /// <summary>
    /// A condition of an update, such as a supply voltage or a temperature. Add yours to <see cref="UpdatePorts.Preflight"/>. It is called
    /// on the agent's thread before each step, and once a second while it answers Wait, so it must return at once. An exception counts as
    /// Wait, with its type as the text.
    /// </summary>
    public interface IPreflightCheck
    {
        /// <summary>Checks one step.</summary>
        /// <param name="request">The step and the offer, reused for the next call; its methods Wait and Refuse give the answer a text.</param>
        PreflightAnswer Check(PreflightRequest request);
    }
}
