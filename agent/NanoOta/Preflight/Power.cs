namespace NanoOta
{
    /// <summary>Whether the supply carries a step, with hysteresis, and as it is under load.</summary>
    internal sealed class Power
    {
        private readonly UpdateContext context;
        private bool hasSaid;
        private int underLoad = -1;

        // One bit for each kind of step that was too much for the supply the last time it was asked for.
        private int low;

        public Power(UpdateContext context)
        {
            this.context = context;
        }

        /// <summary>
        /// Measures while radio and flash work, just after the manifest came or a block was written: at rest a weak battery shows a
        /// voltage that it will not hold.
        /// </summary>
        public void MeasureUnderLoad()
        {
            if (context.Ports.Supply != null && context.Options.Supply != null) underLoad = context.Ports.Supply.Millivolts;
        }

        /// <summary>A new offer: what was measured for the last one says nothing any more.</summary>
        public void Begin()
        {
            underLoad = -1;
        }

        /// <summary>None when the supply carries the step, or nobody can tell.</summary>
        public UpdateError Ask(UpdateStep step)
        {
            ISupply supply = context.Ports.Supply;
            SupplyLimits limits = context.Options.Supply;
            if (limits == null || supply == null || supply.IsExternal) return UpdateError.None;
            int limit = step == UpdateStep.Activate ? limits.Activate : step == UpdateStep.Stage ? limits.Write : limits.Download;
            if (limit == 0) return UpdateError.None;
            int now = supply.Millivolts;
            if (now < 0) return SayNotMeasured();
            if (step == UpdateStep.Activate && underLoad >= 0 && underLoad < now) now = underLoad;
            int bit = 1 << (int)step;
            bool isLow = now < ((low & bit) != 0 ? limit + limits.Hysteresis : limit);
            low = isLow ? low | bit : low & ~bit;
            return isLow ? UpdateError.SupplyLow : UpdateError.None;
        }

        private UpdateError SayNotMeasured()
        {
            if (!hasSaid) context.ReportRunning(UpdateEventKind.Notice, UpdateError.SupplyNotMeasured);
            hasSaid = true;
            return UpdateError.None;
        }
    }
}
