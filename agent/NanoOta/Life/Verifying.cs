namespace NanoOta
{
    /// <summary>
    /// The last gate: the image as it lies in flash, hashed as a whole and walked assembly by assembly. Only this makes an
    /// image staged, and only a staged one is activated.
    /// </summary>
    internal sealed class Verifying
    {
        private const int BytesPerStep = 65536;

        private readonly UpdateContext context;
        private int hashed, walked;

        public Verifying(UpdateContext context)
        {
            this.context = context;
        }

        public void Begin()
        {
            hashed = 0;
            walked = 0;
        }

        public Outcome Step()
        {
            return hashed < context.Offer.ImageSize ? Hash() : Walk();
        }

        // The journal is written before the boot record: after a revert it must be known which release it was.
        public Outcome Activate()
        {
            context.Journal.TakeInHand(context.Offer.ImageDigest);
            if (!context.Journal.Save(context.Block)) return context.Refuse(UpdateError.JournalFailed);
            if (!context.Ports.Boot.Activate()) return context.Refuse(UpdateError.ActivateFailed);
            context.ReportOffer(UpdateEventKind.Activated, UpdateError.None);
            return Outcome.Done;
        }

        private Outcome Hash()
        {
            ICrypto crypto = context.Ports.Crypto;
            if (hashed == 0) crypto.HashStart();
            int rest = context.Offer.ImageSize - hashed;
            int count = rest < BytesPerStep ? rest : BytesPerStep;
            if (!crypto.HashFlash(FlashArea.InactiveSlot, hashed, count)) return context.Refuse(UpdateError.FlashReadFailed);
            hashed += count;
            if (hashed < context.Offer.ImageSize) return Outcome.Again;
            return crypto.HashFinish(context.Digest) && Bytes.Same(context.Digest, 0, context.Offer.ImageDigest, 0, 32)
                ? Outcome.Again
                : context.Refuse(UpdateError.ImageCorrupt);
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

            walked += AssemblyHeader.Align(size);
            if (walked < context.Offer.ImageSize) return Outcome.Again;
            context.ReportOffer(UpdateEventKind.Staged, UpdateError.None);
            return Outcome.Done;
        }
    }
}
