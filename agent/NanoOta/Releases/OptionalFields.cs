namespace NanoOta
{
    /// <summary>The fields that a manifest need not have (SPEC.md, section 2, keys 7 to 15).</summary>
    internal sealed class OptionalFields
    {
        private const int ExpiresKey = 7, LowestSequenceKey = 8, WaveKey = 9, MirrorsKey = 10, RuntimeKey = 11;
        private const int AgentKey = 12, ChipKey = 13, LayoutKey = 14, SettingsKey = 15;
        private const int MaxMirrors = 4, MaxNatives = 64;

        private readonly CborReader cbor;
        private readonly FieldReader fields;
        private readonly Manifest manifest;
        private readonly IRuntime runtime;
        private readonly IReleaseSource source;

        public OptionalFields(CborReader cbor, FieldReader fields, Manifest manifest, IRuntime runtime, IReleaseSource source)
        {
            this.cbor = cbor;
            this.fields = fields;
            this.manifest = manifest;
            this.runtime = runtime;
            this.source = source;
        }

        /// <summary>Reads the value of a key; false, with nothing read, when it is none of these.</summary>
        public bool Read(long key)
        {
            switch (key)
            {
                case ExpiresKey: manifest.Expires = fields.Number(1, FieldReader.MaxLong); return true;
                case LowestSequenceKey: manifest.LowestSequence = fields.Number(1, FieldReader.MaxLong); return true;
                case WaveKey: manifest.WavePercent = (int)fields.Number(0, 100); return true;
                case MirrorsKey: ReadMirrors(); return true;
                case RuntimeKey: ReadRuntime(); return true;
                case AgentKey: manifest.AgentLevel = (int)fields.Number(1, FieldReader.MaxInt); return true;
                case ChipKey: manifest.Chip = fields.Name(); return true;
                case LayoutKey: manifest.SlotSize = (int)fields.Number(1, FieldReader.MaxInt); return true;
                case SettingsKey: manifest.SettingsSchema = (int)fields.Number(1, FieldReader.MaxInt); return true;
                default: return false;
            }
        }

        private void ReadMirrors()
        {
            int count = cbor.ReadCount(CborReader.Array);
            if (count < 1 || count > MaxMirrors) cbor.Fail(UpdateError.ManifestBadValue);
            if (!cbor.Good) return;
            manifest.Mirrors = new string[count];
            for (int i = 0; i < count && cbor.Good; i++)
            {
                manifest.Mirrors[i] = fields.Mirror();
                if (cbor.Good && source != null && !source.CanOpen(manifest.Mirrors[i])) cbor.Fail(UpdateError.ManifestBadLocation);
            }
        }

        private void ReadRuntime()
        {
            int count = cbor.ReadCount(CborReader.Array);
            if (count < 1 || count > MaxNatives) cbor.Fail(UpdateError.ManifestBadValue);
            for (int i = 0; i < count && cbor.Good; i++) ReadNative();
        }

        // Compared at once: a list of the names would be the largest thing that the agent keeps.
        private void ReadNative()
        {
            if (cbor.ReadCount(CborReader.Array) != 2) cbor.Fail(UpdateError.ManifestBadValue);
            int length = fields.AssemblyLength();
            int start = cbor.Position - length;
            long needed = cbor.ReadUInt();
            // Not 0xFFFFFFFF, which the compiler makes of an int: what the device would make of it is not certain.
            if (needed >= 0x100000000) cbor.Fail(UpdateError.ManifestBadValue);
            if (!cbor.Good || manifest.RuntimeMismatch != null) return;
            if (manifest.Runtime != null) Compare(start, length, needed);
            else if (runtime != null) Compare(fields.TextAt(start, length), needed);
        }

        // The app will run on the runtime that comes with it.
        private void Compare(int start, int length, long needed)
        {
            var checksum = new byte[8];
            Bytes.PutLong(checksum, 0, needed);
            if (!manifest.Runtime.HasNative(checksum, 0))
                manifest.RuntimeMismatch = fields.TextAt(start, length) + ": 0x" + Bytes.Hex(needed) + " needed, not in the runtime of the release";
        }

        private void Compare(string name, long needed)
        {
            long present = runtime.GetNativeChecksum(name);
            if (present == needed) return;
            string there = present < 0 ? "not there" : "0x" + Bytes.Hex(present) + " is there";
            manifest.RuntimeMismatch = name + ": 0x" + Bytes.Hex(needed) + " needed, " + there;
        }
    }
}
