using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>The options that say where the broker is.</summary>
internal sealed class BrokerOptions
{
    private const string UserVariable = "NANO_OTA_BROKER_USER";

    private readonly Option<string> broker = new("--broker")
    {
        Description = "Broker: mqtt://[USER[:PASSWORD]@]HOST[:PORT], or mqtts:// for TLS [default for USER:PASSWORD: " + UserVariable
            + " of the environment, which no list of processes shows]",
        HelpName = "URL",
        Required = true,
    };

    private readonly Option<string> authorities = new("--ca")
    {
        Description = "PEM file with the authorities that may vouch for an mqtts broker [default: those of the system]",
        HelpName = "FILE",
        DefaultValueFactory = _ => "",
    };

    public void AddTo(Command command)
    {
        command.Add(broker);
        command.Add(authorities);
    }

    /// <summary>Reads the options.</summary>
    /// <exception cref="ReleaseException">One of them is wrong; no message repeats a password.</exception>
    public BrokerAddress Read(ParseResult result)
    {
        var address = BrokerAddress.Parse(result.GetRequiredValue(broker), ReadAuthorities(result.GetRequiredValue(authorities)));
        var login = Environment.GetEnvironmentVariable(UserVariable);
        return address.User != null || string.IsNullOrEmpty(login) ? address : address.As(UserVariable, login);
    }

    private static string? ReadAuthorities(string path)
    {
        const string Remedy = "give a PEM file with one or more certificates";
        if (path == "") return null;
        var pem = InputPath.Pem(path, "file for --ca", Remedy);
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            found.Clear();
        }

        return found.Count > 0 ? pem : throw new ReleaseException($"{path}: there is no certificate in it that can be read; {Remedy}");
    }
}
