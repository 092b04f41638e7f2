using System.CommandLine;
using NanoOta.Cli.Fleet;
using NanoOta.Releases;

namespace NanoOta.Cli.Device;

/// <summary>The options for the broker of a device and the keys of its commands.</summary>
internal sealed class DeviceBrokerOptions
{
    private const string BrokerVariable = "NANO_OTA_BROKER";

    private readonly Option<string> broker = CommonOptions.Of<string>("--broker", "URL",
        "Broker for announcements and commands: mqtt://[USER[:PASSWORD]@]HOST[:PORT], or mqtts:// for TLS, with --ca; "
        + "needs --id. Firmware without NanoOta.Mqtt does not use it [default: environment variable " + BrokerVariable
        + ", which process lists do not show]");

    private readonly Option<string[]> keys = new("--command-key")
    {
        Description = "Public key that may sign commands; may be repeated",
        HelpName = "PEM",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> token = CommonOptions.Of<string?>("--command-token-file", "FILE",
        "File with a token that authenticates commands");

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { broker, keys, token }) command.Add(option);
    }

    /// <summary>Reads the options.</summary>
    /// <exception cref="ReleaseException">One of them is wrong; no message repeats a password or token.</exception>
    public DeviceBroker Read(ParseResult result, string deviceId)
    {
        var address = WebAddress.WithPlainScheme(result.GetValue(broker) ?? Environment.GetEnvironmentVariable(BrokerVariable) ?? "");
        var trusted = result.GetValue(keys);
        var file = result.GetValue(token);
        if (address == "" && (trusted is { Length: > 0 } || file != null))
            throw new ReleaseException("--command-key and --command-token-file need --broker; give --broker, or omit them");
        if (address == "") return new DeviceBroker();
        BrokerAddress.Parse(address);
        if (deviceId == "")
            throw new ReleaseException($"a broker (--broker, or {BrokerVariable} in the environment) needs --id, the device's id there");
        RemoteInput.Level("--id", deviceId);
        return new DeviceBroker
        {
            Address = address,
            CommandKeys = trusted == null ? "" : string.Join(' ', CommonOptions.LoadKeys(trusted).Select(key => key.Base64)),
            Token = file == null ? "" : RemoteInput.Token(file),
        };
    }
}
