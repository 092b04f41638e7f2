namespace NanoOta
{
    /// <summary>
    /// Lets an agent update the runtime below it, on boards with two runtime slots:
    /// <c>ota.Ports.RuntimeUpdates = new RuntimeUpdates(ota.Ports);</c> before the agent starts. A new runtime must pass all checks of the
    /// second-stage bootloader, be for the chip of the running one, and have no lower secure_version than that.
    /// </summary>
    public sealed class RuntimeUpdates : IRuntimeUpdates
    {
        private const int HeaderLength = 24, SegmentHeaderLength = 8, DigestLength = 32, HeadLength = 40, ChipOffset = 12, DescriptorOffset = 32, SecureVersionOffset = 36;
        private const uint DescriptorMagic = 0xABCD5432u;

        private readonly UpdatePorts ports;
        private readonly byte[] secureVersion = new byte[4];
        private EspImageReader reader;

        /// <param name="ports">The agent's; flash and crypto are used.</param>
        public RuntimeUpdates(UpdatePorts ports)
        {
            this.ports = ports;
        }

        /// <inheritdoc/>
        public string Fault { get; private set; }

        /// <inheritdoc/>
        public int GetRunningLength(byte[] block)
        {
            int room = ports.Flash.GetSize(FlashArea.RunningRuntime);
            if (!ports.Flash.Read(FlashArea.RunningRuntime, 0, block, 0, HeaderLength)) return 0;
            int segments = block[1], end = HeaderLength, digest = block[HeaderLength - 1] == 1 ? DigestLength : 0;
            for (int i = 0; i < segments; i++)
            {
                if (!ports.Flash.Read(FlashArea.RunningRuntime, end, block, 0, SegmentHeaderLength)) return 0;
                int length = Bytes.GetSize(block, 4);
                if (length < 0 || length > room - end - SegmentHeaderLength) return 0;
                end += SegmentHeaderLength + length;
            }

            end += 16 - end % 16 + digest;
            return end <= room ? end : 0;
        }

        /// <inheritdoc/>
        public void Begin(byte[] block)
        {
            Fault = null;
            reader = null;
            if (!ports.Flash.Read(FlashArea.RunningRuntime, 0, block, 0, HeadLength)) return;
            bool hasDescriptor = Bytes.GetU32(block, DescriptorOffset) == DescriptorMagic;
            for (int i = 0; i < secureVersion.Length; i++)
                secureVersion[i] = hasDescriptor ? block[SecureVersionOffset + i] : (byte)0;
            int chip = Bytes.GetU16(block, ChipOffset);
            reader = new EspImageReader(ports.Flash, FlashArea.InactiveRuntime, ports.Crypto, block);
            reader.Begin(ports.Flash.GetSize(FlashArea.InactiveRuntime), chip, -1);
        }

        /// <inheritdoc/>
        public bool Step()
        {
            if (reader != null && !reader.Step()) return false;
            if (reader == null) Fault = "the running runtime cannot be read";
            else if (reader.Fault != EspImageFault.None) Fault = EspImageFaults.Text(reader.Fault, reader.Segment);
            else if (!reader.HasDescriptor) Fault = "it has no application descriptor";
            else if (IsBelow(reader.SecureVersion)) Fault = "secure_version is below that of the running runtime";
            reader = null;
            return true;
        }

        // Byte by byte from the highest: no cast between signed and unsigned.
        private bool IsBelow(uint staged)
        {
            var bytes = new byte[4];
            Bytes.PutU32(bytes, 0, staged);
            for (int i = bytes.Length - 1; i >= 0; i--)
                if (bytes[i] != secureVersion[i]) return bytes[i] < secureVersion[i];
            return false;
        }
    }
}
