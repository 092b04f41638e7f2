namespace NanoOta
{
    /// <summary>Stages the plain image, block by block. It goes on at the first block whose hash is not the one in the index.</summary>
    internal sealed class PlainStage : StagePhase
    {
        private bool isComparing = true;

        public PlainStage(UpdateContext context, Download download)
            : base(context, download)
        {
        }

        public override bool IsBetweenBlocks => !IsPermitted || Download.Filled == 0;

        public override Outcome Step()
        {
            if (isComparing) return CompareSlot();
            return Block >= BlockCount ? Outcome.Done : FetchBlock();
        }

        public override Outcome Seal()
        {
            if (Block == 0 && Download.Filled == 0)
            {
                UpdateError state = CompareBlock();
                if (state == UpdateError.None) Block = 1;
                else if (state != SectorWriter.Differs) return Context.Refuse(state);
            }

            if (Block == 0) return FetchBlock();
            Download.Close();
            return Outcome.Done;
        }

        // The whole slot but its first sector: an image with something behind it is not right either.
        private Outcome CompareSlot()
        {
            for (int i = 0; i < BlocksPerStep; i++)
            {
                if (Block == SectorCount) return EndComparing();
                UpdateError state = Block < BlockCount ? CompareBlock()
                    : Context.Writer.CompareBlank(Slot, Block * FlashLayout.SectorSize);
                if (state == SectorWriter.Differs) return Unseal();
                if (state != UpdateError.None) return Context.Refuse(state);
                Block++;
            }

            return Outcome.Again;
        }

        private Outcome Unseal()
        {
            UpdateError error = Context.Writer.Blank(Slot, 0);
            return error == UpdateError.None ? EndComparing() : Context.Refuse(error);
        }

        private Outcome EndComparing()
        {
            isComparing = false;
            Download.Start(Context.Folders, Image.Location, Image.Size);
            return Begin();
        }

        private UpdateError CompareBlock()
        {
            if (!ReadExpected()) return UpdateError.FlashReadFailed;
            UpdateError state = Context.Writer.Compare(Slot, Block * BlockIndex.BlockSize, BlockLength(Block), Context.Expected);
            return state == UpdateError.None ? CompareRest(Block) : state;
        }

        private Outcome FetchBlock()
        {
            Outcome outcome = Permit();
            if (outcome == Outcome.Done) outcome = Fetch(Block * BlockIndex.BlockSize, Context.Block, BlockLength(Block));
            return outcome == Outcome.Done ? Take() : outcome;
        }

        private Outcome Take()
        {
            if (!ReadExpected()) return Context.Refuse(UpdateError.FlashReadFailed);
            Context.Ports.Crypto.HashStart();
            Context.Ports.Crypto.HashBytes(Context.Block, 0, BlockLength(Block));
            UpdateError error = Context.Writer.FinishHash(Context.Expected);
            if (error == SectorWriter.Differs) return Discard();
            return error == UpdateError.None ? Write(Block) : Context.Refuse(error);
        }

        private bool ReadExpected()
        {
            int offset = SlotDescriptor.Length + BlockIndex.HeaderLength + Block * BlockIndex.HashLength;
            return Context.Ports.Flash.Read(ImageAreas.InactiveIndex(Image.Kind), offset, Context.Expected, 0, BlockIndex.HashLength);
        }
    }
}
