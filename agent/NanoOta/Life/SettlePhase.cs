namespace NanoOta
{
    /// <summary>After a reset: finds out what runs and how the last update ended. Every step here may be interrupted and is then done
    /// again, with the same result.</summary>
    internal sealed class SettlePhase
    {
        // Only worn flash gets here, and trying again costs an erase.
        private const int FlashRetryMs = 3600000;

        // A result that the firmware is another one counts only after the third time: it may be one wrong bit in memory.
        private const int MaxTries = 3, TryAgainMs = 1000;

        private readonly UpdateContext context;
        private SlotDescriptor claimed;
        private WholeImage deployment;
        private int tries;
        private bool hasBegun, hasReported, hasPutBack, isRuntimeFound;

        public SettlePhase(UpdateContext context)
        {
            this.context = context;
        }

        public Outcome Step()
        {
            if (!hasBegun) return Begin();
            if (claimed != null) return Check();
            if (!isRuntimeFound) return FindRuntime();
            if (deployment != null) return CheckForDeployment();
            ReportOnce();
            switch (context.Ports.Boot.State)
            {
                case BootState.Trial:
                    context.ReportRunning(UpdateEventKind.Trial, UpdateError.None);
                    return Outcome.OnTrial;
                case BootState.Reverted: return Remember(context.Ports.Boot.RevertReason);
                // Firmware that lives on after its verdict: the reset is all that is left to do.
                case BootState.Activated: return Outcome.MustReset;
                default: return Finish();
            }
        }

        private void ReportOnce()
        {
            if (hasReported) return;
            hasReported = true;
            if (context.Ports.Boot.IsSafeMode) context.ReportRunning(UpdateEventKind.Notice, UpdateError.SafeMode);
            if (context.IsTrialCut) context.ReportRunning(UpdateEventKind.Notice, UpdateError.TrialTooLong);
            if (context.RunningFault != UpdateError.None) context.ReportRunning(UpdateEventKind.Notice, context.RunningFault);
        }

        private Outcome Begin()
        {
            if (!context.Journal.Load(context.Block)) context.ReportRunning(UpdateEventKind.Error, UpdateError.JournalFailed);
            bool canRead = context.Ports.Flash.Read(FlashArea.RunningIndex, 0, context.Block, 0, SlotDescriptor.Length);
            if (!canRead && ++tries < MaxTries) return context.Wait(TryAgainMs);
            hasBegun = true;
            tries = 0;
            claimed = canRead ? SlotDescriptor.Read(context.Block) : null;
            context.RunningFault = !canRead ? UpdateError.FlashReadFailed
                : claimed == null && context.Journal.HighestSequence > 0 ? UpdateError.RunningUnknown : UpdateError.None;
            if (claimed != null) context.ImageHash.Begin(FlashArea.RunningSlot, claimed.ImageSize);
            return Outcome.Again;
        }

        // The descriptor only claims: a deployment by cable changes the slot and not the descriptor.
        private Outcome Check()
        {
            if (!context.ImageHash.Step()) return Outcome.Again;
            UpdateError fault = context.ImageHash.End(claimed.ImageDigest);
            if (fault == UpdateError.None) context.Running = claimed;
            else if (++tries < MaxTries)
            {
                context.ImageHash.Begin(FlashArea.RunningSlot, claimed.ImageSize);
                return context.Wait(TryAgainMs);
            }
            else if (fault != UpdateError.ImageCorrupt) context.RunningFault = fault;
            else Doubt();
            claimed = null;
            return Outcome.Again;
        }

        private Outcome FindRuntime()
        {
            IRuntimeUpdates runtime = context.Ports.RuntimeUpdates;
            isRuntimeFound = runtime == null || runtime.FindRunning(context.Block);
            if (runtime != null && isRuntimeFound) context.RunningRuntime = runtime.Running;
            return Outcome.Again;
        }

        private void Doubt()
        {
            context.RunningFault = UpdateError.RunningUnknown;
            // On trial nothing is looked for: it ends.
            if (context.Journal.HighestSequence > 0 && context.Ports.Boot.State != BootState.Trial) deployment = new WholeImage(context);
        }

        // Only a deployment by cable may go back to any release; a wrong bit must not.
        private Outcome CheckForDeployment()
        {
            Outcome found = deployment.Step();
            if (found == Outcome.Again) return found;
            if (found == Outcome.Done) context.Journal.HighestSequence = 0;
            deployment = null;
            return Outcome.Again;
        }

        // The journal first, then the boot record: between the two the boot record still has the revert, and
        // nothing can be staged. The other way round a cut would lose the quarantine, and the release would come again.
        private Outcome Remember(UpdateError reason)
        {
            if (reason == UpdateError.CableDeployment) return DropForCable();
            int slot = context.InactiveSlot;
            SlotDescriptor app = context.ReadDescriptor(FlashArea.InactiveIndex);
            SlotDescriptor failed = SlotDescriptor.Newer(app, context.ReadDescriptor(FlashArea.InactiveRuntimeIndex));
            // What crashed or was given up had been confirmed, and a release in hand would be another one.
            bool wasConfirmed = reason == UpdateError.CrashLoop || reason == UpdateError.RevertedByOperator;
            byte[] digest = wasConfirmed ? context.Journal.GetConfirmed() : context.Journal.GetInHand();
            if (wasConfirmed && context.IsRunning(digest)) digest = null;
            // A trial that ended stays if the firmware before it is damaged (SPEC, section 5.1).
            SlotDescriptor kept = wasConfirmed ? null : FindClaimed(digest);
            if (kept != null)
            {
                slot = context.Ports.Boot.RunningSlot;
                failed = kept;
            }

            if (digest == null && failed != null) digest = failed.ImageDigest;
            // It was in order, and could not be confirmed: no reset that follows is its fault.
            bool isNoVerdict = reason == UpdateError.TrialWatchdog || reason == UpdateError.TrialReset;
            if (isNoVerdict && digest != null && context.Journal.HasError(UpdateError.BootRecordFailed, digest))
                reason = UpdateError.BootRecordFailed;
            // Before the journal forgets that it was on trial.
            var backup = new SettingsBackup(context);
            bool isSettled = backup.PutBack(digest);
            hasPutBack |= backup.HasPutBack;
            if (!isSettled) return TryAgain(digest);
            if (digest != null && IsFaultOfRelease(reason)) context.Journal.Quarantine(digest, reason);
            else if (digest != null) context.Journal.CountTrial(digest);
            context.Journal.SetError(reason, digest);
            return Acknowledge(UpdateEventKind.Reverted, slot, failed, reason);
        }

        // The mark outlives a reset: a device that wakes for minutes only gives up with its second boot.
        private Outcome TryAgain(byte[] digest)
        {
            context.Journal.SetError(UpdateError.SettingsNotRestored, digest);
            if (!context.Journal.Save(context.Block)) return Restart(UpdateError.JournalFailed);
            hasBegun = false;
            return context.Wait(FlashRetryMs);
        }

        // The release in hand is not at fault: it is dropped, without a trial counted.
        private Outcome DropForCable()
        {
            byte[] digest = context.Journal.GetInHand();
            int slot = context.Ports.Boot.RunningSlot;
            SlotDescriptor release = FindClaimed(digest);
            if (release == null)
            {
                slot = context.InactiveSlot;
                release = FindStaged(digest);
            }

            // If power failed before the acknowledgement, the journal has it already, with its release.
            if (digest != null || context.Journal.LastError != UpdateError.CableDeployment)
                context.Journal.SetError(UpdateError.CableDeployment, digest);
            context.Journal.ForgetInHand();
            context.Journal.HighestSequence = 0;
            return Acknowledge(UpdateEventKind.Refused, slot, release, UpdateError.CableDeployment);
        }

        // By what the descriptors claim; null: the release does not run.
        private SlotDescriptor FindClaimed(byte[] release)
        {
            SlotDescriptor app = context.ReadDescriptor(FlashArea.RunningIndex);
            SlotDescriptor runtime = context.ReadDescriptor(FlashArea.RunningRuntimeIndex);
            return UpdateContext.IsOf(release, app, runtime) ? SlotDescriptor.Newer(app, runtime) : null;
        }

        // With the running image in place of one that the release did not change.
        private SlotDescriptor FindStaged(byte[] release)
        {
            SlotDescriptor app = context.ReadDescriptor(FlashArea.InactiveIndex);
            SlotDescriptor runtime = context.ReadDescriptor(FlashArea.InactiveRuntimeIndex);
            if (UpdateContext.IsOf(release, app, runtime)) return SlotDescriptor.Newer(app, runtime);
            if (UpdateContext.IsOf(release, app, context.RunningRuntime)) return app;
            return UpdateContext.IsOf(release, context.Running, runtime) ? runtime : null;
        }

        private Outcome Acknowledge(UpdateEventKind kind, int slot, SlotDescriptor release, UpdateError reason)
        {
            if (!context.Journal.Save(context.Block)) return Restart(UpdateError.JournalFailed);
            if (!context.Ports.Boot.Confirm()) return Restart(UpdateError.BootRecordFailed);
            context.Report(kind, slot, release == null ? "" : release.Version, reason);
            return hasPutBack ? Outcome.MustReset : Outcome.Done;
        }

        // Power may have failed between the confirmation and the journal, or between its two copies. In safe mode may run what was
        // never confirmed here. Only for the record: nothing waits for it.
        private Outcome Finish()
        {
            if (!context.Ports.Boot.IsSafeMode) context.NoteConfirmed();
            if (!context.Journal.Save(context.Block)) context.ReportRunning(UpdateEventKind.Error, UpdateError.JournalFailed);
            return Outcome.Done;
        }

        // From the beginning, so that a trial is not counted twice.
        private Outcome Restart(UpdateError error)
        {
            context.ReportRunning(UpdateEventKind.Error, error);
            hasBegun = false;
            return context.Wait(FlashRetryMs);
        }

        // What power, worn flash or a server that was down did is not held against a release; its trials are counted instead.
        // Every other number is, also one of a later agent.
        private static bool IsFaultOfRelease(UpdateError reason)
        {
            return reason != UpdateError.HealthCheckTimedOut && reason != UpdateError.TooManyBlips
                && reason != UpdateError.SlotNotBootable && reason != UpdateError.WrongRuntimeSlot
                && reason != UpdateError.BootRecordFailed;
        }
    }
}
