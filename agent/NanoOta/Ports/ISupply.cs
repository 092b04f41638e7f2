namespace NanoOta
{
    /// <summary>The supply of the device.</summary>
    public interface ISupply
    {
        /// <summary>The voltage as of now in millivolts, noise taken out of it (a median of samples); −1 when the board cannot measure
        /// it.</summary>
        int Millivolts { get; }

        /// <summary>Whether the device runs from something that does not run empty. False when the board cannot tell.</summary>
        bool IsExternal { get; }
    }
}
