using NanoOta.Boards;
using NanoOta.Releases;

namespace NanoOta.Cli.Release;

/// <summary>The commands that write files to a board, and warnings about other commands.</summary>
internal sealed class FlashingGuide(string folder, Firmware firmware)
{
    /// <summary>Default address of nanoff --deploy, on every chip.</summary>
    private const int NanoffDefault = 0x1B0000;

    private Board Board => firmware.Order.Board;

    private Partition Slot => Board.Partitions.Slot(0);

    private string Esptool => $"esptool.py --chip {Board.Chip.Name} --port PORT";

    public string Flash(IEnumerable<ChipFile> files) =>
        $"{Esptool} write_flash {string.Join(' ', files.Select(file => $"0x{file.Offset:X} {PathOf(file.Name)}"))}";

    /// <summary>Writes the app to a board that was flashed before. Slot 0 is written first: until the records are written, a chosen slot 1
    /// still boots.</summary>
    public string Deploy => $"{Esptool} write_flash 0x{Slot.Offset:X} {PathOf("deploy_0.bin")} "
        + $"0x{Board.Partitions.Records.Offset:X} {PathOf("nanoota.bin")}";

    /// <summary>The same with nanoff, which does not change the boot record.</summary>
    public string Nanoff =>
        $"nanoff --platform esp32 --serialport PORT --deploy --image {PathOf("deploy_0.bin")} --address 0x{Slot.Offset:X}";

    public IEnumerable<string> Notes(bool hasMoved)
    {
        if (hasMoved)
            yield return "the partition table differs from the one that was here: erase boards with the former one and flash them "
                + "completely, or keep the former one under a board name of its own";
        if (firmware.Order.App!.IsVirtual)
            yield return "this app is for the virtual device; nanoCLR does not run it";
        yield return $"erase a chip with other firmware first, including its settings and files: {Esptool} erase_flash";
        yield return "nanoff writes slot 0; if slot 1 runs, the old app still boots; the deploy command makes slot 0 boot";
        yield return "Visual Studio writes the slot that runs; its apps and those of nanoff have no version: any release may replace them";
        yield return $"without --address nanoff deploys to 0x{NanoffDefault:X}, {Overwritten()}";
        yield return "nanoff ignores --address together with --update";
        if (Board.Partitions.RuntimeSlots == 0)
            yield return "nanoff --update writes stock firmware and its partition table: no updates until the board is flashed again";
        else
        {
            yield return "never use nanoff --update: its partition table has no runtime slots, and the board may not boot again";
            yield return "a runtime is only rolled back if bootloader and runtime were built with CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE=y";
        }
    }

    private string Overwritten()
    {
        var hit = Board.Partitions.Partitions.FirstOrDefault(p => p.Offset <= NanoffDefault && NanoffDefault < p.End);
        if (hit == Slot && hit.Offset == NanoffDefault) return "which is correct on this board";
        return hit == null ? "where no firmware reads it" : $"into '{hit.Name}', and destroys it";
    }

    private string PathOf(string name)
    {
        var path = Path.Combine(folder, name);
        return path.Contains(' ') ? $"\"{path}\"" : path;
    }
}
