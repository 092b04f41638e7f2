namespace NanoOta
{
    /// <summary>The state of the running firmware in the boot record.</summary>
    public enum BootState
    {
        /// <summary>It boots until another release is activated.</summary>
        Confirmed = 1,
        /// <summary>It must be confirmed, or the previous firmware comes back.</summary>
        Trial = 2,
        /// <summary>It boots because the other slot's firmware failed, or because a cable has put it there during a trial
        /// (CableDeployment); the reason is not yet acknowledged.</summary>
        Reverted = 3,
        /// <summary>The other slot boots next: it was activated, or the running one was rejected.</summary>
        Activated = 4,
    }

    /// <summary>The boot record, as far as the agent may change it. Every change is atomic and survives a power failure.</summary>
    public interface IBootControl
    {
        /// <summary>State after the last boot or call.</summary>
        BootState State { get; }

        /// <summary>Number of the running slot, 0 or 1.</summary>
        int RunningSlot { get; }

        /// <summary>Why the last trial ended in a revert, or otherwise without a verdict on it.</summary>
        UpdateError RevertReason { get; }

        /// <summary>Chooses the inactive slot for a trial at the next reset. Refused unless the state is Confirmed.</summary>
        bool Activate();

        /// <summary>Frees the inactive runtime slot for a new runtime: from now on nothing reverts to what it holds. Required before that
        /// slot is changed; a repetition writes nothing. Refused unless the state is Confirmed, and without runtime slots.</summary>
        bool ReleaseRuntime();

        /// <summary>Chooses the inactive runtime slot for a trial at the next reset, together with the inactive slot's app or with the running
        /// one: both are confirmed or rolled back as one. Refused as <see cref="ReleaseRuntime"/>.</summary>
        bool ActivateRuntime(bool withApp);

        /// <summary>Ends a trial well, or acknowledges a revert.</summary>
        bool Confirm();

        /// <summary>
        /// Gives the running firmware up: the previous one boots next. Refused unless the state is Trial, or Confirmed and what ran
        /// before is still whole in the other slot (SPEC, section 5.1: proven); false also when flash does not take it. After a trial
        /// whose previous firmware is damaged this one stays, in safe mode.
        /// </summary>
        bool Reject(UpdateError reason);

        /// <summary>Whether only network and agent should run: what runs has failed, and there is no better (SPEC, section 5.1).</summary>
        bool IsSafeMode { get; }

        /// <summary>The number that this firmware kept when it slept, if this boot is the wake from that; else 0.</summary>
        int Kept { get; }

        /// <summary>Seconds that a trial has until its verdict; then the watchdog resets the chip. 0 = not known.</summary>
        int TrialLimitSeconds { get; }

        /// <summary>Crashes and hangs soon after the start that have consequences (SPEC, section 5.1); 0 = none have, or not known.</summary>
        int CrashLimit { get; }

        /// <summary>What reset the chip last.</summary>
        ResetReason ResetReason { get; }

        /// <summary>Boots of the trial so far, this one included; 0 when there is none.</summary>
        int TrialBoots { get; }

        /// <summary>Boots of the trial that followed a loss of power or the like: they do not count against the firmware.</summary>
        int PowerBlips { get; }

        /// <summary>Crashes and hangs of this firmware in a row, each soon after its start. <see cref="CrashLimit"/> of them have
        /// consequences.</summary>
        int Crashes { get; }

        /// <summary>
        /// Feeds the watchdog of confirmed firmware: the chip is reset unless the next call comes within <paramref name="seconds"/>.
        /// 0 stops it. Does nothing during a trial, which has a watchdog of its own. Nothing of it survives a reset.
        /// </summary>
        void Guard(int seconds);

        /// <summary>Sets <see cref="Crashes"/> to 0: the firmware has run for long enough.</summary>
        void ForgetCrashes();

        /// <summary>
        /// Sleeps deeply: a planned reset, which is not held against a trial. Wakes after <paramref name="milliseconds"/>, with 0 by other
        /// sources alone; on trial no later than its time would be over. <paramref name="kept"/>, from 0, is there again after the wake and
        /// lost with power. False when it is refused; else, on real hardware, it does not return.
        /// </summary>
        bool Sleep(int milliseconds, int kept);

        /// <summary>Resets the device; on real hardware it does not return.</summary>
        void Restart();
    }
}
