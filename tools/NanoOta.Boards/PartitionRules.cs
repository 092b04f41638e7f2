namespace NanoOta.Boards;

/// <summary>The rules for partition tables: those of ESP-IDF's gen_esp32part and bootloader, and those of A/B app slots.</summary>
internal sealed class PartitionRules(IReadOnlyList<Partition> partitions, Faults faults)
{
    /// <summary>End of the sector of the partition table at 0x8000, ESP-IDF's default offset.</summary>
    private const int FirstFree = 0x9000;

    /// <summary>The bootloader reads two records of one sector each, and rejects any other size.</summary>
    private const int OtaDataSize = 0x2000;

    /// <summary>The largest image that an index region can describe, in bytes.</summary>
    private const int MaxSlot =
        (FlashLayout.IndexRegionSize - SlotDescriptor.Length - BlockIndex.HeaderLength) / BlockIndex.HashLength * BlockIndex.BlockSize;

    /// <summary>Last line of the table; errors about missing lines name it.</summary>
    private int LastLine => partitions.Count == 0 ? 1 : partitions[^1].Line;

    /// <summary>Checks single lines, names, offsets and sizes.</summary>
    public void CheckEach(int flashSize)
    {
        for (int i = 0; i < partitions.Count; i++)
        {
            CheckPlace(partitions[i], flashSize);
            CheckAgainst(partitions[i], partitions.Take(i).ToList());
        }
    }

    /// <summary>Checks which partitions the table has.</summary>
    public void CheckWhole()
    {
        CheckRuntime();
        CheckSlots();
        CheckRecords();
        foreach (var p in partitions.Where(p => (p.Flags & Partition.ReadOnly) != 0))
            if (p is { Type: Partition.Data, SubType: Partition.OtaData or Partition.Deployment or Partition.NanoOta })
                faults.Wrong(p.Line, "flag", "readonly", $"none, because devices write to '{p.Name}'");
        if (partitions.Count > PartitionBinary.MaxPartitions)
            faults.Add(LastLine, $"{partitions.Count} partitions are too many; keep {PartitionBinary.MaxPartitions} at most");
    }

    private void CheckPlace(Partition p, int flashSize)
    {
        int alignment = p.Type == Partition.App ? 0x10000 : 0x1000;
        if (p.Offset % alignment != 0) faults.Wrong(p.Line, "offset", $"0x{p.Offset:X}", $"a multiple of 0x{alignment:X}");
        else if (p.Offset < FirstFree)
            faults.Wrong(p.Line, "offset", $"0x{p.Offset:X}", $"0x{FirstFree:X} or more; bootloader and partition table lie before it");
        if (p.Size == 0 || p.Size % 0x1000 != 0) faults.Wrong(p.Line, "size", $"0x{p.Size:X}", "a multiple of 0x1000");
        if ((long)p.Offset + p.Size > flashSize)
            faults.Wrong(p.Line, "size", $"0x{p.Size:X}", $"an end within the flash of 0x{flashSize:X} bytes");
    }

    private void CheckAgainst(Partition p, List<Partition> before)
    {
        if (before.Find(b => b.Name == p.Name) is { } twin)
            faults.Wrong(p.Line, "name", p.Name, $"a unique name (line {twin.Line} has the same one)");
        else if (before.Find(b => p.Type == Partition.App && b.Is(p.Type, p.SubType)) is { } same)
            faults.Wrong(p.Line, "subtype", $"0x{p.SubType:X2}", $"a unique subtype (line {same.Line} has the same one)");
        if (before.Find(b => b.Offset < (long)p.Offset + p.Size && p.Offset < (long)b.Offset + b.Size) is { } other)
            faults.Wrong(p.Line, "offset", $"0x{p.Offset:X}", $"a free range: it overlaps '{other.Name}' (line {other.Line})");
    }

    private void CheckRuntime()
    {
        var slots = partitions.Where(p => p.IsOta).OrderBy(p => p.SubType).ToList();
        var otaData = partitions.Where(p => p.Is(Partition.Data, Partition.OtaData)).ToList();
        foreach (var second in otaData.Skip(1)) faults.Add(second.Line, "a second otadata partition; remove it, the bootloader uses one");
        foreach (var p in otaData.Where(p => p.Size != OtaDataSize))
            faults.Wrong(p.Line, "size", $"0x{p.Size:X}", $"0x{OtaDataSize:X}, the size of an otadata partition");

        for (int i = 0; i < slots.Count; i++) CheckRuntimeSlot(slots[i], i, slots[0]);
        foreach (var p in slots.Skip(2)) faults.Add(p.Line, $"'{p.Name}' is a third runtime slot; remove it, an update alternates between two");
        if (slots.Count > 0 && slots[0].Size > MaxSlot)
            faults.Wrong(slots[0].Line, "size", $"0x{slots[0].Size:X}", $"at most 0x{MaxSlot:X}, the maximum of an index region");
        if (slots.Count > 0 && partitions.FirstOrDefault(p => p.Is(Partition.App, Partition.Factory)) is { } factory)
            faults.Add(factory.Line, $"'{factory.Name}' would boot in place of ota_0 and ota_1 while otadata is blank; remove it");
        if (slots.Count == 1)
        {
            int other = slots[0].SubType == Partition.FirstOta ? 1 : 0;
            faults.Add(slots[0].Line, $"'{slots[0].Name}' alone cannot be updated; add ota_{other}, or make it factory");
        }

        if (slots.Count > 0 && otaData.Count == 0)
            faults.Add(slots[0].Line, $"'{slots[0].Name}' needs otadata; add a partition (data, ota, size 0x{OtaDataSize:X})");
        if (slots.Count == 0 && otaData.Count > 0)
            faults.Add(otaData[0].Line, $"'{otaData[0].Name}' needs ota_0 and ota_1; add them, or remove it");
        if (slots.Count == 0 && !partitions.Any(p => p.Is(Partition.App, Partition.Factory)))
            faults.Add(LastLine, "no partition for the runtime; add 'factory' (app, factory), or otadata, ota_0 and ota_1");
    }

    private void CheckRuntimeSlot(Partition slot, int number, Partition first)
    {
        if (slot.SubType != Partition.FirstOta + number)
            faults.Wrong(slot.Line, "subtype", $"ota_{slot.SubType - Partition.FirstOta}", $"ota_{number}: slot numbers have no gaps");
        if (slot.Size != first.Size)
            faults.Wrong(slot.Line, "size", $"0x{slot.Size:X}", $"0x{first.Size:X}, the size of '{first.Name}': a runtime must fit both");
    }

    private void CheckSlots()
    {
        var (first, second) = (Require("deploy_0", Partition.Deployment), Require("deploy_1", Partition.Deployment));
        if (first == null || second == null) return;
        if (second.Size != first.Size)
            faults.Wrong(second.Line, "size", $"0x{second.Size:X}", $"0x{first.Size:X}, the size of 'deploy_0': a release must fit both");
        if (first.Size > MaxSlot)
            faults.Wrong(first.Line, "size", $"0x{first.Size:X}", $"at most 0x{MaxSlot:X}, the maximum of an index region");
        if (second.Line < first.Line || second.Offset < first.Offset)
            faults.Wrong(second.Line, "name", "deploy_1", "a line and offset after 'deploy_0', because tools deploy to the first");
        foreach (var p in partitions.Where(p => p.Is(Partition.Data, Partition.Deployment) && p != first && p != second))
            faults.Wrong(p.Line, "subtype", "0x84", $"another one: only 'deploy_0' and 'deploy_1' are app slots, not '{p.Name}'");
    }

    private void CheckRecords()
    {
        int least = partitions.Any(p => p.IsOta) ? FlashLayout.MinimumSizeWithRuntimes : FlashLayout.MinimumSize;
        if (Require("nanoota", Partition.NanoOta) is { } p && p.Size < least)
            faults.Wrong(p.Line, "size", $"0x{p.Size:X}", $"at least 0x{least:X} for records, indexes and history");
    }

    private Partition? Require(string name, byte subType)
    {
        var found = partitions.FirstOrDefault(p => p.Name == name);
        if (found == null) faults.Add(LastLine, $"no partition '{name}'; add it (data, 0x{subType:X2})");
        else if (!found.Is(Partition.Data, subType))
        {
            faults.Wrong(found.Line, "subtype", $"0x{found.SubType:X2}", $"type data and subtype 0x{subType:X2} for '{name}'");
            return null;
        }

        return found;
    }
}
