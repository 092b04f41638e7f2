namespace NanoOta
{
    /// <summary>A step to be checked, and the reason of the answer. One object serves all calls, so a check keeps no reference to it.</summary>
    public sealed class PreflightRequest
    {
        /// <summary>The step that is about to be done.</summary>
        public UpdateStep Step;

        /// <summary>The offered release, not to be changed; null for <see cref="UpdateStep.Download"/>.</summary>
        public Manifest Offer;

        internal UpdatePorts Ports;
        internal UpdateOptions Options;

        /// <summary>Something to report that stops nothing, or None.</summary>
        internal UpdateError Notice;

        /// <summary>The reason as a number; ApplicationBusy unless the check gave another one.</summary>
        public UpdateError Code { get; private set; }

        /// <summary>The reason as text: the <see cref="UpdateEvent.Detail"/> of the event.</summary>
        public string Text { get; private set; }

        /// <summary>The answer Wait, with the code ApplicationBusy.</summary>
        /// <param name="text">The reason for people and logs, such as "temperature is 71 °C, the limit is 60".</param>
        public PreflightAnswer Wait(string text) => Wait(UpdateError.ApplicationBusy, text);

        /// <summary>The answer Wait, with a code that fits better than ApplicationBusy.</summary>
        /// <param name="code">A number of 4000 to 4999.</param>
        /// <param name="text">Facts that the text of the code does not have, or empty.</param>
        public PreflightAnswer Wait(UpdateError code, string text)
        {
            SetReason(code, text);
            return PreflightAnswer.Wait;
        }

        /// <summary>The answer Refuse, with the code ApplicationBusy.</summary>
        /// <param name="text">The reason for people and logs.</param>
        public PreflightAnswer Refuse(string text) => Refuse(UpdateError.ApplicationBusy, text);

        /// <summary>The answer Refuse, with a code that fits better than ApplicationBusy.</summary>
        /// <param name="code">A number of 4000 to 4999.</param>
        /// <param name="text">Facts that the text of the code does not have, or empty.</param>
        public PreflightAnswer Refuse(UpdateError code, string text)
        {
            SetReason(code, text);
            return PreflightAnswer.Refuse;
        }

        internal void SetReason(UpdateError code, string text)
        {
            Code = code;
            Text = text;
        }
    }
}
