namespace NanoOta
{
    /// <summary>Waits until the supply voltage is high enough for the step, with hysteresis, and as measured under load.</summary>
    internal sealed class SupplyCheck : IPreflightCheck
    {
        private bool isReported;
        private int underLoad = -1;

        // One bit for each step for which the voltage was too low at its last check.
        private int low;

        /// <summary>Forgets what was measured during the last offer.</summary>
        public void Begin()
        {
            underLoad = -1;
        }

        /// <summary>Measures while radio and flash work, just after the manifest came or a block was written: at rest a weak battery shows
        /// a voltage that it will not hold.</summary>
        public void MeasureUnderLoad(UpdatePorts ports, UpdateOptions options)
        {
            if (ports.Supply != null && options.Supply != null) underLoad = ports.Supply.Millivolts;
        }

        public PreflightAnswer Check(PreflightRequest request)
        {
            ISupply supply = request.Ports.Supply;
            SupplyLimits limits = request.Options.Supply;
            if (limits == null || supply == null || supply.IsExternal) return PreflightAnswer.GoOn;
            int limit = Limit(limits, request.Step);
            if (limit == 0) return PreflightAnswer.GoOn;
            int now = supply.Millivolts;
            if (now < 0) return ReportNotMeasured(request);
            if (request.Step == UpdateStep.Activate && underLoad >= 0 && underLoad < now) now = underLoad;
            int bit = 1 << (int)request.Step;
            bool isLow = now < ((low & bit) != 0 ? limit + limits.Hysteresis : limit);
            low = isLow ? low | bit : low & ~bit;
            return isLow ? request.Wait(UpdateError.SupplyLow, "") : PreflightAnswer.GoOn;
        }

        private static int Limit(SupplyLimits limits, UpdateStep step)
        {
            switch (step)
            {
                case UpdateStep.Activate: return limits.Activate;
                case UpdateStep.Stage: return limits.Write;
                case UpdateStep.Download: return limits.Download;
                default: return 0;
            }
        }

        private PreflightAnswer ReportNotMeasured(PreflightRequest request)
        {
            if (!isReported) request.Notice = UpdateError.SupplyNotMeasured;
            isReported = true;
            return PreflightAnswer.GoOn;
        }
    }
}
