using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NanoOta.Boards;

/// <summary>The partition table in its form on the chip: byte for byte the output of ESP-IDF's gen_esp32part for the same CSV file. Entries
/// of 32 bytes, an entry with the MD5 of those before it, then 0xFF.</summary>
public static class PartitionBinary
{
    /// <summary>Its place in bytes from the start of the flash: ESP-IDF's default.</summary>
    public const int Offset = 0x8000;

    /// <summary>Size of a table in bytes.</summary>
    public const int Size = 0xC00;

    /// <summary>Maximum number of partitions; MD5 and end take one entry each.</summary>
    public const int MaxPartitions = Size / EntrySize - 2;

    private const int EntrySize = 32;

    // AA 50 at the start of an entry, EB EB of the one with the MD5.
    private const ushort Magic = 0x50AA;
    private const ushort Md5Magic = 0xEBEB;
    private const int Md5Offset = 16;

    /// <summary>Creates the binary form of a table.</summary>
    public static byte[] Create(PartitionTable table)
    {
        var bytes = new byte[Size];
        Array.Fill(bytes, (byte)0xFF);
        int offset = 0;
        foreach (var partition in table.Partitions)
        {
            Write(partition, bytes.AsSpan(offset, EntrySize));
            offset += EntrySize;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(offset), Md5Magic);
        MD5.HashData(bytes.AsSpan(0, offset), bytes.AsSpan(offset + Md5Offset));
        return bytes;
    }

    /// <summary>Whether bytes begin with the mark of a table.</summary>
    public static bool IsTable(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes) == Magic;

    private static void Write(Partition partition, Span<byte> entry)
    {
        entry.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(entry, Magic);
        entry[2] = partition.Type;
        entry[3] = partition.SubType;
        BinaryPrimitives.WriteInt32LittleEndian(entry[4..], partition.Offset);
        BinaryPrimitives.WriteInt32LittleEndian(entry[8..], partition.Size);
        Encoding.ASCII.GetBytes(partition.Name, entry[12..]);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[28..], partition.Flags);
    }
}
