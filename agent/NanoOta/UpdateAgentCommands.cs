namespace NanoOta
{
    /// <content>What somebody at a desk asks of the agent. Between two steps only, on their thread.</content>
    public sealed partial class UpdateAgent
    {
        /// <summary>
        /// Whether a command may be checked and carried out now. Its signature takes the one SHA-256, and its counter the one sector
        /// buffer: both are in use while an image is hashed and while a manifest, an index or a block is half fetched.
        /// </summary>
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
                    case Phase.Offer:
                    case Phase.Index: return download.Filled == 0;
                    case Phase.Stage:
                    case Phase.Seal: return stage.IsBetweenBlocks;
                    default: return false;
                }
            }
        }

        /// <summary>Counter of the last command that was accepted; 0 when there was none, and before the first step.</summary>
        public long CommandCounter => context.Journal.CommandCounter;

        /// <summary>Sequence of the running firmware; 0 before the first step, or when nothing says so.</summary>
        public long RunningSequence => context.Running == null ? 0 : context.Running.Sequence;

        /// <summary>The last error that the journal knows, also one from before a reset; None before the first step.</summary>
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

        /// <summary>
        /// Begins no download, stages no further block and activates nothing until it is called with false. A trial goes on, and so does
        /// what follows it. Survives resets. While <see cref="MayTakeCommands"/> holds.
        /// </summary>
        /// <returns>None, or JournalFailed: nothing has changed.</returns>
        public UpdateError Pause(bool isPaused)
        {
            context.Journal.IsPaused = isPaused;
            if (context.Journal.Save(context.Block)) return UpdateError.None;
            context.Journal.Load(context.Block);
            return UpdateError.JournalFailed;
        }

        /// <summary>Looks for a release with the next step.</summary>
        /// <returns>
        /// None; Paused; ServerFailed while the server has asked to be left alone; CommandNotPossible during a trial, or when an
        /// update is in work.
        /// </returns>
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
        /// Takes a manifest that came unasked, and looks at it as at a fetched one when it next rests: within
        /// <see cref="UpdateOptions.AnnounceSpreadMs"/>, once, and not before the server wants to be asked again. Its files are those at
        /// <see cref="UpdateOptions.Address"/>. A later one takes the place of one that still waits; the same again is
        /// passed over. It puts no check off and does not keep the device awake, so who sends it need not be trusted.
        /// </summary>
        /// <param name="manifest">A signed manifest; kept, and not to be changed any more.</param>
        /// <param name="count">Its bytes, to 4096; 0 takes back one that waits.</param>
        /// <exception cref="System.ArgumentException">The count is out of range.</exception>
        public void Announce(byte[] manifest, int count)
        {
            if (count < 0 || count > Manifest.MaxLength) throw new System.ArgumentException("an announcement has 0 to 4096 bytes");
            if (count == 0) offer.Announced.Withdraw();
            else offer.Announced.Put(manifest, count, context.Ports.Clock.Milliseconds + jitter.Next(context.Options.AnnounceSpreadMs));
        }

        /// <summary>Ends a trial badly with the next step: the previous firmware comes back, and the release is not tried again.</summary>
        /// <returns>None, or CommandNotPossible when there is no trial, or it has its verdict.</returns>
        public UpdateError RejectTrial()
        {
            if (phase != Phase.Trial) return UpdateError.CommandNotPossible;
            trial.IsRejectedByOperator = true;
            return UpdateError.None;
        }

        /// <summary>
        /// Gives confirmed firmware up: what ran before its trial comes back, and its release is not tried again. That is settled at
        /// once and survives every reset. A step resets the device three seconds later, so make the next one due; whoever has told the
        /// operator before may call <see cref="Restart"/>. While <see cref="MayTakeCommands"/> holds. Reads the whole of the other slot.
        /// </summary>
        /// <returns>
        /// None; or CommandNotPossible, and nothing has changed: on trial, when an update is in work, when the other slot is not what ran
        /// before, proven and unchanged, or when flash does not take it.
        /// </returns>
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

        /// <summary>
        /// Puts a reset that is the next step off, once, by three seconds at most: there is something left to tell.
        /// <see cref="Restart"/> ends that early.
        /// </summary>
        /// <returns>Whether it is put off now.</returns>
        public bool HoldReset()
        {
            if (phase != Phase.Reboot || resetDue != 0) return false;
            resetDue = context.Ports.Clock.Milliseconds + LastWordsMs;
            return true;
        }

        /// <summary>Resets the device; on real hardware it does not return.</summary>
        /// <returns>False on trial, where a reset would be held against the firmware.</returns>
        public bool Restart()
        {
            if (context.Ports.Boot.State == BootState.Trial) return false;
            Reset();
            return true;
        }
    }
}
