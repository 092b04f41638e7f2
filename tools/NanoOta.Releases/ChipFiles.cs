using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>A file to flash onto a chip.</summary>
/// <param name="Name">Name of the file.</param>
/// <param name="Offset">Its place, in bytes from the start of the flash.</param>
/// <param name="Content">Its bytes.</param>
public sealed record ChipFile(string Name, int Offset, byte[] Content);

/// <summary>
/// All files to flash onto a new board. Together they erase everything of an earlier firmware that could boot: the app slot is
/// written to its end, because nanoCLR searches it for assemblies to the end, and the boot record, the first sector of the
/// other slot and otadata are blank. With blank otadata, ota_0 boots (docs/platform/boot.md).
/// </summary>
public static class ChipFiles
{
    private const string Table = "partition-table.bin";

    /// <summary>Whether a folder contains the files of a board with another partition table.</summary>
    public static bool HasOtherTable(string folder, Board board) =>
        InputFile.TryRead(Path.Combine(folder, Table), PartitionBinary.Size, out _) is { } there
        && !there.AsSpan().SequenceEqual(PartitionBinary.Create(board.Partitions));

    /// <summary>The files, in the order of their offsets.</summary>
    /// <param name="order">The app for slot 0.</param>
    /// <param name="bootloader">A bootloader that <see cref="EspImage.CheckBootloader"/> accepts.</param>
    /// <param name="runtime">A nanoCLR that <see cref="EspImage.CheckRuntime"/> accepts.</param>
    /// <exception cref="ReleaseException">The image does not fit the board, or version or sequence number are invalid.</exception>
    public static IReadOnlyList<ChipFile> Create(ReleaseOrder order, byte[] bootloader, byte[] runtime)
    {
        var (board, table) = (order.Board, order.Board.Partitions);
        var files = new List<ChipFile>
        {
            new("bootloader.bin", board.Chip.BootloaderOffset, bootloader),
            new(Table, PartitionBinary.Offset, PartitionBinary.Create(table)),
            new("nanoCLR.bin", table.Runtime.Offset, runtime),
            new("deploy_0.bin", table.Slot(0).Offset, FlashImage.Slot(order)),
            new("deploy_1.bin", table.Slot(1).Offset, FlashImage.Blank(FlashLayout.SectorSize)),
            new("nanoota.bin", table.Records.Offset, FlashImage.Records(order, new ReleaseImage(ManifestImage.Runtime, runtime))),
        };
        if (table.OtaData is { } otaData) files.Add(new("otadata.bin", otaData.Offset, FlashImage.Blank(otaData.Size)));
        return [.. files.OrderBy(file => file.Offset)];
    }
}
