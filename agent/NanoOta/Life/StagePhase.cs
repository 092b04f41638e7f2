namespace NanoOta
{
    /// <summary>Brings the image to the inactive slot, its first block last. Where to go on after a reset is read from the slot itself: the
    /// first block whose hash is not the one in the index.</summary>
    internal sealed class StagePhase
    {
        /// <summary>Blocks that one step hashes, which bounds its time.</summary>
        private const int BlocksPerStep = 16;

        private const int MaxCorrupt = 3;

        private readonly UpdateContext context;
        private readonly Download download;
        private readonly int blockCount, fetchedBefore;
        private int permitted = -1, block = 1, corrupt;
        private bool isComparing = true;

        public StagePhase(UpdateContext context, Download download)
        {
            this.context = context;
            this.download = download;
            blockCount = BlockIndex.BlockCount(context.Offer.ImageSize);
            fetchedBefore = context.BytesFetched;
        }

        /// <summary>Whether nothing of a block is in the buffer.</summary>
        public bool IsBetweenBlocks => permitted != block || download.Filled == 0;

        public Outcome Step()
        {
            if (isComparing) return CompareSlot();
            return block >= blockCount ? Outcome.Done : Fetch();
        }

        /// <summary>Clears what a longer, older image left behind: the loader would find it (SPEC.md, section 4).</summary>
        public Outcome Clear()
        {
            int size = context.Ports.Flash.GetSize(FlashArea.InactiveSlot);
            for (int i = 0; i < BlocksPerStep; i++)
            {
                int offset = block * FlashLayout.SectorSize;
                if (offset >= size) return Outcome.Done;
                block++;
                UpdateError state = context.Writer.CompareBlank(FlashArea.InactiveSlot, offset);
                if (state == UpdateError.None) continue;
                if (state == SectorWriter.Differs) state = context.Writer.Blank(FlashArea.InactiveSlot, offset);
                return state == UpdateError.None ? Outcome.Again : context.Refuse(state);
            }

            return Outcome.Again;
        }

        public void BeginSeal()
        {
            block = 0;
        }

        /// <summary>The first block, last of all: it makes the slot plausible, so everything else is right by now.</summary>
        public Outcome Seal()
        {
            if (block == 0 && download.Filled == 0)
            {
                UpdateError state = CompareBlock();
                if (state == UpdateError.None) block = 1;
                else if (state != SectorWriter.Differs) return context.Refuse(state);
            }

            if (block == 0) return Fetch();
            download.Close();
            return Outcome.Done;
        }

        private Outcome Fetch()
        {
            if (permitted != block)
            {
                Outcome permission = context.Permission.Check(UpdateStep.Stage);
                if (permission != Outcome.Done) return Pause(permission);
                permitted = block;
            }

            Fill fill = download.Step(block * BlockIndex.BlockSize, context.Block, 0, BlockLength());
            context.BytesFetched = fetchedBefore + download.BytesRead;
            return fill == Fill.Complete ? Take() : context.Await(download, fill);
        }

        // A server will not keep a connection for as long as this may take.
        private Outcome Pause(Outcome permission)
        {
            download.Close();
            return permission;
        }

        private int BlockLength() => BlockIndex.BlockLength(context.Offer.ImageSize, block);

        // The whole slot but its first sector: an image with something behind it is not right either.
        private Outcome CompareSlot()
        {
            int sectors = context.Ports.Flash.GetSize(FlashArea.InactiveSlot) / FlashLayout.SectorSize;
            for (int i = 0; i < BlocksPerStep; i++)
            {
                if (block == sectors) return EndComparing();
                UpdateError state = block < blockCount ? CompareBlock()
                    : context.Writer.CompareBlank(FlashArea.InactiveSlot, block * FlashLayout.SectorSize);
                if (state == SectorWriter.Differs) return Unseal();
                if (state != UpdateError.None) return context.Refuse(state);
                block++;
            }

            return Outcome.Again;
        }

        private Outcome Unseal()
        {
            UpdateError error = context.Writer.Unseal();
            return error == UpdateError.None ? EndComparing() : context.Refuse(error);
        }

        private Outcome EndComparing()
        {
            isComparing = false;
            SetStaged(block < blockCount ? block - 1 : blockCount - 1);
            context.ReportOffer(UpdateEventKind.Staging, UpdateError.None);
            download.Start(context.Folders, context.Offer.ImageLocation, context.Offer.ImageSize);
            return Outcome.Again;
        }

        private UpdateError CompareBlock()
        {
            int length = BlockLength();
            int offset = block * BlockIndex.BlockSize;
            if (!ReadExpected()) return UpdateError.FlashReadFailed;
            UpdateError state = context.Writer.Compare(FlashArea.InactiveSlot, offset, length, context.Expected);
            if (state != UpdateError.None || length == BlockIndex.BlockSize) return state;
            if (!context.Ports.Flash.Read(FlashArea.InactiveSlot, offset, context.Block, 0, BlockIndex.BlockSize))
                return UpdateError.FlashReadFailed;
            return Bytes.All(context.Block, length, BlockIndex.BlockSize - length, 0xFF) ? UpdateError.None : SectorWriter.Differs;
        }

        private Outcome Take()
        {
            if (!ReadExpected()) return context.Refuse(UpdateError.FlashReadFailed);
            context.Ports.Crypto.HashStart();
            context.Ports.Crypto.HashBytes(context.Block, 0, BlockLength());
            UpdateError error = context.Writer.FinishHash(context.Expected);
            if (error == SectorWriter.Differs) return Discard();
            if (error != UpdateError.None) return context.Refuse(error);
            error = context.Writer.Put(FlashArea.InactiveSlot, block * BlockIndex.BlockSize, context.Block, BlockLength());
            if (error != UpdateError.None) return context.Refuse(error);
            context.Supply.MeasureUnderLoad(context.Ports, context.Options);
            SetStaged(block == 0 ? blockCount : block);
            block++;
            corrupt = 0;
            context.ReportOffer(UpdateEventKind.Progress, UpdateError.None);
            return Outcome.Again;
        }

        private Outcome Discard()
        {
            download.Forget();
            corrupt++;
            if (corrupt == MaxCorrupt && !download.TryNextFolder()) return context.Refuse(UpdateError.BlockCorrupt);
            if (corrupt == MaxCorrupt) corrupt = 0;
            context.ReportOffer(UpdateEventKind.Error, UpdateError.BlockCorrupt);
            return context.Wait(context.Options.RetryDelayMs);
        }

        private bool ReadExpected()
        {
            int offset = SlotDescriptor.Length + BlockIndex.HeaderLength + block * BlockIndex.HashLength;
            return context.Ports.Flash.Read(FlashArea.InactiveIndex, offset, context.Expected, 0, BlockIndex.HashLength);
        }

        // Blocks are counted as they come: the first is the last.
        private void SetStaged(int blocks)
        {
            context.BytesStaged = blocks == blockCount ? context.Offer.ImageSize : blocks * BlockIndex.BlockSize;
        }
    }
}
