namespace NanoOta
{
    /// <summary>
    /// Brings the image to the inactive slot. Where to go on after a reset is read from the slot itself: the first block
    /// whose hash is not the one in the index.
    /// </summary>
    internal sealed class Staging
    {
        /// <summary>Blocks that one step hashes, which bounds its time.</summary>
        private const int BlocksPerStep = 16;

        private const int MaxCorrupt = 3;

        private readonly UpdateContext context;
        private readonly Download download;
        private string address;
        private int block, blockCount, corrupt, fetchedBefore;
        private bool isLooking;

        public Staging(UpdateContext context, Download download)
        {
            this.context = context;
            this.download = download;
        }

        public void Begin(string folder)
        {
            address = folder + context.Offer.ImageLocation;
            block = 0;
            blockCount = BlockIndex.BlockCount(context.Offer.ImageSize);
            corrupt = 0;
            isLooking = true;
            fetchedBefore = context.BytesFetched;
        }

        public Outcome Step()
        {
            if (isLooking) return Look();
            if (block == blockCount)
            {
                download.Close();
                return Outcome.Done;
            }

            Fill fill = download.Step(block * BlockIndex.BlockSize, context.Block, 0, BlockLength());
            context.BytesFetched = fetchedBefore + download.BytesRead;
            switch (fill)
            {
                case Fill.More: return Outcome.Again;
                case Fill.Retry:
                    context.ReportOffer(UpdateEventKind.Error, download.Error);
                    return context.Wait(download.RetryMs);
                case Fill.Failed: return context.Refuse(download.Error);
                default: return Take();
            }
        }

        /// <summary>Clears what a longer, older image left behind: the loader would find it (SPEC.md, section 4).</summary>
        public Outcome Clear()
        {
            int size = context.Ports.Flash.GetSize(FlashArea.InactiveSlot);
            for (int i = 0; i < BlocksPerStep; i++)
            {
                int offset = block * FlashLayout.SectorSize;
                if (offset >= size) return Outcome.Done;
                UpdateError error = context.Writer.Blank(FlashArea.InactiveSlot, offset);
                if (error != UpdateError.None) return context.Refuse(error);
                block++;
            }

            return Outcome.Again;
        }

        private int BlockLength() => BlockIndex.BlockLength(context.Offer.ImageSize, block);

        private Outcome Look()
        {
            for (int i = 0; i < BlocksPerStep; i++)
            {
                if (block == blockCount || !HoldsBlock()) return EndLooking();
                block++;
            }

            return Outcome.Again;
        }

        private Outcome EndLooking()
        {
            isLooking = false;
            SetStaged();
            context.ReportOffer(UpdateEventKind.Staging, UpdateError.None);
            download.Start(address, context.Offer.ImageSize);
            return Outcome.Again;
        }

        private bool HoldsBlock()
        {
            int length = BlockLength();
            int offset = block * BlockIndex.BlockSize;
            if (!ReadExpected() || !context.Writer.Holds(FlashArea.InactiveSlot, offset, length, context.Expected)) return false;
            if (length == BlockIndex.BlockSize) return true;
            return context.Ports.Flash.Read(FlashArea.InactiveSlot, offset, context.Block, 0, BlockIndex.BlockSize)
                && Bytes.All(context.Block, length, BlockIndex.BlockSize - length, 0xFF);
        }

        private Outcome Take()
        {
            if (!ReadExpected()) return context.Refuse(UpdateError.FlashReadFailed);
            context.Ports.Crypto.HashStart();
            context.Ports.Crypto.HashBytes(context.Block, 0, BlockLength());
            context.Ports.Crypto.HashFinish(context.Digest);
            if (!Bytes.Same(context.Digest, 0, context.Expected, 0, 32)) return Discard();
            UpdateError error = context.Writer.Put(FlashArea.InactiveSlot, block * BlockIndex.BlockSize, context.Block, BlockLength());
            if (error != UpdateError.None) return context.Refuse(error);
            block++;
            corrupt = 0;
            SetStaged();
            context.ReportOffer(UpdateEventKind.Progress, UpdateError.None);
            return Outcome.Again;
        }

        private Outcome Discard()
        {
            download.Forget();
            corrupt++;
            if (corrupt == MaxCorrupt) return context.Refuse(UpdateError.BlockCorrupt);
            context.ReportOffer(UpdateEventKind.Error, UpdateError.BlockCorrupt);
            return context.Wait(context.Options.RetryDelayMs);
        }

        private bool ReadExpected()
        {
            int offset = SlotDescriptor.Length + BlockIndex.HeaderLength + block * BlockIndex.HashLength;
            return context.Ports.Flash.Read(FlashArea.InactiveIndex, offset, context.Expected, 0, BlockIndex.HashLength);
        }

        private void SetStaged()
        {
            context.BytesStaged = block == blockCount ? context.Offer.ImageSize : block * BlockIndex.BlockSize;
        }
    }
}
