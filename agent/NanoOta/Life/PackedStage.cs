using System;

namespace NanoOta
{
    /// <summary>Stages a packed image (docs/PACKED.md), segment by segment, by the table in the index region. It goes on at the first
    /// segment whose output is not in the slot, with one request for the rest of the file.</summary>
    internal sealed class PackedStage : StagePhase
    {
        private readonly PackedTable table;
        private PackedDecoder decoder;
        private int hashed;
        private bool isOpen, isWhole;

        public PackedStage(UpdateContext context, Download download)
            : base(context, download)
        {
            table = new PackedTable(context.Ports.Flash, ImageAreas.InactiveIndex(Image.Kind), SlotDescriptor.Length, Image.Kind);
        }

        // Code that is half fetched has a buffer of its own.
        public override bool IsBetweenBlocks => hashed == 0;

        public override Outcome Step()
        {
            if (!isOpen) return Open();
            if (isWhole && Block < SectorCount) return CompareBehind();
            if (decoder == null && !isWhole) return CompareSegment();
            return Block >= BlockCount ? Outcome.Done : Advance();
        }

        public override Outcome Seal()
        {
            if (Block == 0 && !isWhole) return Advance();
            Download.Close();
            return Outcome.Done;
        }

        private Outcome Open()
        {
            isOpen = true;
            UpdateError error = table.Open(Image.Size, Image.Packed.BaseSize);
            if (error == UpdateError.None) error = table.Next();
            return error == UpdateError.None ? Outcome.Again : Context.GiveUp(error);
        }

        private Outcome CompareSegment()
        {
            if (hashed == 0) Context.Ports.Crypto.HashStart();
            for (int i = 0; i < BlocksPerStep && hashed < table.Blocks; i++)
            {
                int block = table.BlockAt(table.First + hashed);
                int offset = block * BlockIndex.BlockSize;
                hashed++;
                if (!Context.Ports.Crypto.HashFlash(Slot, offset, BlockLength(block)))
                    return Context.Refuse(Context.Writer.WhyNotHashed(Slot, offset));
            }

            return hashed < table.Blocks ? Outcome.Again : EndSegment();
        }

        private Outcome EndSegment()
        {
            hashed = 0;
            if (!Context.Ports.Crypto.HashFinish(Context.Expected)) return Context.Refuse(UpdateError.HashFailed);
            if (!table.HasOutput(Context.Expected)) return BeginDecoding();
            if (!table.IsAtEnd) return NextSegment();
            isWhole = true;
            Block = BlockCount;
            UpdateError state = CompareRest(BlockCount - 1);
            return state == UpdateError.None ? CompareBehind() : StartOver(state);
        }

        private Outcome NextSegment()
        {
            UpdateError error = table.Next();
            return error == UpdateError.None ? Outcome.Again : Context.GiveUp(error);
        }

        // An image with something behind it is not right either.
        private Outcome CompareBehind()
        {
            for (int i = 0; i < BlocksPerStep && Block < SectorCount; i++)
            {
                UpdateError state = Context.Writer.CompareBlank(Slot, Block * FlashLayout.SectorSize);
                if (state != UpdateError.None) return StartOver(state);
                Block++;
            }

            if (Block < SectorCount) return Outcome.Again;
            Context.PackedStaged = Image.Packed.Size;
            return Begin();
        }

        private Outcome StartOver(UpdateError state)
        {
            if (state != SectorWriter.Differs) return Context.Refuse(state);
            isWhole = false;
            table.Rewind();
            Outcome outcome = NextSegment();
            return outcome == Outcome.Again ? BeginDecoding() : outcome;
        }

        private Outcome BeginDecoding()
        {
            UpdateError error = Context.Writer.Blank(Slot, 0);
            if (error != UpdateError.None) return Context.Refuse(error);
            try
            {
                decoder = new PackedDecoder(Context.Ports.Flash, Image.Kind);
            }
            catch (OutOfMemoryException)
            {
                return Context.GiveUp(UpdateError.ManagedMemoryLow);
            }

            // What is open stands behind the table.
            if (table.First > 0) Download.Close();
            Block = 1 + table.First;
            Context.PackedStaged = table.CodeOffset;
            return Begin();
        }

        private Outcome Advance()
        {
            Outcome outcome = Permit();
            if (outcome != Outcome.Done) return outcome;
            if (decoder.IsDone) return FetchCode();
            int block = decoder.Block;
            UpdateError error = decoder.Step(Context.Block);
            if (error != UpdateError.None) return Context.GiveUp(error);
            if (decoder.IsDone) Context.PackedStaged = table.CodeOffset + table.CodeLength;
            outcome = Write(block);
            return outcome == Outcome.Again && decoder.IsDone && !table.IsAtEnd ? NextSegment() : outcome;
        }

        private Outcome FetchCode()
        {
            Outcome outcome = Fetch(table.CodeOffset, decoder.Code, table.CodeLength);
            if (outcome != Outcome.Done) return outcome;
            Context.Ports.Crypto.HashStart();
            Context.Ports.Crypto.HashBytes(decoder.Code, 0, table.CodeLength);
            if (!Context.Ports.Crypto.HashFinish(Context.Expected)) return Context.Refuse(UpdateError.HashFailed);
            if (!table.HasCode(Context.Expected)) return Discard();
            UpdateError error = decoder.Begin(table);
            return error == UpdateError.None ? Outcome.Again : Context.GiveUp(error);
        }
    }
}
