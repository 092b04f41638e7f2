namespace NanoOta
{
    /// <summary>Refuses a release that needs other native code than the runtime has, or a later agent.</summary>
    internal sealed class RuntimeCheck : IPreflightCheck
    {
        /// <summary>What releases can require of this agent (SPEC.md, section 2, key 12).</summary>
        public const int AgentLevel = 1;

        public PreflightAnswer Check(PreflightRequest request)
        {
            if (request.Step != UpdateStep.Decide) return PreflightAnswer.GoOn;
            Manifest offer = request.Offer;
            if (offer.RuntimeMismatch != null) return request.Refuse(UpdateError.WrongRuntime, offer.RuntimeMismatch);
            if (offer.AgentLevel <= AgentLevel) return PreflightAnswer.GoOn;
            string levels = "level " + offer.AgentLevel.ToString() + " needed, " + AgentLevel.ToString() + " is there";
            return request.Refuse(UpdateError.AgentTooOld, levels);
        }
    }
}
