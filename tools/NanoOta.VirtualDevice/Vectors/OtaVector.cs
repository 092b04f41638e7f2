using System.Globalization;
using System.Text.Json;

namespace NanoOta.VirtualDevice;

/// <summary>An image in a partition: its kind (<see cref="EspImageBuilder.Kinds"/>) and its secure version.</summary>
public sealed record VectorImage(string Kind, uint SecureVersion)
{
    internal static VectorImage Read(VectorField field)
    {
        var parts = field.Items(2);
        return new VectorImage(KindOf(parts[0].Text()) ?? throw parts[0].Wrong("one of " + string.Join(", ", EspImageBuilder.Kinds)),
            (uint)parts[1].Integer(0, uint.MaxValue));
    }

    internal static string? KindOf(string text) => EspImageBuilder.Kinds.FirstOrDefault(kind => kind == text);
}

/// <summary>A power cut in the operation of otadata with this number, counted from 1, after so many bytes.</summary>
public sealed record VectorCut(int Operation, int Bytes);

/// <summary>A boot, or a call of the running application.</summary>
/// <param name="Call">Its name.</param>
/// <param name="Partition">Its partition; null = none.</param>
/// <param name="Image">The image that it writes; null = none.</param>
/// <param name="Cut">When power fails in it; null = never.</param>
/// <param name="Expected">What ESP-IDF did.</param>
public sealed record VectorStep(string Call, string? Partition, VectorImage? Image, VectorCut? Cut, VectorOutcome Expected)
{
    /// <summary>The longest write of otadata is a record, the longest erase a sector.</summary>
    private const int MaxCut = NorFlash.SectorSize;

    private static readonly string[] WithPartition = ["set_boot", "get_state", "ota_begin", "ota_write_image"];

    private static readonly string[] Alone =
    [
        "boot", "mark_valid", "mark_invalid", "get_boot", "get_running", "get_next_update", "get_last_invalid", "rollback_possible",
        "invalidate_inactive", "erase_last_boot",
    ];

    internal static VectorStep Read(VectorField field)
    {
        var operation = field.Get("op");
        var words = operation.Text().Split(' ');
        bool isWrite = words[0] == "ota_write_image";
        bool isKnown = isWrite ? words.Length is 3 or 4
            : WithPartition.Contains(words[0]) ? words.Length == 2 : Alone.Contains(words[0]) && words.Length == 1;
        if (!isKnown)
            throw operation.Wrong($"one of {string.Join(", ", Alone)}, or with a partition (and kind of image) "
                + string.Join(", ", WithPartition));
        return new VectorStep(words[0], words.ElementAtOrDefault(1), isWrite ? ReadImage(operation, words) : null,
            field.Find("cut") is { IsNull: false } cut ? ReadCut(cut) : null, VectorOutcome.Read(field.Get("expect")));
    }

    private static VectorImage ReadImage(VectorField operation, string[] words)
    {
        uint version = 0;
        var kind = VectorImage.KindOf(words[2]);
        if (kind == null || (words.Length > 3 && !uint.TryParse(words[3], CultureInfo.InvariantCulture, out version)))
            throw operation.Wrong("ota_write_image PARTITION KIND [SECURE_VERSION], the kind one of "
                + string.Join(", ", EspImageBuilder.Kinds));
        return new VectorImage(kind, version);
    }

    private static VectorCut ReadCut(VectorField cut) =>
        new((int)cut.Get("op").Integer(1, int.MaxValue), (int)cut.Get("bytes").Integer(0, MaxCut));
}

/// <summary>The result of a step, and otadata after it. Texts are those of the vector file; null = not there.</summary>
public sealed record VectorOutcome
{
    /// <summary>booted, reset, ok, restart, power_cut or signal_6; null: no application runs to make the call.</summary>
    public string? Result { get; init; }

    /// <summary>The partition that booted.</summary>
    public string? Partition { get; init; }

    /// <summary>The error that the call returned.</summary>
    public string? Error { get; init; }

    /// <summary>The value that the call returned, as JSON.</summary>
    public string? Value { get; init; }

    /// <summary>The two records in hexadecimal.</summary>
    public required string Records { get; init; }

    /// <summary>The operations on otadata: kind, sector, length, bytes done.</summary>
    public string Operations { get; init; } = "";

    /// <summary>Sectors erased outside otadata.</summary>
    public int AppErases { get; init; }

    /// <summary>Secure version in the efuses.</summary>
    public int Fuse { get; init; }

    internal static VectorOutcome Read(VectorField field)
    {
        if (field.Find("error") != null) return new VectorOutcome { Records = "" };
        return new VectorOutcome
        {
            Result = field.Get("result").OneOf(Results),
            Partition = field.Find("partition")?.Text(),
            Error = field.Find("ret")?.Text(),
            Value = field.Find("value")?.Value.GetRawText(),
            Records = string.Join(' ', field.Get("otadata").Items(2).Select(r => Convert.ToHexStringLower(r.Hex(OtaRecord.Length)))),
            Operations = string.Join(", ", field.Get("ops").Items().Select(ReadOperation)),
            AppErases = (int)(field.Find("app_sector_erases")?.Integer(0, int.MaxValue) ?? 0),
            Fuse = (int)field.Get("efuse_secure_version").Integer(0, int.MaxValue),
        };
    }

    /// <summary>What differs from the expected outcome; null = nothing.</summary>
    public string? DifferenceTo(VectorOutcome expected) =>
        Compare("result", Result, expected.Result) ?? (expected.Result == null ? null : DifferenceOfMade(expected));

    private string? DifferenceOfMade(VectorOutcome expected) =>
        Compare("partition", Partition, expected.Partition)
        ?? Compare("ret", Error, expected.Error)
        ?? Compare("value", Value, expected.Value)
        ?? Compare("ops", Operations, expected.Operations)
        ?? Compare("otadata", Records, expected.Records)
        ?? Compare("app_sector_erases", $"{AppErases}", $"{expected.AppErases}")
        ?? Compare("efuse_secure_version", $"{Fuse}", $"{expected.Fuse}");

    private static readonly (string, string)[] Results =
        [.. new[] { "booted", "reset", "ok", "restart", "power_cut", "signal_6" }.Select(result => (result, result))];

    private static string? Compare(string field, string? actual, string? expected) =>
        actual == expected ? null : $"{field} is {actual ?? "missing"}, expected {expected ?? "none"}";

    private static string ReadOperation(VectorField field)
    {
        var parts = field.Items(4);
        return FormatOperation(parts[0].OneOf(("erase", "erase"), ("write", "write")), (int)parts[1].Integer(0, 1),
            (int)parts[2].Integer(0, NorFlash.SectorSize), (int)parts[3].Integer(0, NorFlash.SectorSize));
    }

    internal static string FormatOperation(string kind, int sector, int length, int done) => $"{kind} {sector} {length} {done}";
}

/// <summary>A recorded course of boots and calls.</summary>
public sealed record OtaVector
{
    /// <summary>The largest number of ota partitions.</summary>
    private const int MaxSlots = 16;

    /// <summary>Its name in the file.</summary>
    public required string Id { get; init; }

    /// <summary>What it is about.</summary>
    public required string Group { get; init; }

    /// <summary>Partitions and options.</summary>
    public required EspTable Table { get; init; }

    /// <summary>Secure version in the efuses at the start.</summary>
    public required int Fuse { get; init; }

    /// <summary>The images, by partition.</summary>
    public required IReadOnlyDictionary<EspPartition, VectorImage> Images { get; init; }

    /// <summary>The two records at the start; the rest of otadata is erased.</summary>
    public required IReadOnlyList<byte[]> Records { get; init; }

    /// <summary>The partition that runs at the start; null = none.</summary>
    public required EspPartition? Running { get; init; }

    /// <summary>What happens.</summary>
    public required IReadOnlyList<VectorStep> Steps { get; init; }

    internal static OtaVector Read(VectorField field)
    {
        var config = field.Get("config");
        var table = ReadTable(config);
        var running = field.Get("running");
        return new OtaVector
        {
            Id = field.Get("id").Text(),
            Group = field.Get("group").Text(),
            Table = table,
            Fuse = (int)config.Get("efuse_secure_version").Integer(0, 32),
            Images = field.Get("images").Members().ToDictionary(
                image => table.Find(image.Key) ?? throw image.Value.Wrong("a partition of config"), image => VectorImage.Read(image.Value)),
            Records = [.. field.Get("otadata").Items(2).Select(record => record.Hex(OtaRecord.Length))],
            Running = running.IsNull ? null : table.Find(running.Text()) ?? throw running.Wrong("null or a partition of config"),
            Steps = [.. field.Get("steps").Items().Select(VectorStep.Read)],
        };
    }

    // The layout that the vectors were recorded with; the chip is an ESP32.
    private static EspTable ReadTable(VectorField config)
    {
        const int Size = 0x10000;
        return new EspTable
        {
            Variant = config.Get("variant").OneOf(
                ("norollback", OtaVariant.NoRollback), ("rollback", OtaVariant.Rollback), ("antirollback", OtaVariant.AntiRollback)),
            OtaData = config.Get("otadata_partition").Flag() ? VectorFlash.OtaData : null,
            Factory = config.Get("factory").Flag() ? new EspPartition("factory", 0x10000, Size) : null,
            Test = config.Get("test").Flag() ? new EspPartition("test", 0x20000, Size) : null,
            Slots = [.. Enumerable.Range(0, (int)config.Get("slots").Integer(0, MaxSlots))
                .Select(i => new EspPartition($"ota_{i}", 0x40000 + i * Size, Size))],
            Revision = EspImageBuilder.ChipRevision,
        };
    }
}
