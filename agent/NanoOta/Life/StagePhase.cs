namespace NanoOta
{
    /// <summary>Brings the image to the inactive slot, its first block last. Where to go on after a reset is read from the slot
    /// itself.</summary>
    internal abstract class StagePhase
    {
        /// <summary>Blocks that one step hashes, which bounds its time.</summary>
        protected const int BlocksPerStep = 16;

        private const int MaxCorrupt = 3;

        protected readonly UpdateContext Context;
        protected readonly Download Download;
        protected readonly OfferedImage Image;
        protected readonly FlashArea Slot;
        protected readonly int BlockCount;

        /// <summary>The block in work; behind the last one: what is cleared.</summary>
        protected int Block = 1;

        private readonly int fetchedBefore;
        private int permitted = -1, corrupt;

        protected StagePhase(UpdateContext context, Download download)
        {
            Context = context;
            Download = download;
            Image = context.Image;
            Slot = ImageAreas.Inactive(Image.Kind);
            BlockCount = BlockIndex.BlockCount(Image.Size);
            fetchedBefore = context.BytesFetched;
        }

        /// <summary>Whether neither the block buffer nor SHA-256 is in use.</summary>
        public abstract bool IsBetweenBlocks { get; }

        /// <summary>Stages all blocks but the first.</summary>
        public abstract Outcome Step();

        /// <summary>Stages the first block, last of all: it makes the slot plausible, so everything else is right by now.</summary>
        public abstract Outcome Seal();

        /// <summary>Clears what a longer, older app left behind: the loader would find it (SPEC.md, section 4).</summary>
        public Outcome Clear()
        {
            for (int i = 0; i < BlocksPerStep; i++)
            {
                int offset = Block * FlashLayout.SectorSize;
                if (Block >= SectorCount) return Outcome.Done;
                Block++;
                UpdateError state = Context.Writer.CompareBlank(Slot, offset);
                if (state == UpdateError.None) continue;
                if (state == SectorWriter.Differs) state = Context.Writer.Blank(Slot, offset);
                return state == UpdateError.None ? Outcome.Again : Context.Refuse(state);
            }

            return Outcome.Again;
        }

        public void BeginSeal()
        {
            Block = 0;
        }

        /// <summary>Sectors that the image is responsible for: all of an app's slot. Behind a runtime nothing is read.</summary>
        protected int SectorCount =>
            Image.Kind == ImageKind.App ? Context.Ports.Flash.GetSize(Slot) / FlashLayout.SectorSize : BlockCount;

        protected bool IsPermitted => permitted == Block;

        /// <summary>Done when the block in work may be staged.</summary>
        protected Outcome Permit()
        {
            if (IsPermitted) return Outcome.Done;
            Outcome permission = Context.Permission.Check(UpdateStep.Stage);
            if (permission == Outcome.Done) permitted = Block;
            // A server will not keep a connection for as long as a pause may take.
            else Download.Close();
            return permission;
        }

        /// <summary>Done when this piece of the file is in the buffer.</summary>
        protected Outcome Fetch(int offset, byte[] buffer, int count)
        {
            Fill fill = Download.Step(offset, buffer, 0, count);
            Context.BytesFetched = fetchedBefore + Download.BytesRead;
            return fill == Fill.Complete ? Outcome.Done : Context.Await(Download, fill);
        }

        protected int BlockLength(int block) => BlockIndex.BlockLength(Image.Size, block);

        /// <summary>Whether the sector of a block is blank behind it: None, Differs or FlashReadFailed.</summary>
        protected UpdateError CompareRest(int block)
        {
            int length = BlockLength(block);
            if (length == BlockIndex.BlockSize) return UpdateError.None;
            if (!Context.Ports.Flash.Read(Slot, block * BlockIndex.BlockSize, Context.Block, 0, BlockIndex.BlockSize))
                return UpdateError.FlashReadFailed;
            return Bytes.All(Context.Block, length, BlockIndex.BlockSize - length, 0xFF) ? UpdateError.None : SectorWriter.Differs;
        }

        /// <summary>Ends the comparison of the slot with what is offered.</summary>
        protected Outcome Begin()
        {
            SetStaged(Block < BlockCount ? Block - 1 : BlockCount - 1);
            Context.ReportOffer(UpdateEventKind.Staging, UpdateError.None);
            return Outcome.Again;
        }

        /// <summary>Writes a block from the buffer to its place.</summary>
        protected Outcome Write(int block)
        {
            UpdateError error = Context.Writer.Put(Slot, block * BlockIndex.BlockSize, Context.Block, BlockLength(block));
            if (error != UpdateError.None) return Context.Refuse(error);
            Context.Supply.MeasureUnderLoad(Context.Ports, Context.Options);
            SetStaged(block == 0 ? BlockCount : block);
            Block++;
            corrupt = 0;
            Context.ReportOffer(UpdateEventKind.Progress, UpdateError.None);
            return Outcome.Again;
        }

        /// <summary>Drops a piece that does not have its hash.</summary>
        protected Outcome Discard()
        {
            Download.Forget();
            corrupt++;
            if (corrupt == MaxCorrupt && !Download.TryNextFolder()) return Context.GiveUp(UpdateError.BlockCorrupt);
            if (corrupt == MaxCorrupt) corrupt = 0;
            Context.ReportOffer(UpdateEventKind.Error, UpdateError.BlockCorrupt);
            return Context.Wait(Context.Options.RetryDelayMs);
        }

        // Blocks are counted as they come: the first is the last.
        private void SetStaged(int blocks)
        {
            Context.BytesStaged = blocks == BlockCount ? Image.Size : blocks * BlockIndex.BlockSize;
        }
    }
}
