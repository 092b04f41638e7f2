namespace NanoOta
{
    /// <content>The commands of an operator. Between two steps only, on the thread of the steps.</content>
    public sealed partial class UpdateAgent
    {
        /// <summary>Whether a command may be checked and carried out now. Its signature takes the one SHA-256, and its counter the one
        /// sector buffer: both are in use while an image is hashed and while a manifest, an index or a block is half fetched.</summary>
        public bool MayTakeCommands
        {
            get
            {
                switch (phase)
                {
                    case Phase.Trial:
                    case Phase.Idle:
                    case Phase.Decide:
                    case Phase.Activate: return true;
                    case Phase.Offer: return download.Filled == 0;
                    case Phase.Index: return download.Filled == 0 && !index.IsHashing;
                    case Phase.Stage:
                    case Phase.Seal: return stage.IsBetweenBlocks;
                    default: return false;
                }
            }
        }

        /// <summary>Counter of the last command that was accepted; 0 when there was none, and before the first step.</summary>
        public long CommandCounter => context.Journal.CommandCounter;

        /// <summary>Sequence of the running firmware; 0 before the first step, or when it is not known.</summary>
        public long RunningSequence => context.Release == null ? 0 : context.Release.Sequence;

        /// <summary>The last error in the journal, also one from before a reset; None before the first step.</summary>
        public UpdateError LastError => context.Journal.LastError;

        /// <summary>Whether updates are paused (<see cref="Pause"/>).</summary>
        public bool IsPaused => context.Journal.IsPaused;

        /// <summary>Stores the counter of a command, while <see cref="MayTakeCommands"/> holds.</summary>
        /// <returns>True: it survives every reset; false: the one before it does.</returns>
        public bool SaveCommandCounter(long counter)
        {
            context.Journal.CommandCounter = counter;
            if (context.Journal.Save(context.Block)) return true;
            context.Journal.Load(context.Block);
            return false;
        }

        /// <summary>Begins no download, stages no further block and activates nothing until it is called with false. A trial goes on, and
        /// so does what follows it. Survives resets. While <see cref="MayTakeCommands"/> holds.</summary>
        /// <returns>None, or JournalFailed: nothing has changed.</returns>
        public UpdateError Pause(bool isPaused)
        {
            context.Journal.IsPaused = isPaused;
            if (context.Journal.Save(context.Block)) return UpdateError.None;
            context.Journal.Load(context.Block);
            return UpdateError.JournalFailed;
        }

        /// <summary>Checks for a release with the next step.</summary>
        /// <returns>None; Paused; ServerFailed during a pause that the server has requested; CommandNotPossible during a trial, or when an
        /// update is in work.</returns>
        public UpdateError CheckNow()
        {
            if (IsPaused) return UpdateError.Paused;
            if (phase == Phase.Offer) return UpdateError.None;
            if (phase != Phase.Idle) return UpdateError.CommandNotPossible;
            long now = context.Ports.Clock.Milliseconds;
            if (now < download.QuietUntil) return UpdateError.ServerFailed;
            nextCheck = now;
            return UpdateError.None;
        }

        /// <summary>
        /// Takes a manifest that was pushed to the device, and reads it like a fetched one when it is next idle: within
        /// <see cref="UpdateOptions.AnnounceSpreadMs"/>, once, and after any pause that the server has requested. Its files are those at
        /// <see cref="UpdateOptions.Address"/>. A later one replaces one that still waits; the same again is
        /// ignored. It delays no check and does not keep the device awake, so its sender need not be trusted.
        /// </summary>
        /// <param name="manifest">A signed manifest; the agent keeps the array, so do not change it.</param>
        /// <param name="count">Its bytes, to 4096; 0 withdraws one that waits.</param>
        /// <exception cref="System.ArgumentException">The count is out of range.</exception>
        public void Announce(byte[] manifest, int count)
        {
            if (count < 0 || count > Manifest.MaxLength) throw new System.ArgumentException("an announcement has 0 to 4096 bytes");
            if (count == 0) offer.Announced.Withdraw();
            else offer.Announced.Put(manifest, count, context.Ports.Clock.Milliseconds + jitter.Next(context.Options.AnnounceSpreadMs));
        }

        /// <summary>Rejects the firmware on trial with the next step: the device rolls back, and the release is not tried again.</summary>
        /// <returns>None, or CommandNotPossible when there is no trial, or it has its verdict.</returns>
        public UpdateError RejectTrial()
        {
            if (phase != Phase.Trial) return UpdateError.CommandNotPossible;
            trial.IsRejectedByOperator = true;
            return UpdateError.None;
        }

        /// <summary>
        /// Rolls back confirmed firmware: what ran before its trial boots next, and its release is not tried again. That is decided at once
        /// and survives every reset. A step resets the device three seconds later, so make the next one due; call <see cref="Restart"/>
        /// when the operator has the answer before that. While <see cref="MayTakeCommands"/> holds. Reads the whole of the other slot.
        /// </summary>
        /// <returns>None; or CommandNotPossible, and nothing has changed: on trial, when an update is in work, when the other slot is not
        /// what ran before, proven and unchanged, or when flash does not take it.</returns>
        public UpdateError Revert()
        {
            if (phase != Phase.Idle && phase != Phase.Offer) return UpdateError.CommandNotPossible;
            if (!context.Ports.Boot.Reject(UpdateError.RevertedByOperator)) return UpdateError.CommandNotPossible;
            download.Close();
            context.ReportRunning(UpdateEventKind.Rejected, UpdateError.RevertedByOperator);
            MoveOn(Outcome.Reverted);
            HoldReset();
            return UpdateError.None;
        }

        /// <summary>Delays a reset that is the next step, once, by three seconds at most, so that messages can still be sent. <see
        /// cref="Restart"/> ends that early.</summary>
        /// <returns>Whether it is delayed now.</returns>
        public bool HoldReset()
        {
            if (phase != Phase.Reboot || resetDue != 0) return false;
            resetDue = context.Ports.Clock.Milliseconds + ResetDelayMs;
            return true;
        }

        /// <summary>Resets the device; on real hardware it does not return.</summary>
        /// <returns>False on trial, where a reset would count against the firmware.</returns>
        public bool Restart()
        {
            if (context.Ports.Boot.State == BootState.Trial) return false;
            Reset();
            return true;
        }
    }
}
