using System.Text;

namespace NanoOta
{
    /// <summary>Reads values of a manifest by the rules of their fields (SPEC.md, section 2); what breaks one is an error of the CBOR
    /// reader.</summary>
    internal sealed class FieldReader
    {
        /// <summary>The largest sequence number, and the latest time: 2^53 − 1.</summary>
        public const long MaxLong = 0x1FFFFFFFFFFFFF;

        /// <summary>The largest of the other numbers: 2^31 − 1.</summary>
        public const int MaxInt = 0x7FFFFFFF;

        private readonly CborReader cbor;
        private readonly byte[] file;

        public FieldReader(CborReader cbor, byte[] file)
        {
            this.cbor = cbor;
            this.file = file;
        }

        public long Number(long least, long most)
        {
            long value = cbor.ReadUInt();
            if (cbor.Good && (value < least || value > most)) cbor.Fail(UpdateError.ManifestBadValue);
            return cbor.Good ? value : 0;
        }

        public string Name()
        {
            int length = cbor.ReadString(CborReader.TextString);
            return Text(length, ManifestText.IsName(file, cbor.Position - length, length), UpdateError.ManifestBadValue);
        }

        /// <summary>Passes over the name of an assembly; its bytes then stand at the reader's position − result.</summary>
        public int AssemblyLength()
        {
            int length = cbor.ReadString(CborReader.TextString);
            if (!ManifestText.IsAssembly(file, cbor.Position - length, length)) cbor.Fail(UpdateError.ManifestBadValue);
            return length;
        }

        /// <summary>Text at an offset of the file, whose bytes are checked.</summary>
        public string TextAt(int start, int length) => Encoding.UTF8.GetString(file, start, length);

        public string Mirror()
        {
            int length = cbor.ReadString(CborReader.TextString);
            return Text(length, ManifestText.IsMirror(file, cbor.Position - length, length), UpdateError.ManifestBadLocation);
        }

        public string Location()
        {
            int length = cbor.ReadString(CborReader.TextString);
            return Text(length, ManifestText.IsLocation(file, cbor.Position - length, length), UpdateError.ManifestBadLocation);
        }

        private string Text(int length, bool isRight, UpdateError otherwise)
        {
            if (!isRight) cbor.Fail(otherwise);
            return cbor.Good ? TextAt(cbor.Position - length, length) : null;
        }
    }
}
