using System.CommandLine;
using NanoOta.Releases;

namespace NanoOta.Cli.Release;

/// <summary><c>nano-ota flash</c>: creates the flash of a new virtual device, or the files to flash a board with.</summary>
internal sealed class FlashCommand
{
    private readonly FirmwareOptions firmware = new();

    private readonly Option<string[]> trust =
        CommonOptions.Trust("Key that the firmware trusts; may be repeated; required if the identity is compiled in", required: false);

    private readonly Option<string?> file = CommonOptions.Of<string?>("--out", "FILE",
        "For a virtual device: flash file to write; an existing file is replaced");

    private readonly Option<string?> folder = CommonOptions.Of<string?>("--files", "DIR",
        "For a board: folder for the files of the chip; existing files are replaced");

    private readonly Option<string?> clr = new("--clr")
    {
        Description = "The runtime, nanoCLR.bin: with --files, and with --out for a board with two runtime slots",
        HelpName = "FILE",
    };

    private readonly Option<string?> bootloader = CommonOptions.Of<string?>("--bootloader", "FILE",
        "With --files: the bootloader that was built with the runtime");

    private readonly Option<bool> json = CommonOptions.Json();

    public static Command Create()
    {
        var options = new FlashCommand();
        var command = new ExampleCommand("flash", "Create the flash of a new virtual device, or the files to flash a board with.",
            "nano-ota flash --board esp32-devkitc-4mb --app src/Thermometer --version 1.0.0 --trust public.pem --out my.flash",
            "nano-ota flash --board esp32-devkitc-4mb --app app.bin --version 1.0.0 --clr nanoCLR.bin --bootloader bootloader.bin "
                + "--files flash");
        options.firmware.AddTo(command);
        foreach (var option in new Option[] { options.trust, options.file, options.folder, options.clr, options.bootloader, options.json })
            command.Add(option);
        command.SetAction(result =>
        {
            Report.Print(result, options.Run(result), result.GetValue(options.json));
            return ExitCode.Success;
        });
        return command;
    }

    private object Run(ParseResult result) => (result.GetValue(file), result.GetValue(folder)) switch
    {
        ({ } target, null) => MakeFlash(result, target),
        (null, { } target) => MakeFiles(result, target),
        _ => throw new ReleaseException("give either --out FILE, for a virtual device, or --files DIR, for a board"),
    };

    private object MakeFlash(ParseResult result, string path)
    {
        if (result.GetValue(bootloader) != null)
            throw new ReleaseException($"{bootloader.Name} needs --files; a virtual device does not use it");
        var target = InputPath.NewFile(path);
        var made = WithRuntime(Make(result), result.GetValue(clr));
        OutputFile.Write(new OutputFile(target, FlashImage.Create(made.Order)));
        return Description.OfFirmware(target, made, key: null);
    }

    private Firmware WithRuntime(Firmware made, string? path)
    {
        if (path == null) return made;
        if (made.Order.Board.Partitions.RuntimeSlots == 0)
            throw new ReleaseException($"{clr.Name} needs --files; a virtual {made.Order.Board.Id} does not use it");
        byte[] bytes = InputPath.Read(path, remedy: "give the nanoCLR.bin from the build of the firmware");
        EspImage.CheckRuntime(bytes, path, made.Order.Board);
        // No manifest is made of it.
        return made with { Order = made.Order with { Runtime = new RuntimeImage(bytes, natives: []) } };
    }

    private object MakeFiles(ParseResult result, string target)
    {
        var loader = Required(result, bootloader, "bootloader image");
        var runtime = Required(result, clr, "runtime image");
        var made = Make(result);
        byte[] loaderBytes = InputPath.Read(loader), runtimeBytes = InputPath.Read(runtime);
        EspImage.CheckBootloader(loaderBytes, loader, made.Order.Board);
        EspImage.CheckRuntime(runtimeBytes, runtime, made.Order.Board);
        var files = ChipFiles.Create(made.Order, loaderBytes, runtimeBytes);
        InputPath.NewFolder(target);
        bool hasMoved = ChipFiles.HasOtherTable(target, made.Order.Board);
        foreach (var chipFile in files) InputPath.NewFile(Path.Combine(target, chipFile.Name));
        OutputFile.Write([.. files.Select(file => new OutputFile(Path.Combine(target, file.Name), file.Content))]);
        return Description.OfChipFiles(target, made, files, hasMoved);
    }

    private Firmware Make(ParseResult result)
    {
        var keys = CommonOptions.LoadKeys(result.GetValue(trust));
        var made = firmware.Make(result, keys);
        if (made.IdentityReplaced && keys.Length == 0)
            throw new ReleaseException("--trust is missing: firmware without a trusted key can never be updated; give a public key");
        return made;
    }

    private static string Required(ParseResult result, Option<string?> option, string what) =>
        InputPath.Existing(result.GetValue(option) ?? throw new ReleaseException($"--files needs {option.Name}, the {what} of the board"),
            what, "use the one from the build of the firmware");
}
