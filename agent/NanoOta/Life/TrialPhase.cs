using System;

namespace NanoOta
{
    /// <summary>The trial of the running firmware, and its two ends.</summary>
    internal sealed class TrialPhase
    {
        private const int CheckAgainMs = 250;
        private const int RetryMs = 1000, LongestRetryMs = 60000;

        // Fifteen seconds: a boot record that cannot be written then is worn.
        private const int MaxConfirms = 5;

        private readonly UpdateContext context;
        private readonly OfferPhase offer;
        private readonly HealthScore score;
        private bool hasBegun;
        private int awakeBefore, failures;
        private UpdateError flaw;

        public TrialPhase(UpdateContext context, OfferPhase offer)
        {
            this.context = context;
            this.offer = offer;
            score = context.Ports.Health as HealthScore;
        }

        // Milliseconds that this trial was awake since the reset that was not a planned sleep. Settling counts, and so does the time of
        // an agent before this one: the trial watchdog counts them, too, and would blame the release.
        private long Awake => awakeBefore + context.Ports.Clock.Milliseconds - context.Ports.StartedAt;

        /// <summary>Whether an operator has rejected the trial: whatever its health, it ends with the next step.</summary>
        public bool IsRejectedByOperator;

        /// <summary>The state that must survive a planned sleep.</summary>
        public int Keep() => SleepState.OfTrial(Awake, score == null ? 0 : score.GoodProbes);

        /// <summary>Goes on with what <see cref="Keep"/> gave before the sleep.</summary>
        public void Resume(int kept)
        {
            awakeBefore = SleepState.AwakeMs(kept);
            if (score != null) score.Recall(SleepState.GoodProbes(kept));
        }

        public Outcome Step()
        {
            if (!hasBegun)
            {
                hasBegun = true;
                flaw = FindFlaw();
            }

            // This is no verdict of the health check, so no Health event is reported.
            if (IsRejectedByOperator) return End(UpdateError.RejectedByOperator);
            if (flaw != UpdateError.None) return End(flaw);
            // Even if it is healthy: once confirmed, only a cable could replace it.
            if (offer.UpdateBlocker != UpdateError.None) return Unfit(offer.UpdateBlocker);
            Health health = Check();
            long awake = Awake;
            if (health == Health.Bad) return Unfit(UpdateError.HealthCheckFailed);
            if (health != Health.Good && awake >= context.HealthDeadlineMs) return Unfit(UpdateError.HealthCheckTimedOut);
            if (health != Health.Good || awake < context.ShortestTrialMs) return context.Wait(CheckAgainMs);
            ReportHealth(UpdateError.None);
            return Outcome.Done;
        }

        // The boot record first: it alone decides what boots. The journal is cleared again after the next reset if need be.
        public Outcome Confirm()
        {
            if (!context.Ports.Boot.Confirm())
            {
                if (failures < MaxConfirms - 1) return TryAgain();
                context.Journal.SetError(UpdateError.BootRecordFailed, context.Journal.GetInHand() ?? context.Running.ImageDigest);
                if (!context.Journal.Save(context.Block)) context.ReportRunning(UpdateEventKind.Error, UpdateError.JournalFailed);
                return End(UpdateError.BootRecordFailed);
            }

            context.NoteConfirmed();
            if (!context.Journal.Save(context.Block)) context.ReportRunning(UpdateEventKind.Error, UpdateError.JournalFailed);
            context.ReportRunning(UpdateEventKind.Confirmed, UpdateError.None);
            return Outcome.Done;
        }

        // The native module refuses it where the previous firmware is lost, too: a reset would come back here again and again. The
        // trial watchdog makes one, and the boot rules then decide.
        public Outcome Reject()
        {
            if (!context.Ports.Boot.Reject(context.Error)) return TryAgain();
            context.ReportRunning(UpdateEventKind.Rejected, context.Error, context.Detail);
            return Outcome.Done;
        }

        private Outcome TryAgain()
        {
            context.ReportRunning(UpdateEventKind.Error, UpdateError.BootRecordFailed);
            return context.Wait(Backoff.Delay(RetryMs, failures++, LongestRetryMs));
        }

        // What runs must be the release that was signed, as it lies in flash. None of this is the release's fault.
        private UpdateError FindFlaw()
        {
            SlotDescriptor running = context.Running;
            byte[] inHand = context.Journal.GetInHand();
            if (running != null && (inHand == null || context.IsRunning(inHand))) return UpdateError.None;
            // Firmware that knows no runtimes came with one: it could not be replaced by another pair.
            bool isWithoutRuntimes = context.Ports.RuntimeUpdates == null && context.Ports.Flash.GetSize(FlashArea.RunningRuntime) > 0;
            if (running != null && isWithoutRuntimes) return UpdateError.RuntimeNotUpdatable;
            bool isUnread = context.RunningFault == UpdateError.HashFailed || context.RunningFault == UpdateError.FlashReadFailed;
            return isUnread ? UpdateError.HealthCheckTimedOut : UpdateError.SlotNotBootable;
        }

        private Health Check()
        {
            try
            {
                return context.Ports.Health.Check();
            }
            catch (Exception e)
            {
                context.Detail = e.GetType().Name;
                return Health.Unknown;
            }
        }

        private Outcome End(UpdateError error)
        {
            context.Error = error;
            return Outcome.Unfit;
        }

        private Outcome Unfit(UpdateError error)
        {
            ReportHealth(error);
            return End(error);
        }

        private void ReportHealth(UpdateError error)
        {
            if (score != null && offer.UpdateBlocker == UpdateError.None) context.Detail = score.FailedProbes;
            context.ReportRunning(UpdateEventKind.Health, error, context.Detail);
        }
    }
}
