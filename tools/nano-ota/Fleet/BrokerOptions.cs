using System.CommandLine;
using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>The options for the broker of the operator.</summary>
internal sealed class BrokerOptions
{
    private const string UserVariable = "NANO_OTA_BROKER_USER";

    private readonly Option<string> broker = CommonOptions.Of<string>("--broker", "URL",
        "Broker: mqtt://[USER[:PASSWORD]@]HOST[:PORT], or mqtts:// for TLS [default for USER:PASSWORD: environment variable "
        + UserVariable + ", which process lists do not show]", required: true);

    private readonly Option<string> authorities = CommonOptions.WithDefault<string>("--ca", "FILE", "",
        "PEM file with the trusted certificate authorities of an mqtts broker [default: those of the system]");

    public void AddTo(Command command)
    {
        command.Add(broker);
        command.Add(authorities);
    }

    /// <summary>Reads the options.</summary>
    /// <exception cref="ReleaseException">One of them is wrong; no message repeats a password.</exception>
    public BrokerAddress Read(ParseResult result)
    {
        var file = result.GetRequiredValue(authorities);
        var address = BrokerAddress.Parse(result.GetRequiredValue(broker), file == "" ? null : CommonOptions.LoadAuthorities(file));
        var login = Environment.GetEnvironmentVariable(UserVariable);
        return address.User != null || string.IsNullOrEmpty(login) ? address : address.As(UserVariable, login);
    }
}
