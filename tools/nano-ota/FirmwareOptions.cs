using System.CommandLine;
using NanoOta.Boards;
using NanoOta.Releases;

namespace NanoOta.Cli;

/// <summary>The options that say what firmware is to be made.</summary>
internal sealed class FirmwareOptions
{
    private readonly Option<string> board = CommonOptions.Board();

    private readonly Option<string> app = new("--app")
    {
        Description = "The app: a built .dll, a project folder (built if it has no output yet) or a ready image (.bin)",
        HelpName = "PATH",
        Required = true,
    };

    private readonly Option<string> version = new("--version")
    {
        Description = "Version of the release, Semantic Versioning 2.0.0, such as 1.2.3",
        HelpName = "VERSION",
        Required = true,
    };

    private readonly Option<long?> sequence = new("--sequence")
    {
        Description = "Sequence number, the only thing that devices compare [default: made from major.minor.patch]",
        HelpName = "NUMBER",
    };

    private readonly Option<string> product = new("--product")
    {
        Description = "Product that the firmware is for",
        HelpName = "NAME",
        DefaultValueFactory = _ => "default",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { board, app, version, sequence, product }) command.Add(option);
    }

    /// <summary>Reads the options and makes the image.</summary>
    /// <exception cref="ReleaseException">A value is wrong, or the app cannot be packed.</exception>
    public Firmware Make(ParseResult result, IReadOnlyList<PublicKey> trusted)
    {
        var forBoard = Board.Load(result.GetRequiredValue(board));
        var text = result.GetRequiredValue(version);
        long number = ReleaseVersion.Sequence(text, result.GetValue(sequence));
        var name = result.GetRequiredValue(product);
        ReleaseManifest.CheckName("--product", name);
        var packed = AppPath.Load(result.GetRequiredValue(app), new AppIdentity(name, forBoard.Id, text, trusted));
        return new Firmware(new ReleaseOrder(name, forBoard, text, number, packed.Image), packed.IdentityReplaced);
    }
}

/// <summary>A firmware that was made from an app.</summary>
/// <param name="Order">What it is, with a sequence number.</param>
/// <param name="IdentityReplaced">Whether the image carries the identity of this order.</param>
internal sealed record Firmware(ReleaseOrder Order, bool IdentityReplaced);
