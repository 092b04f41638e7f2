using System.CommandLine;
using NanoOta.Boards;
using NanoOta.Releases;

namespace NanoOta.Cli.Release;

/// <summary>The options for the firmware to build.</summary>
internal sealed class FirmwareOptions
{
    private readonly Option<string> board = CommonOptions.Board();

    private readonly Option<string[]> app = new("--app")
    {
        Description = "The app: a built .dll or project folder for the virtual device (built if it has no output yet); for a "
            + "board a deployment image (.bin), a folder with .pe files, or .pe files in any order",
        HelpName = "PATH",
        Required = true,
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

    /// <summary>Reads the options and builds the image.</summary>
    /// <exception cref="ReleaseException">A value is wrong, or the app cannot be packed.</exception>
    public Firmware Make(ParseResult result, IReadOnlyList<PublicKey> trusted)
    {
        var forBoard = Board.Load(result.GetRequiredValue(board));
        var text = result.GetRequiredValue(version);
        long number = ReleaseVersion.Sequence(text, result.GetValue(sequence));
        var name = result.GetRequiredValue(product);
        ReleaseManifest.CheckName("--product", name);
        var natives = result.GetValue(firmware) is { } list ? NativeAssemblies.Load(list) : null;
        var paths = result.GetRequiredValue(app);
        var packed = AppPath.Load(paths, AppIdentity.For(forBoard, name, text, trusted), !result.GetValue(noIdentity));
        var order = new ReleaseOrder(name, forBoard, text, number, packed.Image) { SettingsSchema = result.GetValue(settings) };
        return new Firmware(order, packed.IdentityReplaced)
        {
            IdentityChecked = packed.IdentityChecked,
            LeftOut = packed.LeftOut,
            NativeChecksums = CheckNatives(packed.Image, natives, paths[0]),
        };
    }

    private static string? CheckNatives(AppImage image, NativeAssemblies? natives, string source)
    {
        if (natives == null) return image.IsVirtual ? null : "not checked: --firmware was not given";
        if (image.IsVirtual)
            throw new ReleaseException($"{source}: is an app for the virtual device, which has no native checksums; omit --firmware");
        natives.Check(image, source);
        return "as the firmware has them";
    }
}

/// <summary>A firmware image that was built from an app.</summary>
/// <param name="Order">Its release, with a sequence number.</param>
/// <param name="IdentityReplaced">Whether the identity of this order replaced the one in the image.</param>
internal sealed record Firmware(ReleaseOrder Order, bool IdentityReplaced)
{
    /// <summary>Whether the image was built with the identity of this order.</summary>
    public bool IdentityChecked { get; init; }

    /// <summary>Files next to the app that it does not need.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>Result of the check of native checksums; null if there are none.</summary>
    public string? NativeChecksums { get; init; }
}
