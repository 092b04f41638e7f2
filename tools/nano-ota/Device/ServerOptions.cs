using System.CommandLine;
using NanoOta.Releases;

namespace NanoOta.Cli.Device;

/// <summary>The options for a device's trusted authorities and its credentials for the server.</summary>
internal sealed class ServerOptions
{
    private const string HeaderVariable = "NANO_OTA_HEADER";

    private const string UserVariable = "NANO_OTA_USER";

    private readonly Option<string> authorities = CommonOptions.WithDefault<string>("--ca", "FILE", "",
        "PEM file with the trusted certificate authorities of https servers and mqtts brokers [default: those of the system]");

    private readonly Option<string> header = CommonOptions.Of<string>("--header", "NAME: VALUE",
        "Header for requests to the server of --offer only [default: environment variable " + HeaderVariable
        + ", which process lists do not show]");

    private readonly Option<string> user = CommonOptions.Of<string>("--user", "NAME:PASSWORD",
        "User and password for requests to the server of --offer only [default: environment variable " + UserVariable + "]");

    public void AddTo(Command command)
    {
        foreach (var option in new[] { authorities, header, user }) command.Add(option);
    }

    /// <summary>Reads the options. No message repeats a header's value or a password.</summary>
    /// <exception cref="ReleaseException">One of them is wrong.</exception>
    public ServerTrust Read(ParseResult result, string offer)
    {
        bool isGiven = result.GetResult(header) != null || result.GetResult(user) != null;
        var trust = new ServerTrust
        {
            Authorities = CheckAuthorities(result.GetRequiredValue(authorities)),
            Header = (isGiven ? result.GetValue(header) : Environment.GetEnvironmentVariable(HeaderVariable)) ?? "",
            User = (isGiven ? result.GetValue(user) : Environment.GetEnvironmentVariable(UserVariable)) ?? "",
        };
        if (trust.Header != "" && trust.User != "") throw new ReleaseException("--header and --user exclude each other; give one");
        if (trust.Header != "")
            Check(header.Name, "'NAME: VALUE'", trust.Header, (name, value) => new HttpCredential(offer, name, value.Trim()));
        if (trust.User != "") Check(user.Name, "NAME:PASSWORD", trust.User, (name, value) => HttpCredential.Basic(offer, name, value));
        return trust;
    }

    private static string CheckAuthorities(string path)
    {
        if (path == "") return path;
        CommonOptions.LoadAuthorities(path);
        return Path.GetFullPath(path);
    }

    private static void Check(string option, string form, string text, Func<string, string, HttpCredential> make)
    {
        int colon = text.IndexOf(':');
        if (colon < 0) throw new ReleaseException($"{option} has no colon; give {form}");
        try
        {
            make(text[..colon], text[(colon + 1)..]);
        }
        catch (ArgumentException e)
        {
            throw new ReleaseException($"{option} is wrong: {e.Message}; give {form}");
        }
    }
}
