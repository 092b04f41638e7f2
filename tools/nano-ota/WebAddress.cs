using NanoOta.Releases;

namespace NanoOta.Cli;

/// <summary>Addresses from the command line.</summary>
internal static class WebAddress
{
    /// <summary>Checks an address of releases, which may end in a query.</summary>
    /// <returns>The address with its scheme in lower case, as devices expect it.</returns>
    /// <exception cref="ReleaseException">It is not an address; the message has no password.</exception>
    public static string OfReleases(string option, string text)
    {
        var shown = $"{option} '{WithoutLogin(text)}'";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host == "" || uri.Port < 1
            || text.Any(c => c is <= ' ' or > '~'))
            throw new ReleaseException($"{shown} is not an http or https address, such as http://127.0.0.1:8080/");
        if (uri.UserInfo != "") throw new ReleaseException($"{shown} has a user in it; give --user NAME:PASSWORD instead");
        return uri.Fragment == "" ? WithPlainScheme(text)
            : throw new ReleaseException($"{shown} has a fragment, which is never sent to a server; omit it with its #");
    }

    /// <summary>The address of a mirror, with its scheme in lower case; the manifest writer checks the rest.</summary>
    /// <exception cref="ReleaseException">It has a user in it.</exception>
    public static string OfMirror(string option, string text) => !text.Contains('@') ? WithPlainScheme(text)
        : throw new ReleaseException($"{option} '{WithoutLogin(text)}' has a user in it, but mirrors get no credentials; omit it");

    /// <summary>The address with its scheme in lower case.</summary>
    public static string WithPlainScheme(string text) =>
        text.IndexOf("://", StringComparison.Ordinal) is var end and > 0 ? text[..end].ToLowerInvariant() + text[end..] : text;

    /// <summary>The address without user and password, for messages.</summary>
    public static string WithoutLogin(string text)
    {
        int at = text.LastIndexOf('@');
        if (at < 0) return text;
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        return (scheme >= 0 && scheme < at ? text[..(scheme + 3)] : "") + "…" + text[at..];
    }
}
