namespace NanoOta
{
    /// <summary>Waits while an operator has paused updates. A release is still accepted: that costs nothing.</summary>
    internal sealed class PauseCheck : IPreflightCheck
    {
        private readonly Journal journal;

        public PauseCheck(Journal journal)
        {
            this.journal = journal;
        }

        public PreflightAnswer Check(PreflightRequest request)
        {
            if (request.Step == UpdateStep.Decide || !journal.IsPaused) return PreflightAnswer.GoOn;
            return request.Wait(UpdateError.Paused, "");
        }
    }
}
