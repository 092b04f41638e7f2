namespace NanoOta
{
    /// <summary>
    /// Lets an agent update the runtime below it, on boards with two runtime slots:
    /// <c>ota.Ports.RuntimeUpdates = new RuntimeUpdates(ota.Ports);</c> before the agent starts. A new runtime must pass all checks of the
    /// second-stage bootloader, be for the chip of the running one, and have no lower secure_version than that.
    /// </summary>
    public sealed class RuntimeUpdates : IRuntimeUpdates
    {
        private const int ChipOffset = 12, SecureVersionOffset = EspImageReader.DescriptorOffset + 4, HeadLength = SecureVersionOffset + 4;

        // A result that the runtime is another one counts only after the third time: it may be one wrong bit in memory.
        private const int MaxTries = 3, BytesPerStep = 65536;

        private readonly UpdatePorts ports;
        private readonly byte[] secureVersion = new byte[4];
        private EspImageReader reader;
        private SlotDescriptor claimed;
        private int hashed, tries;

        /// <param name="ports">The agent's; flash and crypto are used.</param>
        public RuntimeUpdates(UpdatePorts ports)
        {
            this.ports = ports;
        }

        /// <inheritdoc/>
        public string Fault { get; private set; }

        /// <inheritdoc/>
        public SlotDescriptor Running { get; private set; }

        /// <inheritdoc/>
        public bool FindRunning(byte[] block)
        {
            if (claimed == null) return !Claim(ReadDescriptor(block) ?? Describe(block));
            int rest = claimed.ImageSize - hashed;
            int count = rest < BytesPerStep ? rest : BytesPerStep;
            bool isHashed = ports.Crypto.HashFlash(FlashArea.RunningRuntime, hashed, count);
            hashed += count;
            return isHashed && count < rest ? false : EndHash(isHashed, block);
        }

        /// <inheritdoc/>
        public string FindMissingNative(OfferedImage offered, byte[] block)
        {
            const int Checksum = AssemblyHeader.NativeChecksumOffset;
            int size = ports.Flash.GetSize(FlashArea.RunningSlot);
            for (int offset = 0, length; size - offset >= AssemblyHeader.Length; offset += AssemblyHeader.Align(length))
            {
                if (!ports.Flash.Read(FlashArea.RunningSlot, offset, block, 0, AssemblyHeader.Length))
                    return "the running app cannot be read";
                length = AssemblyHeader.ReadTotalSize(block, size - offset);
                if (length == 0) break;
                // By checksum alone: the names are in tables of each assembly.
                if (Bytes.All(block, Checksum, OfferedImage.NativeLength, 0) || offered.HasNative(block, Checksum)) continue;
                long needed = Bytes.GetU16(block, Checksum + 2) * 65536L + Bytes.GetU16(block, Checksum);
                return "the running assembly at offset " + offset.ToString() + " needs 0x" + Bytes.Hex(needed)
                    + ", not in the runtime of the release";
            }

            return null;
        }

        private SlotDescriptor ReadDescriptor(byte[] block)
        {
            return ports.Flash.Read(FlashArea.RunningRuntimeIndex, 0, block, 0, SlotDescriptor.Length) ? SlotDescriptor.Read(block) : null;
        }

        // Without a digest: it is the one that the slot has.
        private SlotDescriptor Describe(byte[] block)
        {
            int length = GetRunningLength(block);
            return length < 1 ? null : new SlotDescriptor { Kind = ImageKind.Runtime, Version = "", ImageSize = length };
        }

        private bool Claim(SlotDescriptor descriptor)
        {
            claimed = descriptor;
            Running = null;
            hashed = tries = 0;
            if (descriptor != null) ports.Crypto.HashStart();
            return descriptor != null;
        }

        private bool EndHash(bool isHashed, byte[] block)
        {
            var digest = new byte[EspImageReader.DigestLength];
            isHashed = isHashed && ports.Crypto.HashFinish(digest);
            bool isDescribed = claimed.ImageDigest != null;
            if (isHashed && !isDescribed) claimed.ImageDigest = digest;
            if (isHashed && Bytes.Same(claimed.ImageDigest, 0, digest, 0, EspImageReader.DigestLength))
            {
                Running = claimed;
                claimed = null;
                return true;
            }

            if (++tries == MaxTries) return !Claim(isHashed && isDescribed ? Describe(block) : null);
            hashed = 0;
            ports.Crypto.HashStart();
            return false;
        }

        private int GetRunningLength(byte[] block)
        {
            int room = ports.Flash.GetSize(FlashArea.RunningRuntime);
            if (!ports.Flash.Read(FlashArea.RunningRuntime, 0, block, 0, EspImageReader.HeaderLength)) return 0;
            int segments = block[1], end = EspImageReader.HeaderLength, digest = block[EspImageReader.HeaderLength - 1] == 1 ? EspImageReader.DigestLength : 0;
            for (int i = 0; i < segments; i++)
            {
                if (!ports.Flash.Read(FlashArea.RunningRuntime, end, block, 0, EspImageReader.SegmentHeaderLength)) return 0;
                int length = Bytes.GetSize(block, 4);
                if (length < 0 || length > room - end - EspImageReader.SegmentHeaderLength) return 0;
                end += EspImageReader.SegmentHeaderLength + length;
            }

            end += 16 - end % 16 + digest;
            return end <= room ? end : 0;
        }

        /// <inheritdoc/>
        public void BeginCheck(byte[] block)
        {
            Fault = null;
            reader = null;
            if (!ports.Flash.Read(FlashArea.RunningRuntime, 0, block, 0, HeadLength)) return;
            bool hasDescriptor = Bytes.GetU32(block, EspImageReader.DescriptorOffset) == EspImageReader.DescriptorMagic;
            for (int i = 0; i < secureVersion.Length; i++)
                secureVersion[i] = hasDescriptor ? block[SecureVersionOffset + i] : (byte)0;
            int chip = Bytes.GetU16(block, ChipOffset);
            reader = new EspImageReader(ports.Flash, FlashArea.InactiveRuntime, ports.Crypto, block);
            reader.Begin(ports.Flash.GetSize(FlashArea.InactiveRuntime), chip, -1);
        }

        /// <inheritdoc/>
        public bool StepCheck()
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
