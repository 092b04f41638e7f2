namespace NanoOta.Boards;

/// <summary>A line of a partition table. Offset and size are bytes; flags are those of the binary table.</summary>
public sealed record Partition(string Name, byte Type, byte SubType, int Offset, int Size, uint Flags, int Line)
{
    /// <summary>Type of partitions that ESP-IDF boots.</summary>
    public const byte App = 0;

    /// <summary>Type of all other partitions.</summary>
    public const byte Data = 1;

    /// <summary>APP subtype that boots by default.</summary>
    public const byte Factory = 0;

    /// <summary>APP subtype of <c>ota_0</c>; those of the other runtime slots follow.</summary>
    public const byte FirstOta = 0x10;

    /// <summary>APP subtype of <c>test</c>, the first one after that of <c>ota_15</c>.</summary>
    public const byte Test = 0x20;

    /// <summary>DATA subtype of the bootloader's record of runtime slots.</summary>
    public const byte OtaData = 0;

    /// <summary>DATA subtype of nanoFramework's deployment region: an app slot.</summary>
    public const byte Deployment = 0x84;

    /// <summary>DATA subtype of the <c>nanoota</c> partition.</summary>
    public const byte NanoOta = 0x40;

    /// <summary>Flag of a partition that flash encryption covers.</summary>
    public const uint Encrypted = 1;

    /// <summary>Flag of a partition that ESP-IDF does not write.</summary>
    public const uint ReadOnly = 2;

    public int End => Offset + Size;

    /// <summary>Whether it is a runtime slot, <c>ota_0</c> to <c>ota_15</c>.</summary>
    public bool IsOta => Type == App && SubType is >= FirstOta and < Test;

    internal bool Is(byte type, byte subType) => Type == type && SubType == subType;
}
