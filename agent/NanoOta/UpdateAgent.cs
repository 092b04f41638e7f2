namespace NanoOta
{
    /// <summary>
    /// Keeps a device's firmware up to date. It owns no thread, no clock and no I/O: the application calls
    /// <see cref="Step"/> again and again, on one thread, and waits in between as long as Step returns.
    /// Nothing about an update is kept in memory that a reset could lose; see docs/DESIGN.md.
    /// </summary>
    public sealed partial class UpdateAgent
    {
        /// <summary>What releases can require of this agent (SPEC.md, section 2, key 12); it grows with the abilities of agents.</summary>
        public const int Level = RuntimeCheck.AgentLevel;

        /// <summary>A refusal is written to the journal at most once in this time, and at the first one after a reset.</summary>
        private const int ErrorSaveIntervalMs = 3600000;

        // Longer waits are made of several: they would not fit the number that Step answers with.
        private const int LongestWaitMs = 86400000;

        // For messages that are still to be sent before a reset.
        private const int ResetDelayMs = 3000;

        private readonly UpdateContext context;
        private readonly Jitter jitter;
        private readonly Download download;
        private readonly OfferPhase offer;
        private readonly VerifyPhase verify;
        private SettlePhase settle;
        private TrialPhase trial;
        private IndexPhase index;
        private StagePhase stage;
        private Phase phase;
        private long nextCheck, nextErrorSave, resetDue;

        /// <summary>An agent that begins with what the last reset left.</summary>
        /// <param name="ports">All of them.</param>
        /// <param name="options">Kept, not copied.</param>
        /// <exception cref="System.ArgumentException">A trusted key is malformed.</exception>
        public UpdateAgent(UpdatePorts ports, UpdateOptions options)
        {
            context = new UpdateContext(ports, options);
            jitter = new Jitter(options.DeviceId, ports.Clock.Milliseconds);
            download = new Download(ports, jitter, options.RetryDelayMs);
            settle = new SettlePhase(context);
            offer = new OfferPhase(context, download);
            trial = new TrialPhase(context, offer);
            verify = new VerifyPhase(context);
            nextErrorSave = ports.Clock.Milliseconds;
            nextCheck = nextErrorSave + jitter.Next(options.CheckIntervalMs / 60);
            Resume(ports.Boot.Kept);
        }

        /// <summary>Where the update stands.</summary>
        public Phase Phase => phase;

        internal Journal Journal => context.Journal;

        internal TrustedKeys Keys => offer.Keys;

        internal SlotDescriptor RunningApp => context.Running;

        /// <summary>Version of the running firmware; empty before the first step, or when it is not known.</summary>
        public string RunningVersion => context.RunningVersion;

        /// <summary>Percent of the offered images, as far as they are to be staged, that are in their slots, 0 to 100; 0 when no update is
        /// in work. For any thread.</summary>
        public int Progress
        {
            get
            {
                Manifest offer = context.Offer;
                OfferedImage image = context.Image;
                if (phase < Phase.Offer || offer == null || image == null) return 0;
                OfferedImage first = offer.First;
                long before = first == null || first == image ? 0 : first.Size;
                long after = image.Next == null ? 0 : image.Next.Size;
                return (int)((before + context.BytesStaged) * 100 / (before + image.Size + after));
            }
        }

        /// <summary>
        /// Whether there is nothing to do until the next check. A device that sleeps more than it wakes should sleep when this holds,
        /// or when it has waited for as long as its battery allows. A device that sleeps before each check is never updated.
        /// </summary>
        public bool IsResting => phase == Phase.Idle && nextCheck > context.Ports.Clock.Milliseconds;

        /// <summary>
        /// Sleeps deeply, as <see cref="IBootControl.Sleep"/> does, and keeps the state that must survive it: on trial the time awake so
        /// far and the probes that were Good, else the time of the next check. So checks keep their interval, an update that is in work
        /// goes on at once after the wake, and a pause that a server requested is kept. Between two steps only, on the same thread
        /// (AgentLoop has it for others).
        /// </summary>
        /// <param name="milliseconds">How long at most; 0: until another source wakes the device. All of it counts as passed, whatever
        /// wakes the device and when; with 0 no time does.</param>
        /// <returns>False when the device stays awake: the agent is about to confirm, to reject or to reset, which its next step does, or
        /// the native module refuses. On real hardware it does not return otherwise.</returns>
        public bool Sleep(int milliseconds)
        {
            if (milliseconds < 0 || phase == Phase.Confirm || phase == Phase.Reject || phase == Phase.Reboot) return false;
            if (phase == Phase.Trial && trial.IsRejectedByOperator) return false;
            // Each wake waits anew, so the refusal that would follow in the end never comes.
            if (context.Permission.Waits != UpdateError.None) Remember(context.Permission.Waits);
            IBootControl boot = context.Ports.Boot;
            return boot.Sleep(milliseconds, boot.State == BootState.Trial ? trial.Keep() : Keep(milliseconds));
        }

        /// <summary>Does a bounded piece of work: at most one call to the network, one sector of slot or index, journal and boot record, 64
        /// KB of hashing, or the settings. Power may fail at any moment of it.</summary>
        /// <returns>Milliseconds until the next call is due; 0 for at once.</returns>
        public int Step()
        {
            context.DelayMs = 0;
            MoveOn(Work());
            return context.DelayMs;
        }

        private void MoveOn(Outcome outcome)
        {
            Phase next = Transitions.Next(phase, outcome);
            if (outcome == Outcome.Refused || outcome == Outcome.Postponed) RememberRefusal();
            if (next == Phase.Idle && phase >= Phase.Offer) Rest(outcome);
            if (outcome != Outcome.Again) Begin(next);
            phase = next;
        }

        private Outcome Work()
        {
            switch (phase)
            {
                case Phase.Settle: return settle.Step();
                case Phase.Trial: return trial.Step();
                case Phase.Confirm: return trial.Confirm();
                case Phase.Reject: return trial.Reject();
                case Phase.Idle: return WaitForCheck();
                case Phase.Offer: return offer.Fetch();
                case Phase.Decide: return offer.Decide();
                case Phase.Index: return index.Step();
                case Phase.Stage: return stage.Step();
                case Phase.Clear: return stage.Clear();
                case Phase.Seal: return stage.Seal();
                case Phase.Verify: return verify.Step();
                case Phase.Activate: return verify.Activate();
                default: return Reboot();
            }
        }

        private void Begin(Phase next)
        {
            switch (next)
            {
                // Memory is short, and none of them is entered again before it is made anew.
                case Phase.Idle:
                    settle = null;
                    trial = null;
                    index = null;
                    stage = null;
                    break;
                case Phase.Offer: offer.Begin(UntilAnnounced(context.Ports.Clock.Milliseconds) <= 0); break;
                case Phase.Index:
                    stage = null;
                    index = new IndexPhase(context, download);
                    break;
                case Phase.Stage:
                    if (context.Image.Packed == null) stage = new PlainStage(context, download);
                    else stage = new PackedStage(context, download);
                    break;
                case Phase.Seal: stage.BeginSeal(); break;
                case Phase.Verify:
                    stage = null;
                    verify.Begin();
                    break;
            }
        }

        private int Keep(int milliseconds)
        {
            long now = context.Ports.Clock.Milliseconds;
            long due = phase < Phase.Offer ? nextCheck : context.Permission.NextCheck(now);
            if (due < download.QuietUntil) due = download.QuietUntil;
            long paid = BudgetCheck.DueAfterSleep(context.Ports, context.Options);
            if (due < paid) due = paid;
            return SleepState.OfRest(due - now - milliseconds, nextErrorSave - now - milliseconds);
        }

        private void Resume(int kept)
        {
            bool isTrial = context.Ports.Boot.State == BootState.Trial;
            if (isTrial && SleepState.IsTrial(kept)) trial.Resume(kept);
            if (isTrial || !SleepState.IsRest(kept)) return;
            long now = context.Ports.Clock.Milliseconds;
            nextCheck = now + SleepState.UntilCheckMs(kept);
            nextErrorSave = now + SleepState.UntilSaveMs(kept);
        }

        private Outcome WaitForCheck()
        {
            long now = context.Ports.Clock.Milliseconds;
            long rest = nextCheck - now;
            long announced = UntilAnnounced(now);
            if (announced < rest) rest = announced;
            if (rest <= 0) return Outcome.Done;
            return context.Wait(rest < LongestWaitMs ? (int)rest : LongestWaitMs);
        }

        private long UntilAnnounced(long now)
        {
            if (!offer.Announced.Waits) return LongestWaitMs;
            long due = offer.Announced.Due;
            return (due < download.QuietUntil ? download.QuietUntil : due) - now;
        }

        private Outcome Reboot()
        {
            long rest = resetDue - context.Ports.Clock.Milliseconds;
            if (rest > 0) return context.Wait((int)rest);
            Reset();
            return context.Wait(1000);
        }

        private void Reset()
        {
            context.ReportRunning(UpdateEventKind.Reboot, UpdateError.None);
            context.Ports.Boot.Restart();
        }

        private void RememberRefusal()
        {
            download.Close();
            Remember(context.Error);
            context.ReportOffer(UpdateEventKind.Refused, context.Error, context.Detail);
        }

        // A bad network or a hostile server can cause another error at every check, which must not wear the flash.
        private void Remember(UpdateError error)
        {
            context.Journal.SetError(error, context.Offer == null ? null : context.Offer.Identity);
            long now = context.Ports.Clock.Milliseconds;
            if (now < nextErrorSave) return;
            nextErrorSave = now + ErrorSaveIntervalMs;
            if (!context.Journal.Save(context.Block)) context.ReportOffer(UpdateEventKind.Error, UpdateError.JournalFailed);
        }

        private void Rest(Outcome outcome)
        {
            long now = context.Ports.Clock.Milliseconds;
            int quarter = context.Options.CheckIntervalMs / 4;
            // A release that has waited in vain is looked at anew at once: resting now could sleep through its window.
            if (outcome == Outcome.Postponed) nextCheck = now;
            // After an announcement the check stays where it was: a broker could else put it off for ever.
            else if (!offer.IsAnnounced) nextCheck = now + 3L * quarter + jitter.Next(2 * quarter);
            if (nextCheck < download.QuietUntil) nextCheck = download.QuietUntil;
            context.ReportRunning(UpdateEventKind.Idle, UpdateError.None);
        }
    }
}
