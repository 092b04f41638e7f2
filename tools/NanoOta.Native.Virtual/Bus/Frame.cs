using System.Buffers.Binary;

namespace NanoOta.VirtualDevice.Bus;

/// <summary>Messages of the CPU to the board. <see cref="Console"/>, <see cref="Ended"/>, <see cref="Restart"/> and a <see cref="Sleep"/>
/// that is not refused are not answered.</summary>
internal enum Message : byte
{
    Hello = 1,
    GetValue = 2,
    GetAreaSize = 3,
    Read = 4,
    Erase = 5,
    Write = 6,
    Activate = 7,
    Confirm = 8,
    Reject = 9,
    Restart = 10,
    Console = 11,
    Ended = 12,
    GetNativeAssembly = 13,
    GetNativeChecksum = 14,
    Guard = 15,
    Sleep = 16,
    ForgetCrashes = 17,
    ReleaseRuntime = 18,
    ActivateRuntime = 19,
}

/// <summary>
/// The frames on the bus, numbers little-endian. Request: length of the rest (4), <see cref="Message"/> (1), arguments (4 each), bytes.
/// Answer: length of the rest (4), result (4), bytes. The first request is a Hello whose argument is <see cref="Version"/>.
/// </summary>
internal static class Frame
{
    public const int Version = 3;
    public const int LengthSize = 4;

    /// <summary>Bytes before the arguments of a request.</summary>
    public const int RequestHead = LengthSize + 1;

    /// <summary>Bytes before the bytes of an answer.</summary>
    public const int AnswerHead = LengthSize + 4;

    /// <summary>Largest length field of a request.</summary>
    public const int MaxRequest = 16 * 1024;

    public static int GetInt(ReadOnlySpan<byte> frame, int offset) => BinaryPrimitives.ReadInt32LittleEndian(frame[offset..]);

    public static void PutInt(Span<byte> frame, int offset, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(frame[offset..], value);
}
