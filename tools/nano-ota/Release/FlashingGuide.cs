using NanoOta.Boards;
using NanoOta.Releases;

namespace NanoOta.Cli.Release;

/// <summary>The commands that bring files onto a board, and what goes wrong when people use others.</summary>
internal sealed class FlashingGuide(string folder, Firmware firmware)
{
    /// <summary>Where nanoff deploys to unless it is told, on every chip.</summary>
    private const int NanoffDefault = 0x1B0000;

    private Board Board => firmware.Order.Board;

    private Partition Slot => Board.Partitions.Slot(0);

    private string Esptool => $"esptool.py --chip {Board.Chip.Name} --port PORT";

    public string Flash(IEnumerable<ChipFile> files) =>
        $"{Esptool} write_flash {string.Join(' ', files.Select(file => $"0x{file.Offset:X} {PathOf(file.Name)}"))}";

    /// <summary>
    /// Brings the app to a board that has been flashed before. Slot 0 comes first: until the records follow, a slot 1 that was
    /// chosen goes on running.
    /// </summary>
    public string Deploy => $"{Esptool} write_flash 0x{Slot.Offset:X} {PathOf("deploy_0.bin")} "
        + $"0x{Board.Partitions.Records.Offset:X} {PathOf("nanoota.bin")}";

    /// <summary>The same with nanoff, which leaves the boot record as it is.</summary>
    public string Nanoff =>
        $"nanoff --platform esp32 --serialport PORT --deploy --image {PathOf("deploy_0.bin")} --address 0x{Slot.Offset:X}";

    public IEnumerable<string> Notes(bool hasMoved)
    {
        if (hasMoved)
            yield return "the partition table is not the one that was here: a board with the former is erased and flashed whole, or "
                + "keeps it under a board name of its own";
        if (firmware.Order.Image.IsVirtual)
            yield return "this app is for the virtual device; nanoCLR does not run it";
        yield return $"a chip that held other firmware is erased first, settings and files too: {Esptool} erase_flash";
        yield return "nanoff writes slot 0, and if slot 1 runs the old app goes on running; the deploy command makes slot 0 run";
        yield return "Visual Studio writes the slot that runs; what it or nanoff brings has no version, and any release may replace it";
        yield return $"without --address nanoff deploys to 0x{NanoffDefault:X}, {Hit()}";
        yield return "nanoff ignores --address together with --update";
        if (Board.Partitions.RuntimeSlots == 0)
            yield return "nanoff --update brings stock firmware and its partition table: no updates until the board is flashed again";
        else
        {
            yield return "never use nanoff --update: its partition table knows no runtime slots, and the board may not start again";
            yield return "a runtime is only taken back if bootloader and runtime were built with CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE=y";
        }
    }

    private string Hit()
    {
        var hit = Board.Partitions.Partitions.FirstOrDefault(p => p.Offset <= NanoffDefault && NanoffDefault < p.End);
        if (hit == Slot && hit.Offset == NanoffDefault) return "which is right on this board";
        return hit == null ? "where nothing looks for it" : $"into '{hit.Name}', and destroys it";
    }

    private string PathOf(string name)
    {
        var path = Path.Combine(folder, name);
        return path.Contains(' ') ? $"\"{path}\"" : path;
    }
}
