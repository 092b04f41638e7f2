namespace NanoOta
{
    /// <summary>Whether the running slot holds whole assemblies with blank flash behind them: a deployment by cable leaves that, and bit
    /// rot a wrong CRC. In steps of bounded time: the CRC is computed bit by bit.</summary>
    internal sealed class WholeImage
    {
        private const int BytesPerStep = 1024;

        private readonly UpdateContext context;
        private int assembly, size, read;
        private uint crc, wanted;

        public WholeImage(UpdateContext context)
        {
            this.context = context;
        }

        /// <summary>Done: it does; Refused: it does not, or cannot be read.</summary>
        public Outcome Step() => read < size ? ReadBody() : ReadHeader();

        private Outcome ReadHeader()
        {
            assembly += AssemblyHeader.Align(size);
            int room = context.Ports.Flash.GetSize(FlashArea.RunningSlot) - assembly;
            if (room < AssemblyHeader.Length) return Outcome.Done;
            if (!Read(0, AssemblyHeader.Length)) return Outcome.Refused;
            size = AssemblyHeader.ReadTotalSize(context.Block, room);
            if (size == 0)
                return assembly > 0 && Bytes.All(context.Block, 0, AssemblyHeader.Length, 0xFF) ? Outcome.Done : Outcome.Refused;
            wanted = Bytes.GetU32(context.Block, AssemblyHeader.AssemblyCrcOffset);
            crc = 0u;
            read = AssemblyHeader.Length;
            return Outcome.Again;
        }

        private Outcome ReadBody()
        {
            int count = size - read < BytesPerStep ? size - read : BytesPerStep;
            if (!Read(read, count)) return Outcome.Refused;
            crc = Checksum.AssemblyCrc(crc, context.Block, 0, count);
            read += count;
            return read < size || crc == wanted ? Outcome.Again : Outcome.Refused;
        }

        private bool Read(int offset, int count) =>
            context.Ports.Flash.Read(FlashArea.RunningSlot, assembly + offset, context.Block, 0, count);
    }
}
