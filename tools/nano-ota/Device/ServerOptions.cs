using System.CommandLine;
using NanoOta.Releases;

namespace NanoOta.Cli.Device;

/// <summary>The options that say whom a device trusts over https, and what it shows the server.</summary>
internal sealed class ServerOptions
{
    private readonly Option<string> authorities = new("--ca")
    {
        Description = "PEM file with the authorities that may vouch for an https server [default: those of the system]",
        HelpName = "FILE",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<string> header = new("--header")
    {
        Description = "Header that the device shows the server of --offer, and no other",
        HelpName = "NAME: VALUE",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<string> user = new("--user")
    {
        Description = "User and password that the device shows the server of --offer, and no other",
        HelpName = "NAME:PASSWORD",
        DefaultValueFactory = _ => "",
    };

    public void AddTo(Command command)
    {
        foreach (var option in new[] { authorities, header, user }) command.Add(option);
    }

    /// <summary>Reads the options. No message repeats a header's value or a password.</summary>
    /// <exception cref="ReleaseException">One of them is wrong.</exception>
    public ServerTrust Read(ParseResult result, string offer)
    {
        var trust = new ServerTrust
        {
            Authorities = CheckAuthorities(result.GetRequiredValue(authorities)),
            Header = result.GetRequiredValue(header),
            User = result.GetRequiredValue(user),
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
        InputPath.Existing(path, "file for --ca", "give a PEM file with one or more certificates");
        try
        {
            _ = new HttpReleaseSource { CaCertificate = File.ReadAllText(path) };
            return Path.GetFullPath(path);
        }
        catch (ArgumentException e)
        {
            throw new ReleaseException($"{path}: {e.Message}; give a PEM file with one or more certificates");
        }
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
