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
        private readonly HealthScore score;
        private long began = -1;
        private int awakeBefore;

        public Trying(UpdateContext context, Offering offering)
        {
            this.context = context;
            this.offering = offering;
            score = context.Ports.Health as HealthScore;
        }

        // Milliseconds that this trial was awake since the reset that was not a planned sleep.
        private long Awake => began < 0 ? awakeBefore : awakeBefore + context.Ports.Clock.Milliseconds - began;

        /// <summary>Whether an operator has rejected the trial: whatever its health, it ends with the next step.</summary>
        public bool IsUnwanted;

        /// <summary>What has to outlive a planned sleep.</summary>
        public int Keep() => KeptNumber.OfTrial(Awake, score == null ? 0 : score.GoodProbes);

        /// <summary>Goes on with what <see cref="Keep"/> gave before the sleep.</summary>
        public void Resume(int kept)
        {
            awakeBefore = KeptNumber.AwakeMs(kept);
            if (score != null) score.Recall(KeptNumber.GoodProbes(kept));
        }

        public Outcome Step()
        {
            if (began < 0) began = context.Ports.Clock.Milliseconds;
            if (IsUnwanted) return Unwanted();
            // However healthy: once confirmed, only a cable could replace it.
            if (offering.DeadEnd != UpdateError.None) return Unfit(offering.DeadEnd);
            Health health = Ask();
            long awake = Awake;
            if (health == Health.Bad) return Unfit(UpdateError.HealthCheckFailed);
            if (health == Health.Unknown && awake >= context.Options.HealthDeadlineMs) return Unfit(UpdateError.HealthCheckTimedOut);
            if (health == Health.Unknown || awake < context.Options.ShortestTrialMs) return context.Wait(AskAgainMs);
            Say(UpdateError.None);
            return Outcome.Done;
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

        // No verdict of the health check, so none is told.
        private Outcome Unwanted()
        {
            context.Error = UpdateError.RejectedByOperator;
            return Outcome.Unfit;
        }

        private Outcome Unfit(UpdateError error)
        {
            context.Error = error;
            Say(error);
            return Outcome.Unfit;
        }

        private void Say(UpdateError error)
        {
            if (score != null && offering.DeadEnd == UpdateError.None) context.Shortcomings = score.Shortcomings;
            context.ReportRunning(UpdateEventKind.Health, error);
        }
    }
}
