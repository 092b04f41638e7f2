using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NanoOta.VirtualDevice;

/// <summary>The images in the runtime partitions, as bootloader and runtime check them.</summary>
public sealed class EspImages(NorFlash flash, EspTable table)
{
    internal const int DescriptorLength = 256;

    private const int VersionOffset = 16, VersionLength = 32;

    private readonly byte[] block = new byte[NorFlash.SectorSize];

    /// <summary>Whether the bootloader starts it.</summary>
    public bool IsBootable(EspPartition partition) => Read(partition).Fault == EspImageFault.None;

    /// <summary>Whether ESP-IDF's calls accept it; they do not check addresses in RAM.</summary>
    /// <exception cref="EspAbortException">With anti-rollback ESP-IDF aborts on a segment without a descriptor.</exception>
    public bool IsAccepted(EspPartition partition)
    {
        var image = Read(partition);
        if (table.Variant == OtaVariant.AntiRollback && !image.HasDescriptor && (image.Segment > 0 || image.Fault == EspImageFault.LoadAddress))
            throw new EspAbortException();
        return image.Fault is EspImageFault.None or EspImageFault.LoadAddress;
    }

    /// <summary>secure_version of the descriptor, whatever the rest of the image; null without a descriptor.</summary>
    public uint? SecureVersion(EspPartition partition)
    {
        var bytes = new byte[8];
        flash.Read(partition.Offset + EspImageReader.DescriptorOffset, bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes) == EspImageReader.DescriptorMagic
            ? BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)) : null;
    }

    /// <summary>Whether a partition begins as an image does.</summary>
    public static bool IsImage(NorFlash flash, EspPartition partition)
    {
        var first = new byte[1];
        flash.Read(partition.Offset, first);
        return first[0] == EspImageReader.Magic;
    }

    /// <summary>The version in the descriptor of a good image; empty if it has none.</summary>
    public static string ReadVersion(NorFlash flash, EspPartition partition)
    {
        var descriptor = new byte[VersionOffset + VersionLength];
        flash.Read(partition.Offset + EspImageReader.DescriptorOffset, descriptor);
        if (BinaryPrimitives.ReadUInt32LittleEndian(descriptor) != EspImageReader.DescriptorMagic) return "";
        var version = descriptor.AsSpan(VersionOffset);
        int end = version.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? version : version[..end]);
    }

    private EspImageReader Read(EspPartition partition)
    {
        using var window = new Window(flash, partition);
        var reader = new EspImageReader(window, FlashArea.InactiveSlot, window, block);
        reader.Begin(partition.Size, table.ChipId, table.Revision);
        while (!reader.Step())
        {
        }

        return reader;
    }

    /// <summary>One partition as the ports of a reader; every area is the partition.</summary>
    private sealed class Window(NorFlash flash, EspPartition partition) : IFlash, ICrypto, IDisposable
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public int GetSize(FlashArea area) => partition.Size;

        public bool Read(FlashArea area, int offset, byte[] buffer, int start, int count)
        {
            flash.Read(partition.Offset + offset, buffer.AsSpan(start, count));
            return true;
        }

        public bool Erase(FlashArea area, int offset) => false;

        public bool Write(FlashArea area, int offset, byte[] buffer, int start, int count) => false;

        public void HashStart() => hash.GetHashAndReset();

        public void HashBytes(byte[] buffer, int start, int count) => hash.AppendData(buffer, start, count);

        public bool HashFlash(FlashArea area, int offset, int count) => false;

        public bool HashFinish(byte[] digest) => hash.GetHashAndReset(digest) == digest.Length;

        public bool VerifyEcdsaP256(byte[] publicKey, byte[] hash, byte[] signature) => false;

        public void Dispose() => hash.Dispose();
    }
}

/// <summary>ESP-IDF's code calls abort(), which resets the chip.</summary>
public sealed class EspAbortException() : Exception("ESP-IDF aborts");

/// <summary>ESP-IDF's code does not return; its watchdog resets the chip.</summary>
public sealed class EspHangException() : Exception("ESP-IDF hangs");
