namespace NanoOta
{
    /// <summary>Adds history and report to the agent of a device.</summary>
    public static class OtaAgentDiagnostics
    {
        /// <summary>Keeps a history of starts, updates and faults in flash, and gives the report that an operator requests over the broker
        /// (NanoOta.Mqtt).</summary>
        /// <param name="ota">An agent that has not started yet.</param>
        /// <returns>The history, for the application to read on the agent's thread.</returns>
        public static History UseDiagnostics(this OtaAgent ota)
        {
            var history = new History(ota.Ports);
            ota.AddRound(history.Round);
            ota.Report = new SupportReport(ota.Ports, ota.Options, history);
            return history;
        }
    }
}
