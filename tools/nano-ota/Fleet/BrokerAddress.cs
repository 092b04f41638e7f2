using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>Address of a broker, with its login. Never shows the password.</summary>
public sealed class BrokerAddress
{
    private const int Port1883 = 1883, SecurePort8883 = 8883;

    private BrokerAddress(Uri uri)
    {
        IsSecure = uri.Scheme == "mqtts";
        Host = uri.IdnHost;
        Port = uri.Port > 0 ? uri.Port : IsSecure ? SecurePort8883 : Port1883;
        if (uri.UserInfo == "") return;
        int colon = uri.UserInfo.IndexOf(':');
        User = Uri.UnescapeDataString(colon < 0 ? uri.UserInfo : uri.UserInfo[..colon]);
        Password = colon < 0 ? null : Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]);
    }

    private BrokerAddress(BrokerAddress other, string user, string password)
    {
        (IsSecure, Host, Port, Authorities) = (other.IsSecure, other.Host, other.Port, other.Authorities);
        (User, Password) = (user, password);
    }

    /// <summary>Name or address.</summary>
    public string Host { get; }

    /// <summary>1 to 65535; default 1883, with TLS 8883 (registered with IANA).</summary>
    public int Port { get; }

    /// <summary>Whether to use TLS.</summary>
    public bool IsSecure { get; }

    /// <summary>User name, or null.</summary>
    public string? User { get; }

    /// <summary>Password, or null.</summary>
    public string? Password { get; }

    /// <summary>Trusted certificate authorities in PEM; null = those of the system.</summary>
    public string? Authorities { get; init; }

    /// <summary>Reads <c>mqtt://[user[:password]@]host[:port]</c> or <c>mqtts://</c>.</summary>
    /// <exception cref="ReleaseException">It is not an address; the message does not have the password.</exception>
    public static BrokerAddress Parse(string text, string? authorities = null)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("mqtt" or "mqtts") || uri.Host == ""
            || uri.Port == 0 || uri.AbsolutePath is not ("" or "/") || uri.Query != "" || uri.Fragment != "")
            throw new ReleaseException($"--broker '{WebAddress.WithoutLogin(text)}' is not an address of a broker; give "
                + "mqtt://[USER[:PASSWORD]@]HOST[:PORT] or mqtts://…; in user and password write / ? # @ : % as %2F %3F %23 %40 %3A %25");
        if (uri.UserInfo.StartsWith(':'))
            throw new ReleaseException($"--broker '{WebAddress.WithoutLogin(text)}' has a password without a user; give USER:PASSWORD@");
        if (authorities != null && uri.Scheme != "mqtts")
            throw new ReleaseException("--ca is for mqtts://; mqtt:// is not encrypted, and its broker has no certificate");
        return new BrokerAddress(uri) { Authorities = authorities };
    }

    /// <summary>The same broker with another login.</summary>
    /// <param name="source">Source of the login, for error messages.</param>
    /// <param name="login"><c>NAME:PASSWORD</c> without escapes; the first colon separates them.</param>
    /// <exception cref="ReleaseException">It is not a login; the message does not repeat it.</exception>
    public BrokerAddress As(string source, string login)
    {
        int colon = login.IndexOf(':');
        return colon > 0 ? new BrokerAddress(this, login[..colon], login[(colon + 1)..])
            : throw new ReleaseException($"{source} has {(colon < 0 ? "no colon" : "no name before its colon")}; give NAME:PASSWORD");
    }

    /// <summary>The address without user and password.</summary>
    public override string ToString() => $"{(IsSecure ? "mqtts" : "mqtt")}://{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}";
}
