namespace NanoOta
{
    /// <summary>Whether the application permits a step now; must return at once.</summary>
    public delegate bool StepConsent(UpdateStep step);

    /// <summary>The application's veto as a preflight check. While the delegate returns false the update waits with code ApplicationBusy.
    /// It is not called for <see cref="UpdateStep.Decide"/>.</summary>
    public sealed class Consent : IPreflightCheck
    {
        private readonly StepConsent mayDo;

        /// <summary>A veto.</summary>
        /// <param name="mayDo">Called on the agent's thread.</param>
        public Consent(StepConsent mayDo)
        {
            this.mayDo = mayDo;
        }

        /// <inheritdoc/>
        public PreflightAnswer Check(PreflightRequest request)
        {
            return request.Step == UpdateStep.Decide || mayDo(request.Step) ? PreflightAnswer.GoOn : PreflightAnswer.Wait;
        }
    }
}
