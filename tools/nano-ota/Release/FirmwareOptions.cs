using System.CommandLine;
using NanoOta.Boards;
using NanoOta.Releases;

namespace NanoOta.Cli.Release;

/// <summary>The options for the firmware to build.</summary>
/// <param name="needsApp">Whether there is no firmware without an app.</param>
internal sealed class FirmwareOptions(bool needsApp = true)
{
    private readonly Option<string> board = CommonOptions.Board();

    private readonly Option<string[]> app = new("--app")
    {
        Description = "The app: a built .dll or project folder for the virtual device (built if it has no output yet); for a "
            + "board a deployment image (.bin), a folder with .pe files, or .pe files in any order",
        HelpName = "PATH",
        Required = needsApp,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> version = CommonOptions.Version();

    private readonly Option<long?> sequence = CommonOptions.Of<long?>("--sequence", "NUMBER",
        "Sequence number, by which devices order releases [default: from major.minor.patch]");

    private readonly Option<string> product = CommonOptions.Product();

    private readonly Option<int?> settings = CommonOptions.Of<int?>("--settings-schema", "NUMBER",
        "Schema number of the app's settings, 1 or more; when a release with another number crashes in a loop, the device "
        + "restores the settings from before it [default: none]");

    private readonly Option<string> firmware = CommonOptions.Of<string>("--firmware", "CSV",
        "The native_assemblies.csv of the runtime on the board, to check native checksums against");

    private readonly Option<bool> noIdentity = new("--no-identity")
    {
        Description = "Accept an image for a board whose identity is not this release; a device with it may never update again",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { board, app, version, sequence, product, settings, firmware, noIdentity })
            command.Add(option);
    }

    /// <summary>Reads the options and builds the app, if one is given.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="trusted">Keys that the firmware trusts.</param>
    /// <param name="runtime">Path of the runtime that comes with the app; null: it runs on the device already.</param>
    /// <exception cref="ReleaseException">A value is wrong, or an image cannot be packed.</exception>
    public Firmware Make(ParseResult result, IReadOnlyList<PublicKey> trusted, string? runtime = null)
    {
        var forBoard = Board.Load(result.GetRequiredValue(board));
        var text = result.GetRequiredValue(version);
        long number = ReleaseVersion.Sequence(text, result.GetValue(sequence));
        var name = result.GetRequiredValue(product);
        ReleaseManifest.CheckName("--product", name);
        var natives = result.GetValue(firmware) is { } list ? NativeAssemblies.Load(list) : null;
        var order = new ReleaseOrder(name, forBoard, text, number, null)
        {
            Runtime = runtime == null ? null : LoadRuntime(runtime, forBoard, natives),
            SettingsSchema = result.GetValue(settings),
        };
        if (result.GetValue(app) is not { Length: > 0 } paths) return new Firmware(order, IdentityReplaced: false) { Natives = natives };
        var packed = AppPath.Load(paths, AppIdentity.For(forBoard, name, text, trusted), !result.GetValue(noIdentity));
        return new Firmware(order with { App = packed.Image }, packed.IdentityReplaced)
        {
            IdentityChecked = packed.IdentityChecked,
            LeftOut = packed.LeftOut,
            Natives = natives,
            NativeChecksums = CheckNatives(packed.Image, natives, paths[0], runtime),
        };
    }

    private RuntimeImage LoadRuntime(string path, Board forBoard, NativeAssemblies? natives)
    {
        const string Remedy = "give the nanoCLR.bin from the build of the firmware";
        if (natives == null)
            throw new ReleaseException($"{path}: needs {firmware.Name}, the native_assemblies.csv from the same build as this runtime");
        byte[] bytes = InputPath.Read(InputPath.Existing(path, "runtime image", Remedy), remedy: Remedy);
        EspImage.CheckRuntime(bytes, path, forBoard);
        var image = new RuntimeImage(bytes, natives.Checksums);
        ReleaseBuilder.CheckFit(forBoard, image);
        return image;
    }

    private static string? CheckNatives(AppImage image, NativeAssemblies? natives, string source, string? runtime)
    {
        if (natives == null) return image.IsVirtual ? null : "not checked: --firmware was not given";
        if (image.IsVirtual)
            return runtime != null ? null
                : throw new ReleaseException($"{source}: is an app for the virtual device, which has no native checksums; omit --firmware");
        natives.Check(image, source);
        return "as the firmware has them";
    }
}

/// <summary>The firmware of a release, with an image that was built from an app.</summary>
/// <param name="Order">Its release, with a sequence number.</param>
/// <param name="IdentityReplaced">Whether the identity of this order replaced the one in the image.</param>
internal sealed record Firmware(ReleaseOrder Order, bool IdentityReplaced)
{
    /// <summary>Whether the image was built with the identity of this order.</summary>
    public bool IdentityChecked { get; init; }

    /// <summary>Files next to the app that it does not need.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>The native assemblies of --firmware; null if it was not given.</summary>
    public NativeAssemblies? Natives { get; init; }

    /// <summary>Result of the check of native checksums; null if there are none.</summary>
    public string? NativeChecksums { get; init; }
}
