namespace NanoOta.VirtualDevice;

/// <summary>
/// The calls esp_ota_* of ESP-IDF 5.5.4 by a running application, quirks included. The calls that confirm and reject act on the active
/// record, which need not be that of the running partition; choosing the slot that is active already destroys the record of the other one.
/// Errors are their names in ESP-IDF.
/// </summary>
/// <param name="flash">The flash.</param>
/// <param name="table">The partition table.</param>
/// <param name="fuse">The secure version of the chip.</param>
/// <param name="running">The partition that runs.</param>
public sealed class EspOta(NorFlash flash, EspTable table, SecureVersionFuse fuse, EspPartition running)
{
    public const string Ok = "ESP_OK";
    public const string Fail = "ESP_FAIL";
    public const string InvalidArgument = "ESP_ERR_INVALID_ARG";
    public const string NotFound = "ESP_ERR_NOT_FOUND";
    public const string NotSupported = "ESP_ERR_NOT_SUPPORTED";
    public const string NotValidated = "ESP_ERR_OTA_VALIDATE_FAILED";
    public const string Conflict = "ESP_ERR_OTA_PARTITION_CONFLICT";
    public const string NotConfirmed = "ESP_ERR_OTA_ROLLBACK_INVALID_STATE";
    public const string NoRollback = "ESP_ERR_OTA_ROLLBACK_FAILED";
    public const string SmallSecureVersion = "ESP_ERR_OTA_SMALL_SEC_VER";

    /// <summary>esp_ota_write splits nothing; an application sends pieces as it likes.</summary>
    private const int Piece = 100;

    private readonly OtaData? otaData = table.OtaData is { } offset ? new OtaData(flash, offset) : null;
    private readonly EspImages images = new(flash, table);

    /// <summary>The partition that runs.</summary>
    public EspPartition Running => running;

    /// <summary>esp_ota_set_boot_partition.</summary>
    public string SetBoot(EspPartition? partition)
    {
        if (partition == null) return InvalidArgument;
        if (!images.IsAccepted(partition)) return NotValidated;
        if (partition == table.Factory) return EraseRecords();
        if (table.Variant == OtaVariant.AntiRollback)
        {
            if (images.SecureVersion(partition) is not { } version) return NotFound;
            if (!fuse.Admits(version))
            {
                ErasePartition(partition);
                return SmallSecureVersion;
            }
        }

        // The subtype of test has the low bits of ota_0.
        return Choose(Math.Max(table.NumberOf(partition), 0));
    }

    /// <summary>esp_ota_get_boot_partition: what the active record chooses, whether it can boot or not; null = none.</summary>
    public EspPartition? GetBoot()
    {
        if (otaData == null) return null;
        return OtaData.Active(otaData.Read()) is { } active && table.Slots.Count > 0
            ? SlotOf(otaData.Read()[active])
            : table.Factory ?? table.Slots.FirstOrDefault() ?? table.Test;
    }

    /// <summary>esp_ota_get_next_update_partition for the running one; null = none.</summary>
    public EspPartition? GetNextUpdate() =>
        table.Slots.Count == 0 ? null : table.Slots[(table.NumberOf(running) + 1) % table.Slots.Count];

    /// <summary>esp_ota_get_state_partition.</summary>
    public string GetState(EspPartition? partition, out OtaState state)
    {
        state = default;
        if (partition == null) return InvalidArgument;
        if (table.NumberOf(partition) < 0) return NotSupported;
        var found = otaData?.Read().FirstOrDefault(record => record.HasRightCrc && SlotOf(record) == partition);
        if (found == null) return NotFound;
        state = found.State;
        return Ok;
    }

    /// <summary>esp_ota_get_last_invalid_partition: the rejected slot with the lower sequence, if its image is whole; null = none.</summary>
    public EspPartition? GetLastInvalid()
    {
        if (otaData == null || table.Slots.Count == 0) return null;
        var rejected = otaData.Read().Where(r => r.State is OtaState.Invalid or OtaState.Aborted)
            .Where(r => !r.IsInitial).MinBy(r => r.Sequence);
        return rejected != null && images.IsAccepted(SlotOf(rejected)) ? SlotOf(rejected) : null;
    }

    /// <summary>esp_ota_check_rollback_is_possible.</summary>
    public bool IsRollbackPossible()
    {
        if (otaData == null || table.Slots.Count == 0) return false;
        var records = otaData.Read();
        if (OtaData.Active(records) is not { } active) return false;
        var other = records[1 - active];
        if (!other.IsValid)
            return table.Variant != OtaVariant.AntiRollback && table.Factory != null && images.IsAccepted(table.Factory);
        return images.IsAccepted(SlotOf(other))
            && (table.Variant != OtaVariant.AntiRollback || fuse.Admits(images.SecureVersion(SlotOf(other))));
    }

    /// <summary>esp_ota_mark_app_valid_cancel_rollback.</summary>
    public string MarkValid()
    {
        if (otaData == null) return NotFound;
        var records = otaData.Read();
        if (OtaData.Active(records) is not { } active || table.Slots.Count == 0) return Fail;
        if (records[active].State == OtaState.Valid) return Ok;
        otaData.Write(active, records[active].With(OtaState.Valid));
        return table.Variant == OtaVariant.AntiRollback ? RaiseFuse() : Ok;
    }

    /// <summary>esp_ota_mark_app_invalid_rollback_and_reboot; after Ok the chip restarts.</summary>
    public string MarkInvalid()
    {
        if (otaData == null) return NotFound;
        var records = otaData.Read();
        if (OtaData.Active(records) is not { } active || table.Slots.Count == 0) return Fail;
        if (!IsRollbackPossible()) return NoRollback;
        otaData.Write(active, records[active].With(OtaState.Invalid));
        return Ok;
    }

    /// <summary>esp_ota_invalidate_inactive_ota_data_slot: erases the record that is not active.</summary>
    public string InvalidateInactive() => ForgetOther(erasesPartition: false);

    /// <summary>esp_ota_erase_last_boot_app_partition: erases its partition, too.</summary>
    public string EraseLastBoot() => ForgetOther(erasesPartition: true);

    /// <summary>esp_ota_begin, which erases the partition, or with <paramref name="isSequential"/> leaves that to the writes.</summary>
    public string Begin(EspPartition? partition, bool isSequential = false)
    {
        if (partition == null || table.NumberOf(partition) < 0) return InvalidArgument;
        if (partition == running) return Conflict;
        if (table.Variant != OtaVariant.NoRollback && GetState(running, out var state) == Ok && state == OtaState.Pending)
            return NotConfirmed;
        if (!isSequential) ErasePartition(partition);
        if (table.Variant != OtaVariant.NoRollback) InvalidateInactive();
        return Ok;
    }

    /// <summary>esp_ota_begin with sequential writes, esp_ota_write and esp_ota_end.</summary>
    public string WriteImage(EspPartition? partition, byte[] image)
    {
        if (Begin(partition, isSequential: true) is var begun && begun != Ok) return begun;
        for (int done = 0; done < image.Length; done += Piece)
        {
            int end = Math.Min(done + Piece, image.Length);
            for (int sector = (done + NorFlash.SectorSize - 1) / NorFlash.SectorSize * NorFlash.SectorSize; sector < end;
                sector += NorFlash.SectorSize)
                flash.EraseSector(partition!.Offset + sector);
            if (image[0] != EspImageReader.Magic) return NotValidated;
            Program(partition!.Offset + done, image.AsSpan(done..end));
        }

        return images.IsAccepted(partition!) ? Ok : NotValidated;
    }

    /// <summary>The sequence that chooses a slot next: the smallest one of the slot that is not below that of the active record. ESP-IDF
    /// counts up in 32 bits, so near the end the result may choose another slot, or none.</summary>
    /// <exception cref="EspHangException">ESP-IDF would count for ever.</exception>
    internal static uint NextSequence(uint active, int slot, int count)
    {
        const long Turn = 1L << 32;
        long first = (slot + 1) % count;
        for (int turn = 0; turn <= count; turn++)
        {
            long next = active <= first ? first : first + (active - first + count - 1) / count * count;
            if (next < Turn) return (uint)next;
            first += (Turn - first + count - 1) / count * count - Turn;
        }

        throw new EspHangException();
    }

    private string Choose(int slot)
    {
        if (otaData == null) return NotFound;
        if (slot >= table.Slots.Count) return InvalidArgument;
        var records = otaData.Read();
        var state = table.Variant == OtaVariant.NoRollback ? OtaState.Undefined : OtaState.New;
        if (OtaData.Active(records) is { } active)
            otaData.Write(1 - active, records[1 - active].With(NextSequence(records[active].Sequence, slot, table.Slots.Count), state));
        else
            otaData.Write(0, records[0].With((uint)slot + 1, state));
        return Ok;
    }

    private string EraseRecords()
    {
        if (otaData == null) return NotFound;
        for (int i = 0; i < OtaData.Count; i++) otaData.Erase(i);
        return Ok;
    }

    private string ForgetOther(bool erasesPartition)
    {
        var records = otaData?.Read();
        if (records == null || OtaData.Active(records) is not { } active || table.Slots.Count == 0) return Fail;
        var other = records[1 - active];
        if (other.IsInitial || SlotOf(other) == running) return Fail;
        if (erasesPartition) ErasePartition(SlotOf(other));
        otaData!.Erase(1 - active);
        return Ok;
    }

    private string RaiseFuse() => images.SecureVersion(running) is not { } version ? NotFound
        : fuse.Raise(version) ? Ok : InvalidArgument;

    private EspPartition SlotOf(OtaRecord record) => table.Slots[record.SlotOf(table.Slots.Count)];

    private void ErasePartition(EspPartition partition)
    {
        for (int done = 0; done < partition.Size; done += NorFlash.SectorSize) flash.EraseSector(partition.Offset + done);
    }

    private void Program(int at, ReadOnlySpan<byte> bytes)
    {
        int first = Math.Min(bytes.Length, NorFlash.SectorSize - at % NorFlash.SectorSize);
        flash.Program(at, bytes[..first]);
        if (first < bytes.Length) flash.Program(at + first, bytes[first..]);
    }
}
