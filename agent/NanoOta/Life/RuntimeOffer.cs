namespace NanoOta
{
    /// <summary>Which images of an offer change, and whether the app that stays can run on a new runtime.</summary>
    internal sealed class RuntimeOffer
    {
        private readonly UpdateContext context;

        public RuntimeOffer(UpdateContext context)
        {
            this.context = context;
        }

        /// <summary>The first image to stage, with the next ones behind it; null: the device runs all of them. The app comes first: it is
        /// the smaller one to compare after a reset.</summary>
        public OfferedImage FindChanged()
        {
            OfferedImage app = context.Offer.App, runtime = context.Offer.Runtime;
            if (runtime != null && IsOf(context.RunningRuntime, runtime)) runtime = null;
            if (app != null && IsOf(context.Running, app)) app = null;
            if (app != null) app.Next = runtime;
            context.Offer.First = app ?? runtime;
            return context.Offer.First;
        }

        /// <summary>Done when the changed images can run on this board and with what stays.</summary>
        public Outcome Decide()
        {
            OfferedImage first = context.Offer.First;
            OfferedImage runtime = first.Kind == ImageKind.Runtime ? first : first.Next;
            if (runtime == null) return Outcome.Done;
            if (context.Ports.RuntimeUpdates == null || context.Ports.Flash.GetSize(FlashArea.InactiveRuntime) < 1)
                return context.Refuse(UpdateError.RuntimeNotUpdatable);
            return runtime == first ? CheckPresentApp(runtime) : Outcome.Done;
        }

        // By checksum alone, which the headers have: the names are in tables of each assembly.
        private Outcome CheckPresentApp(OfferedImage runtime)
        {
            int size = context.Ports.Flash.GetSize(FlashArea.RunningSlot);
            int offset = 0;
            while (size - offset >= AssemblyHeader.Length)
            {
                if (!context.Ports.Flash.Read(FlashArea.RunningSlot, offset, context.Block, 0, AssemblyHeader.Length))
                    return context.Refuse(UpdateError.FlashReadFailed);
                int length = AssemblyHeader.ReadTotalSize(context.Block, size - offset);
                if (length == 0) return Outcome.Done;
                if (!Bytes.All(context.Block, AssemblyHeader.NativeChecksumOffset, OfferedImage.NativeLength, 0)
                    && !runtime.HasNative(context.Block, AssemblyHeader.NativeChecksumOffset))
                    return context.Refuse(UpdateError.WrongRuntime, Describe(offset));
                offset += AssemblyHeader.Align(length);
            }

            return Outcome.Done;
        }

        private string Describe(int offset)
        {
            long low = Bytes.GetU16(context.Block, AssemblyHeader.NativeChecksumOffset);
            long high = Bytes.GetU16(context.Block, AssemblyHeader.NativeChecksumOffset + 2);
            return "the running assembly at offset " + offset.ToString() + " needs 0x" + Bytes.Hex(high * 65536 + low)
                + ", not in the runtime of the release";
        }

        private static bool IsOf(SlotDescriptor running, OfferedImage offered) =>
            running != null && Bytes.Same(running.ImageDigest, 0, offered.Digest, 0, 32);
    }
}
