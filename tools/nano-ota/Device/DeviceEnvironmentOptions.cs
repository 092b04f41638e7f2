using System.CommandLine;
using System.Globalization;
using NanoOta.Boards;
using NanoOta.Releases;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Device;

/// <summary>The options for the settings and the hardware of a virtual device.</summary>
internal sealed class DeviceEnvironmentOptions
{
    /// <summary>Highest full scale of a board's supply measurement (SPEC.md, section 7).</summary>
    private const int MaxMillivolts = 100_000;

    /// <summary>In milliseconds and with 25 % jitter it fits an int.</summary>
    private const int MaxCheckSeconds = 1_000_000;

    private readonly Option<string> offer = CommonOptions.Of<string>("--offer", "URL",
        "Address of the releases: a manifest (.cose) or its folder, with or without a query", required: true);

    private readonly Option<string> id = CommonOptions.WithDefault<string>("--id", "ID", "",
        "Device id; decides its wave [default: none; it waits for a wave of 100 percent]");

    private readonly Option<string> supply = CommonOptions.WithDefault<string>("--supply", "MV|FILE", DeviceEnvironment.ExternalSupply,
        "Supply in millivolts, 'external', or a file with one of the two, which may change while the device runs");

    private readonly Option<string[]> native = new("--native")
    {
        Description = "Native assembly of the device's runtime, besides NanoOta.Native; may be repeated",
        HelpName = "NAME=0xCHECKSUM",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int> check = CommonOptions.WithDefault<int>("--check", "SECONDS", 1,
        "Seconds between two checks for a release, on average");

    private readonly ServerOptions server = new();
    private readonly DeviceBrokerOptions broker = new();

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { offer, check, id, supply, native }) command.Add(option);
        server.AddTo(command);
        broker.AddTo(command);
    }

    /// <summary>Reads the options.</summary>
    /// <exception cref="ReleaseException">A value is wrong, or does not fit the board.</exception>
    public DeviceEnvironment Read(ParseResult result, Board board)
    {
        var address = WebAddress.OfReleases(offer.Name, result.GetRequiredValue(offer));
        return new DeviceEnvironment(address)
        {
            Id = result.GetRequiredValue(id),
            Supply = CheckSupply(result.GetRequiredValue(supply), board),
            Natives = [.. ReadNatives(result)],
            Server = server.Read(result, address),
            Broker = broker.Read(result, result.GetRequiredValue(id)),
            CheckSeconds = CheckInterval(result.GetValue(check)),
        };
    }

    private static int CheckInterval(int seconds) => seconds is >= 1 and <= MaxCheckSeconds ? seconds
        : throw new ReleaseException($"--check {seconds} is not a time; 1 to {MaxCheckSeconds} seconds");

    private static string CheckSupply(string text, Board board)
    {
        if (text == DeviceEnvironment.ExternalSupply) return text;
        if (board.Supply == null)
            throw new ReleaseException($"--supply {text}: the board {board.Id} does not measure its supply; omit --supply, or use "
                + "a board with 'supply' in its board.json");
        if (IsMillivolts(text)) return text;
        var content = InputPath.Text(text, "file for --supply", "give millivolts, 'external', or a file with one of the two").Trim();
        return content == DeviceEnvironment.ExternalSupply || IsMillivolts(content) ? Path.GetFullPath(text) : throw new ReleaseException(
            $"{text}: holds neither 'external' nor a voltage from 0 to {MaxMillivolts} millivolts");
    }

    private static bool IsMillivolts(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value <= MaxMillivolts;

    // A given NanoOta.Native replaces the module's own, to show firmware with another one.
    private IEnumerable<NativeAssembly> ReadNatives(ParseResult result) => NativeNeeds.Parse(native.Name, result.GetValue(native))
        .Select(given => new NativeAssembly(given.Assembly, given.Checksum)).Append(NativeAssembly.OfModule).DistinctBy(a => a.Name);
}
