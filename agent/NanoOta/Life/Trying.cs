using System;

namespace NanoOta
{
    /// <summary>The trial of the running firmware, and its two ends.</summary>
    internal sealed class Trying
    {
        private const int AskAgainMs = 250;
        private const int RetryMs = 1000;

        private readonly UpdateContext context;
        private readonly Offering offering;
        private long deadline = -1;

        public Trying(UpdateContext context, Offering offering)
        {
            this.context = context;
            this.offering = offering;
        }

        public Outcome Step()
        {
            long now = context.Ports.Clock.Milliseconds;
            if (deadline < 0) deadline = now + context.Options.HealthDeadlineMs;
            // However healthy: once confirmed, only a cable could replace it.
            if (offering.DeadEnd != UpdateError.None) return Unfit(offering.DeadEnd);
            switch (Ask())
            {
                case Health.Good:
                    context.ReportRunning(UpdateEventKind.Health, UpdateError.None);
                    return Outcome.Done;
                case Health.Bad: return Unfit(UpdateError.HealthCheckFailed);
                default: return now >= deadline ? Unfit(UpdateError.HealthCheckTimedOut) : context.Wait(AskAgainMs);
            }
        }

        // The boot record first: it alone decides what boots. The journal is cleared again after the next reset if need be.
        public Outcome Confirm()
        {
            if (!context.Ports.Boot.Confirm())
            {
                context.ReportRunning(UpdateEventKind.Error, UpdateError.BootRecordFailed);
                return context.Wait(RetryMs);
            }

            context.Journal.Clear();
            if (!context.Journal.Save(context.Block)) context.ReportRunning(UpdateEventKind.Error, UpdateError.JournalFailed);
            context.ReportRunning(UpdateEventKind.Confirmed, UpdateError.None);
            return Outcome.Done;
        }

        public Outcome Reject()
        {
            // If the record cannot be written, the reset without a verdict brings the previous firmware back all the same.
            if (!context.Ports.Boot.Reject(context.Error))
                context.ReportRunning(UpdateEventKind.Error, UpdateError.BootRecordFailed);
            context.ReportRunning(UpdateEventKind.Rejected, context.Error);
            return Outcome.Done;
        }

        private Health Ask()
        {
            try
            {
                return context.Ports.Health.Check();
            }
            catch (Exception)
            {
                return Health.Bad;
            }
        }

        private Outcome Unfit(UpdateError error)
        {
            context.Error = error;
            context.ReportRunning(UpdateEventKind.Health, error);
            return Outcome.Unfit;
        }
    }
}
