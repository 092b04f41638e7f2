using System.Security.Cryptography;

namespace NanoOta.Boards;

/// <summary>A partition table in ESP-IDF's CSV form. Every line must give offset and size as numbers: devices in the field depend on them,
/// so no tool computes them.</summary>
public sealed class PartitionTable
{
    private PartitionTable(IReadOnlyList<Partition> partitions) => Partitions = partitions;

    /// <summary>The partitions in the order of the file.</summary>
    public IReadOnlyList<Partition> Partitions { get; }

    /// <summary>The partition that contains boot record, journal and indexes.</summary>
    public Partition Records => Partitions.Single(p => p.Name == "nanoota");

    /// <summary>The partition to which nanoCLR is flashed: the one that boots while <see cref="OtaData"/> is blank.</summary>
    public Partition Runtime => Partitions.FirstOrDefault(p => p.Is(Partition.App, Partition.Factory))
        ?? Partitions.Single(p => p.Is(Partition.App, Partition.FirstOta));

    /// <summary>Number of runtime slots; 0 on boards whose runtime cannot be updated.</summary>
    public int RuntimeSlots => Partitions.Count(p => p.IsOta);

    /// <summary>The bootloader's record of runtime slots; null on boards without them.</summary>
    public Partition? OtaData => Partitions.FirstOrDefault(p => p.Is(Partition.Data, Partition.OtaData));

    /// <summary>App slot <paramref name="number"/>, 0 or 1: the partition named <c>deploy_N</c>.</summary>
    public Partition Slot(int number) => Partitions.Single(p => p.Name == $"deploy_{number}");

    /// <summary>Identifies the table: the first 8 bytes of the SHA-256 of its binary form.</summary>
    public byte[] Digest => SHA256.HashData(PartitionBinary.Create(this))[..8];

    /// <summary>Reads and checks a CSV file; <paramref name="flashSize"/> is in bytes.</summary>
    /// <exception cref="BoardException">The file is missing or invalid; contains every error.</exception>
    public static PartitionTable Load(string file, int flashSize)
    {
        if (!File.Exists(file)) throw new BoardException($"{file}: no such partition table; give a .csv file");
        var faults = new Faults(file);
        var partitions = new List<Partition>();
        int number = 0;
        foreach (var text in SmallFile.Read(file).Split('\n'))
        {
            number++;
            var line = text.Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            if (new PartitionLine(number, faults).Parse(line) is { } partition) partitions.Add(partition);
        }

        // The intent of a wrong line is unknown, so the rules for the whole table are checked only if all lines are good.
        new PartitionRules(partitions, faults).CheckEach(flashSize);
        if (!faults.Any) new PartitionRules(partitions, faults).CheckWhole();
        faults.ThrowIfAny();
        return new PartitionTable(partitions);
    }
}
