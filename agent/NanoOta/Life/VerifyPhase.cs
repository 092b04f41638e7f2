namespace NanoOta
{
    /// <summary>The last gate: the image as it lies in flash, hashed as a whole, and an app walked assembly by assembly, a runtime segment by
    /// segment. Only this makes an image staged, and only a release with all of its images staged is activated.</summary>
    internal sealed class VerifyPhase
    {
        private readonly UpdateContext context;
        private bool isHashed, isChecking, hasWaited, isPermitted;
        private int walked;

        public VerifyPhase(UpdateContext context)
        {
            this.context = context;
        }

        public void Begin()
        {
            if (hasWaited) context.Image = context.Offer.First;
            BeginImage();
        }

        public Outcome Step()
        {
            if (!isHashed) return Hash();
            return context.Image.Kind == ImageKind.App ? Walk() : CheckRuntime();
        }

        private void BeginImage()
        {
            isHashed = isChecking = false;
            walked = 0;
            context.ImageHash.Begin(ImageAreas.Inactive(context.Image.Kind), context.Image.Size);
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
            context.Journal.TakeInHand(context.Offer.Identity);
            if (!context.Journal.Save(context.Block)) return context.Refuse(UpdateError.JournalFailed);
            if (!ActivateImages()) return context.Refuse(UpdateError.ActivateFailed);
            context.ReportOffer(UpdateEventKind.Activated, UpdateError.None);
            return Outcome.Done;
        }

        private bool ActivateImages()
        {
            OfferedImage first = context.Offer.First;
            IBootControl boot = context.Ports.Boot;
            return first.Kind == ImageKind.App ? boot.Activate() : boot.ActivateRuntime(first.Next != null);
        }

        private Outcome Hash()
        {
            isHashed = context.ImageHash.Step();
            if (!isHashed) return Outcome.Again;
            UpdateError error = context.ImageHash.End(context.Image.Digest);
            if (error == UpdateError.None) return hasWaited ? EndSecond() : Outcome.Again;
            bool isSecond = hasWaited;
            hasWaited = false;
            isPermitted = false;
            if (error != UpdateError.ImageCorrupt) return context.Refuse(error);
            // Four bytes of a hash let a wrong segment pass; the next table or the block index finds it.
            return isSecond ? context.Refuse(UpdateError.ImageChanged) : context.GiveUp(error);
        }

        // The same bytes were walked before.
        private Outcome EndSecond()
        {
            hasWaited = context.Image.Next != null;
            if (!hasWaited) return Outcome.Done;
            context.Image = context.Image.Next;
            BeginImage();
            return Outcome.Again;
        }

        private Outcome CheckRuntime()
        {
            IRuntimeUpdates runtime = context.Ports.RuntimeUpdates;
            if (!isChecking) runtime.BeginCheck(context.Block);
            isChecking = true;
            if (!runtime.StepCheck()) return Outcome.Again;
            return runtime.Fault == null ? EndImage() : context.Refuse(UpdateError.RuntimeImageInvalid, runtime.Fault);
        }

        private Outcome EndImage()
        {
            context.ReportOffer(UpdateEventKind.Staged, UpdateError.None);
            if (context.Image.Next == null) return Outcome.Done;
            context.Image = context.Image.Next;
            context.BytesStaged = 0;
            context.PackedStaged = 0;
            return Outcome.NextImage;
        }

        private Outcome Walk()
        {
            int rest = context.Image.Size - walked;
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
            return walked < context.Image.Size ? Outcome.Again : EndImage();
        }
    }
}
