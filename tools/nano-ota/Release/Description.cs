using System.Security.Cryptography;
using NanoOta.Boards;
using NanoOta.Releases;
using NanoOta.Releases.Packing;

namespace NanoOta.Cli.Release;

/// <summary>Describes releases, images and flashes as objects that <see cref="Report"/> prints. Sizes are bytes.</summary>
internal static class Description
{
    /// <summary>A firmware that was written to <paramref name="target"/>; the key is null if nothing was signed.</summary>
    public static object OfFirmware(string target, Firmware firmware, PublicKey? key, IReadOnlyList<string>? notes = null) => new
    {
        written = target,
        firmware.Order.Product,
        board = firmware.Order.Board.Id,
        firmware.Order.Version,
        firmware.Order.Sequence,
        key = key == null ? null : Hex(key.Id),
        identity = firmware.IdentityReplaced || firmware.IdentityChecked ? "of this release" : "as the app was built",
        nativeChecksums = firmware.NativeChecksums,
        leftOut = firmware.LeftOut.Count > 0 ? string.Join(", ", firmware.LeftOut) : null,
        image = firmware.Order.App == null ? null : OfImage(firmware.Order.App),
        runtime = firmware.Order.Runtime == null ? null : OfRuntime(firmware.Order.Runtime),
        notes = notes ?? [],
    };

    /// <summary>Files for a board, the commands to flash them, and whether the partition table differs from the one before.</summary>
    public static object OfChipFiles(string folder, Firmware firmware, IReadOnlyList<ChipFile> files, bool hasMoved)
    {
        var guide = new FlashingGuide(folder, firmware);
        return new
        {
            firmware = OfFirmware(folder, firmware, key: null),
            files = files.Select(file => new { offset = $"0x{file.Offset:X}", size = file.Content.Length, file = file.Name }),
            flash = guide.Flash(files),
            deploy = guide.Deploy,
            nanoff = guide.Nanoff,
            notes = guide.Notes(hasMoved),
        };
    }

    public static object OfBoards(IReadOnlyList<CheckedBoard> boards) => new
    {
        good = boards.All(board => board.Board != null),
        boards = boards.Select(board => new
        {
            board = board.Name,
            good = board.Board != null,
            chip = board.Board?.Chip.Name,
            flash = board.Board?.FlashSize,
            appSlot = board.Board?.Partitions.Slot(0).Size,
            runtimeSlots = board.Board?.Partitions.RuntimeSlots,
            ledPin = board.Board?.LedPin,
            supplyPin = board.Board?.Supply?.Pin,
        }),
        errors = boards.SelectMany(board => board.Errors),
    };

    public static object OfManifest(SignedManifest signed, ReleaseManifest manifest) => new
    {
        signature = "not checked",
        key = Hex(signed.KeyId),
        manifest.Product,
        manifest.Board,
        manifest.Version,
        manifest.Sequence,
        manifest.Chip,
        manifest.SlotSize,
        manifest.SettingsSchema,
        manifest.AgentLevel,
        table = manifest.TableDigest == null ? null : Hex(manifest.TableDigest),
        rollout = manifest.Rollout.Describe(),
        runtime = manifest.Runtime.Select(need => new { need.Assembly, checksum = $"{need.Checksum:X8}" }),
        images = manifest.Images.Select(image => new
        {
            kind = image.KindName,
            image.Size,
            digest = Hex(image.Digest),
            index = image.IndexLocation,
            indexDigest = Hex(image.IndexDigest),
            natives = image.Natives == null ? (int?)null : image.NativeCount,
            encodings = image.Encodings.Select(encoding => new
            {
                kind = encoding.KindName,
                encoding.Location,
                bytes = encoding.FileSize ?? (encoding.Kind == ManifestEncoding.Plain ? (int?)(image.Size + BlockIndex.FileLength(image.Size)) : null),
                baseDigest = encoding.BaseDigest == null ? null : Hex(encoding.BaseDigest),
            }),
        }),
    };

    public static object OfImage(AppImage image) => new
    {
        sort = image.IsVirtual ? "virtual" : "real",
        image.Size,
        digest = Hex(image.Digest),
        blocks = BlockIndex.BlockCount(image.Size),
        assemblies = image.Assemblies.Select(OfAssembly),
        references = image.Assemblies.SelectMany(assembly => assembly.References.Select(reference => new
        {
            assembly = assembly.Name,
            needs = reference.Name,
            version = reference.Version.ToString(),
            from = RuntimeRules.Resolve(image, reference) != null ? "image" : image.IsVirtual ? "firmware" : "missing",
        })),
    };

    public static object OfEspImage(EspImage image, byte[] file) => new
    {
        sort = image.IsApplication ? "runtime" : "bootloader",
        chip = image.ChipName ?? $"id {image.ChipId}",
        image.MinRevision,
        image.MaxRevision,
        flash = image.FlashSize,
        image.Size,
        digest = Hex(SHA256.HashData(file)),
        hash = image.IsHashed ? "appended" : "none",
        project = image.IsApplication ? image.Project : null,
        version = image.IsApplication ? image.Version : null,
        secureVersion = image.IsApplication ? image.SecureVersion : (uint?)null,
        idf = image.IsApplication ? image.IdfVersion : null,
        built = image.IsApplication ? image.Built : null,
        segments = image.Segments.Select(segment => new
        {
            offset = $"0x{segment.Offset:X}",
            address = $"0x{segment.Address:X8}",
            segment.Size,
        }),
    };

    private static object OfRuntime(RuntimeImage image)
    {
        byte[] file = image.Bytes.ToArray();
        return OfEspImage(EspImage.Read(file, image.FileName), file);
    }

    public static object OfIndex(byte[] index, int imageSize) => new
    {
        imageSize,
        blockSize = BlockIndex.BlockSize,
        blocks = Enumerable.Range(0, BlockIndex.BlockCount(imageSize)).Select(block => new
        {
            block,
            hash = Hex(index.AsSpan(BlockIndex.HeaderLength + block * BlockIndex.HashLength, BlockIndex.HashLength)),
        }),
    };

    public static object OfPacked(PackedFile file) => new
    {
        imageSize = Bytes.GetSize(file.Bytes, 8),
        baseSize = Bytes.GetSize(file.Bytes, 12),
        segments = Bytes.GetU16(file.Bytes, 6),
        table = file.TableLength,
        tableDigest = Hex(file.TableDigest),
        bytes = file.Bytes.Length,
    };

    public static object OfFlash(Board board, byte[] flash, IReadOnlyList<FlashSlot> slots, IReadOnlyList<FlashRuntime> runtimes) => new
    {
        board = board.Id,
        partitionTable = FlashImage.TableIn(board, flash.AsSpan(PartitionBinary.Offset, PartitionBinary.Size)) switch
        {
            FlashTable.OfBoard => "of the board",
            FlashTable.Other => "not that of the board; give the board that the flash is of",
            _ => "none",
        },
        bootRecord = Records(board, flash, FlashLayout.BootRecord),
        journal = Records(board, flash, FlashLayout.Journal),
        slots = slots.Select(slot => new
        {
            slot = slot.Slot,
            slot.Descriptor.Version,
            slot.Descriptor.Sequence,
            slot.Descriptor.SettingsSchema,
            size = slot.Descriptor.ImageSize,
            digest = Hex(slot.Descriptor.ImageDigest),
            index = slot.IndexMatches ? "as described" : "not as described",
            content = slot.Image == null ? "not as described" : "as described",
            image = slot.Image == null ? null : OfImage(slot.Image),
        }),
        otaData = board.Partitions.OtaData is not { } otaData ? null
            : Bytes.All(flash, otaData.Offset, otaData.Size, 0xFF) ? "erased: ota_0 boots" : "written",
        runtimes = board.Partitions.OtaData == null ? null : runtimes.Select(slot => new
        {
            slot = slot.Slot,
            slot.Descriptor.Version,
            slot.Descriptor.Sequence,
            size = slot.Descriptor.ImageSize,
            digest = Hex(slot.Descriptor.ImageDigest),
            index = slot.IndexMatches ? "as described" : "not as described",
            content = slot.Matches ? "as described" : "not as described",
        }),
        misplaced = StrayImages.Find(board, flash).Select(image => OfStray(board, image)),
    };

    private static object OfStray(Board board, StrayImage image)
    {
        var slot = board.Partitions.Slot(image.Slot);
        var place = $"0x{Math.Abs(image.Distance):X} {(image.Distance < 0 ? "below" : "above")} the start of {slot.Name}";
        return new
        {
            offset = $"0x{image.Offset:X}",
            assembly = image.Assembly,
            problem = $"an app image {place}, where the runtime does not find it; write it to 0x{slot.Offset:X}",
        };
    }

    private static string Records(Board board, byte[] flash, int offset)
    {
        int start = board.Partitions.Records.Offset + offset;
        return Bytes.All(flash, start, 2 * FlashLayout.SectorSize, 0xFF) ? "erased" : "written";
    }

    private static object OfAssembly(ImageAssembly assembly) => new
    {
        offset = $"0x{assembly.Offset:X}",
        name = assembly.Name,
        version = assembly.Version.ToString(),
        assembly.Size,
        entryPoint = assembly.HasEntryPoint,
        flags = $"{assembly.Flags:X8}",
        nativeChecksum = $"{assembly.NativeChecksum:X8}",
        headerCrc = $"{assembly.HeaderCrc:X8}",
        assemblyCrc = $"{assembly.AssemblyCrc:X8}",
    };

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
