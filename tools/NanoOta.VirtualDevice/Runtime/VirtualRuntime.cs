using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using NanoOta.Boards;

namespace NanoOta.VirtualDevice;

/// <summary>What is wrong with a <see cref="VirtualRuntime"/>.</summary>
public enum RuntimeFault
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>It panics before its native module runs.</summary>
    CrashEarly,
    /// <summary>It panics after its native module has chosen the app, before the app runs.</summary>
    Crash,
    /// <summary>It stops there, without a panic.</summary>
    Hang,
}

/// <summary>
/// A runtime for the virtual board: an ESP-IDF image that every bootloader and reader accepts as nanoCLR, but no code. What it does stands
/// behind its application descriptor, as text that no real nanoCLR has there: <see cref="Magic"/>, the length in bytes (4, little-endian),
/// the lines of a native_assemblies.csv, and a line with the fault, if there is one. The rest looks like code: compressible by about a
/// third, the same for the same seed, and in another version the same up to 2 % of its blocks and a shift.
/// </summary>
public sealed record VirtualRuntime
{
    /// <summary>Begins the text.</summary>
    public const string Magic = "virtual nanoCLR\n";

    /// <summary>Project name in the descriptor of every nanoCLR.</summary>
    public const string Project = "nanoCLR";

    private const int MinSize = 4096, Alignment = 16;
    private const int TextOffset = EspImageReader.DescriptorOffset + EspImages.DescriptorLength;
    private const string FaultKey = "fault=";

    /// <summary>Text of the descriptor; at most 31 characters of ASCII.</summary>
    public required string Version { get; init; }

    /// <summary>secure_version of the descriptor.</summary>
    public uint SecureVersion { get; init; }

    /// <summary>Bytes of the image, a multiple of 16 from 4096; default: that of a real nanoCLR.</summary>
    public int Size { get; init; } = 1_500_000;

    /// <summary>Runtimes with the same number share most of their content.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The native assemblies; default: only <c>NanoOta.Native</c>. An app that needs another checksum of that one does not
    /// start.</summary>
    public IReadOnlyList<NativeAssembly> NativeAssemblies { get; init; } = [NativeAssembly.OfModule];

    /// <summary>What is wrong with it.</summary>
    public RuntimeFault Fault { get; init; }

    /// <summary>Text of its native_assemblies.csv. All versions are 0.0.0.0, because nothing depends on them.</summary>
    public string NativeAssembliesCsv =>
        string.Concat(NativeAssemblies.Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Name},0.0.0.0,0x{a.Checksum:X8}\n")));

    /// <summary>The image for a board's chip and size of flash.</summary>
    /// <exception cref="ArgumentException">The size is not valid, or the text of version or assemblies is too long.</exception>
    public byte[] Build(Board board)
    {
        if (Size < MinSize || Size % Alignment != 0)
            throw new ArgumentException($"an image of {Size} bytes; give a multiple of {Alignment} from {MinSize}", nameof(Size));
        return new VirtualRuntimeImage(this, board).Bytes;
    }

    /// <summary>The runtime in flash, without its size and seed; null if there is none, or a real one.</summary>
    /// <param name="flash">The flash.</param>
    /// <param name="slot">Its partition.</param>
    /// <exception cref="PowerLostException">Power is off.</exception>
    public static VirtualRuntime? Read(NorFlash flash, EspPartition slot)
    {
        var head = new byte[Magic.Length + sizeof(int)];
        flash.Read(slot.Offset + TextOffset, head);
        int length = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(Magic.Length));
        if (!head.AsSpan(0, Magic.Length).SequenceEqual(Encoding.ASCII.GetBytes(Magic))) return null;
        if (length < 0 || length > slot.Size - TextOffset - head.Length) return null;
        var text = new byte[length];
        flash.Read(slot.Offset + TextOffset + head.Length, text);
        return Parse(EspImages.ReadVersion(flash, slot), Encoding.ASCII.GetString(text));
    }

    /// <summary>The text behind the descriptor.</summary>
    internal byte[] Text()
    {
        var lines = Encoding.ASCII.GetBytes(NativeAssembliesCsv + (Fault == RuntimeFault.None ? "" : $"{FaultKey}{Fault}\n"));
        var text = new byte[Magic.Length + sizeof(int) + lines.Length];
        Encoding.ASCII.GetBytes(Magic, text);
        BinaryPrimitives.WriteInt32LittleEndian(text.AsSpan(Magic.Length), lines.Length);
        lines.CopyTo(text, Magic.Length + sizeof(int));
        return text;
    }

    private static VirtualRuntime Parse(string version, string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToLookup(line => line.StartsWith(FaultKey, StringComparison.Ordinal));
        return new VirtualRuntime
        {
            Version = version,
            NativeAssemblies = [.. lines[false].Select(line => line.Split(','))
                .Select(fields => new NativeAssembly(fields[0], Convert.ToUInt32(fields[2], 16)))],
            Fault = lines[true].Select(line => Enum.Parse<RuntimeFault>(line[FaultKey.Length..])).FirstOrDefault(),
        };
    }
}
