namespace NanoOta
{
    /// <summary>
    /// After a reset: what did the last update come to? Every step here may be interrupted and is then done again, with the
    /// same result.
    /// </summary>
    internal sealed class Settling
    {
        private const int FlashRetryMs = 60000;

        private readonly UpdateContext context;

        public Settling(UpdateContext context)
        {
            this.context = context;
        }

        public Outcome Step()
        {
            context.Journal.Load(context.Block);
            context.Running = context.ReadDescriptor(FlashArea.RunningIndex);
            switch (context.Ports.Boot.State)
            {
                case BootState.Trial:
                    context.ReportRunning(UpdateEventKind.Trial, UpdateError.None);
                    return Outcome.OnTrial;
                case BootState.Reverted: return Remember();
                default: return Finish();
            }
        }

        // The journal first, then the boot record: between the two the device still knows that it was reverted, and
        // nothing can be staged. The other way round a cut would lose the quarantine, and the release would come again.
        private Outcome Remember()
        {
            UpdateError reason = context.Ports.Boot.RevertReason;
            SlotDescriptor failed = context.ReadDescriptor(FlashArea.InactiveIndex);
            byte[] digest = failed == null ? null : failed.ImageDigest;
            if (digest != null && IsFaultOfRelease(reason)) context.Journal.Quarantine(digest, reason);
            else context.Journal.SetError(reason, digest);
            if (!context.Journal.Save(context.Block)) return TryLater(UpdateError.JournalFailed);
            if (!context.Ports.Boot.Confirm()) return TryLater(UpdateError.BootRecordFailed);
            context.Report(UpdateEventKind.Reverted, context.InactiveSlot, failed == null ? "" : failed.Version, reason);
            return Outcome.Done;
        }

        // Power may have failed between the confirmation and the journal.
        private Outcome Finish()
        {
            if (context.Journal.IsInHand && context.Running != null && context.Journal.HasInHand(context.Running.ImageDigest))
            {
                context.Journal.Clear();
                if (!context.Journal.Save(context.Block)) return TryLater(UpdateError.JournalFailed);
            }

            return Outcome.Done;
        }

        private Outcome TryLater(UpdateError error)
        {
            context.ReportRunning(UpdateEventKind.Error, error);
            return context.Wait(FlashRetryMs);
        }

        // What power or worn flash did is not held against a release; activations of it are counted instead.
        private static bool IsFaultOfRelease(UpdateError reason)
        {
            return reason == UpdateError.TrialPanic || reason == UpdateError.TrialWatchdog || reason == UpdateError.TrialReset
                || reason == UpdateError.HealthCheckFailed || reason == UpdateError.HealthCheckTimedOut;
        }
    }
}
