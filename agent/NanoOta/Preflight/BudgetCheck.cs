namespace NanoOta
{
    /// <summary>Waits while the bytes of a day are used up (<see cref="UpdateOptions.MaxBytesPerDay"/>).</summary>
    internal sealed class BudgetCheck : IPreflightCheck
    {
        private const int DayMs = 86400000;

        /// <summary>When the share of a day has passed that the bytes so far are of the limit. Nothing of the count survives a sleep, so a device
        /// that sleeps requests nothing before that, and still keeps to the limit.</summary>
        public static long DueAfterSleep(UpdatePorts ports, UpdateOptions options)
        {
            int limit = options.MaxBytesPerDay;
            return limit <= 0 || ports.DayBegan < 0 ? 0 : ports.DayBegan + (long)ports.BytesOfDay * DayMs / limit;
        }

        public PreflightAnswer Check(PreflightRequest request)
        {
            int limit = request.Options.MaxBytesPerDay;
            if (limit <= 0 || (request.Step != UpdateStep.Download && request.Step != UpdateStep.Stage)) return PreflightAnswer.GoOn;
            UpdatePorts ports = request.Ports;
            long rest = ports.DayBegan + DayMs - ports.Clock.Milliseconds;
            if (ports.DayBegan < 0 || rest <= 0)
            {
                ports.DayBegan = ports.Clock.Milliseconds;
                ports.BytesOfDay = 0;
            }

            if (ports.BytesOfDay < limit) return PreflightAnswer.GoOn;
            return request.Wait(UpdateError.ByteLimitReached, "continues in " + ((rest + 999) / 1000).ToString() + " s");
        }
    }
}
