namespace NanoOta
{
    /// <summary>The last gate: the image as it lies in flash, hashed as a whole and walked assembly by assembly. Only this makes an image
    /// staged, and only a staged one is activated.</summary>
    internal sealed class VerifyPhase
    {
        private readonly UpdateContext context;
        private bool isHashed, hasWaited, isPermitted;
        private int walked;

        public VerifyPhase(UpdateContext context)
        {
            this.context = context;
        }

        public void Begin()
        {
            isHashed = false;
            walked = 0;
            context.ImageHash.Begin(FlashArea.InactiveSlot, context.Offer.ImageSize);
        }

        public Outcome Step()
        {
            return isHashed ? Walk() : Hash();
        }

        // The settings first, while nothing is decided. The journal is written before the boot record: after a revert it must be
        // known which release it was. After a wait everything is verified once more: hours may lie between.
        public Outcome Activate()
        {
            Outcome permission = context.Permission.Check(UpdateStep.Activate, isPermitted);
            isPermitted = permission == Outcome.Done && hasWaited;
            if (permission != Outcome.Done) hasWaited = permission == Outcome.Again;
            if (permission != Outcome.Done) return permission;
            if (hasWaited) return Outcome.Stale;
            if (!new SettingsBackup(context).Keep()) return context.Refuse(UpdateError.SettingsNotKept);
            context.Journal.TakeInHand(context.Offer.ImageDigest);
            if (!context.Journal.Save(context.Block)) return context.Refuse(UpdateError.JournalFailed);
            if (!context.Ports.Boot.Activate()) return context.Refuse(UpdateError.ActivateFailed);
            context.ReportOffer(UpdateEventKind.Activated, UpdateError.None);
            return Outcome.Done;
        }

        private Outcome Hash()
        {
            isHashed = context.ImageHash.Step();
            if (!isHashed) return Outcome.Again;
            UpdateError error = context.ImageHash.End(context.Offer.ImageDigest);
            bool isSecond = hasWaited;
            hasWaited = false;
            // The same bytes were walked before.
            if (error == UpdateError.None) return isSecond ? Outcome.Done : Outcome.Again;
            isPermitted = false;
            if (error != UpdateError.ImageCorrupt) return context.Refuse(error);
            // Four bytes of a hash let a wrong segment pass; the next table or the block index finds it.
            return isSecond ? context.Refuse(UpdateError.ImageChanged) : context.GiveUp(error);
        }

        private Outcome Walk()
        {
            int rest = context.Offer.ImageSize - walked;
            if (rest < AssemblyHeader.Length) return context.Refuse(UpdateError.ImageMalformed);
            if (!context.Ports.Flash.Read(FlashArea.InactiveSlot, walked, context.Block, 0, AssemblyHeader.Length))
                return context.Refuse(UpdateError.FlashReadFailed);
            int size = AssemblyHeader.ReadTotalSize(context.Block, rest);
            if (size == 0)
            {
                return context.Refuse(AssemblyHeader.IsOfOtherGeneration(context.Block)
                    ? UpdateError.ImageUnknownFormat : UpdateError.ImageMalformed);
            }

            if (Bytes.GetU16(context.Block, AssemblyHeader.StringTableVersionOffset) != AssemblyHeader.StringTableVersion)
                return context.Refuse(UpdateError.ImageUnknownFormat);
            walked += AssemblyHeader.Align(size);
            if (walked < context.Offer.ImageSize) return Outcome.Again;
            context.ReportOffer(UpdateEventKind.Staged, UpdateError.None);
            return Outcome.Done;
        }
    }
}
