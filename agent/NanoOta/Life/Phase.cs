namespace NanoOta
{
    /// <summary>The state of an update. It is not stored: after a reset it follows from flash, boot record and journal.</summary>
    public enum Phase
    {
        /// <summary>After a reset: find out how the last update ended.</summary>
        Settle = 0,
        /// <summary>The running firmware is on trial.</summary>
        Trial = 1,
        /// <summary>Make the running firmware the confirmed one.</summary>
        Confirm = 2,
        /// <summary>Reject the running firmware.</summary>
        Reject = 3,
        /// <summary>Wait for the next check.</summary>
        Idle = 4,
        /// <summary>Fetch the manifest and check its signature.</summary>
        Offer = 5,
        /// <summary>Decide whether this release is for this device, and now.</summary>
        Decide = 6,
        /// <summary>Fetch to flash what staging needs: the block index, or the table of a packed file.</summary>
        Index = 7,
        /// <summary>Fetch the image to the inactive slot, block by block, all but the first.</summary>
        Stage = 8,
        /// <summary>Clear what an older image left behind the new one.</summary>
        Clear = 9,
        /// <summary>Write the first block, which makes the slot plausible.</summary>
        Seal = 10,
        /// <summary>Hash the whole image as it lies in flash, and walk its assemblies.</summary>
        Verify = 11,
        /// <summary>Choose the slot for the next boot.</summary>
        Activate = 12,
        /// <summary>Reset.</summary>
        Reboot = 13,
    }

    /// <summary>How a piece of work ended.</summary>
    public enum Outcome
    {
        /// <summary>There is more to do in this phase.</summary>
        Again = 0,
        /// <summary>The phase is complete.</summary>
        Done = 1,
        /// <summary>The device already runs the offered release.</summary>
        UpToDate = 2,
        /// <summary>The offer is given up until the next check; the agent's error gives the reason.</summary>
        Refused = 3,
        /// <summary>The running firmware has no verdict yet.</summary>
        OnTrial = 4,
        /// <summary>The running firmware has failed its trial.</summary>
        Unfit = 5,
        /// <summary>What was verified may have changed since.</summary>
        Stale = 6,
        /// <summary>The device must be reset: its boot record or its settings have changed under the running firmware.</summary>
        MustReset = 7,
        /// <summary>A step was not permitted for a whole check interval: the offer is given up and requested anew at once.</summary>
        Postponed = 8,
        /// <summary>An operator has given confirmed firmware up; what ran before boots next.</summary>
        Reverted = 9,
        /// <summary>The packed file is given up: the next encoding is fetched.</summary>
        FellBack = 10,
        /// <summary>The image in work is verified, and the release has another one to stage.</summary>
        NextImage = 11,
        /// <summary>The slot holds the image already.</summary>
        Present = 12,
    }

    /// <summary>The whole life of an update on one page.</summary>
    public static class Transitions
    {
        private static readonly byte[] Table =
        {
            // after a reset
            (byte)Phase.Settle,   (byte)Outcome.OnTrial,   (byte)Phase.Trial,
            (byte)Phase.Settle,   (byte)Outcome.Done,      (byte)Phase.Idle,
            (byte)Phase.Settle,   (byte)Outcome.MustReset, (byte)Phase.Reboot,
            (byte)Phase.Trial,    (byte)Outcome.Done,      (byte)Phase.Confirm,
            (byte)Phase.Trial,    (byte)Outcome.Unfit,     (byte)Phase.Reject,
            (byte)Phase.Confirm,  (byte)Outcome.Done,      (byte)Phase.Idle,
            (byte)Phase.Confirm,  (byte)Outcome.Unfit,     (byte)Phase.Reject,
            (byte)Phase.Reject,   (byte)Outcome.Done,      (byte)Phase.Reboot,

            // a new release
            (byte)Phase.Idle,     (byte)Outcome.Done,      (byte)Phase.Offer,
            (byte)Phase.Offer,    (byte)Outcome.Done,      (byte)Phase.Decide,
            (byte)Phase.Decide,   (byte)Outcome.Done,      (byte)Phase.Index,
            (byte)Phase.Index,    (byte)Outcome.Done,      (byte)Phase.Stage,
            (byte)Phase.Stage,    (byte)Outcome.Done,      (byte)Phase.Clear,
            (byte)Phase.Clear,    (byte)Outcome.Done,      (byte)Phase.Seal,
            (byte)Phase.Seal,     (byte)Outcome.Done,      (byte)Phase.Verify,
            (byte)Phase.Verify,   (byte)Outcome.Done,      (byte)Phase.Activate,
            (byte)Phase.Activate, (byte)Outcome.Stale,     (byte)Phase.Verify,
            (byte)Phase.Activate, (byte)Outcome.Done,      (byte)Phase.Reboot,

            // app and runtime in one release
            (byte)Phase.Verify,   (byte)Outcome.NextImage, (byte)Phase.Index,
            (byte)Phase.Index,    (byte)Outcome.Present,   (byte)Phase.Verify,

            // the next encoding in place of the packed file
            (byte)Phase.Index,    (byte)Outcome.FellBack,  (byte)Phase.Index,
            (byte)Phase.Stage,    (byte)Outcome.FellBack,  (byte)Phase.Index,
            (byte)Phase.Seal,     (byte)Outcome.FellBack,  (byte)Phase.Index,
            (byte)Phase.Verify,   (byte)Outcome.FellBack,  (byte)Phase.Index,

            // not accepted, or not this time
            (byte)Phase.Decide,   (byte)Outcome.UpToDate,  (byte)Phase.Idle,
            (byte)Phase.Offer,    (byte)Outcome.Refused,   (byte)Phase.Idle,
            (byte)Phase.Decide,   (byte)Outcome.Refused,   (byte)Phase.Idle,
            (byte)Phase.Index,    (byte)Outcome.Refused,   (byte)Phase.Idle,
            (byte)Phase.Stage,    (byte)Outcome.Refused,   (byte)Phase.Idle,
            (byte)Phase.Clear,    (byte)Outcome.Refused,   (byte)Phase.Idle,
            (byte)Phase.Seal,     (byte)Outcome.Refused,   (byte)Phase.Idle,
            (byte)Phase.Verify,   (byte)Outcome.Refused,   (byte)Phase.Idle,
            (byte)Phase.Activate, (byte)Outcome.Refused,   (byte)Phase.Idle,
            (byte)Phase.Offer,    (byte)Outcome.Postponed, (byte)Phase.Idle,
            (byte)Phase.Decide,   (byte)Outcome.Postponed, (byte)Phase.Idle,
            (byte)Phase.Stage,    (byte)Outcome.Postponed, (byte)Phase.Idle,
            (byte)Phase.Seal,     (byte)Outcome.Postponed, (byte)Phase.Idle,
            (byte)Phase.Activate, (byte)Outcome.Postponed, (byte)Phase.Idle,

            // an operator's revert
            (byte)Phase.Idle,     (byte)Outcome.Reverted,  (byte)Phase.Reboot,
            (byte)Phase.Offer,    (byte)Outcome.Reverted,  (byte)Phase.Reboot,
        };

        /// <summary>The phase that follows; <see cref="Outcome.Again"/> goes on in the same one, any other outcome begins one.</summary>
        /// <exception cref="System.InvalidOperationException">The table has no such row: a programmer error.</exception>
        public static Phase Next(Phase phase, Outcome outcome)
        {
            if (outcome == Outcome.Again) return phase;
            for (int row = 0; row < Table.Length; row += 3)
                if (Table[row] == (byte)phase && Table[row + 1] == (byte)outcome) return (Phase)Table[row + 2];
            string where = ((int)phase).ToString() + " on outcome " + ((int)outcome).ToString();
            throw new System.InvalidOperationException("no transition from phase " + where);
        }
    }
}
