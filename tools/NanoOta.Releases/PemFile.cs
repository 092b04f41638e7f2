using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace NanoOta.Releases;

/// <summary>Reads the keys of a PEM file, and explains why one cannot be used.</summary>
internal static partial class PemFile
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private const string Remedy = "make a P-256 key with 'nano-ota keygen'";

    /// <summary>All keys of a file, at least one; private ones have their <see cref="ECParameters.D"/>.</summary>
    /// <exception cref="ReleaseException">There is no key, or a key cannot be used.</exception>
    public static IReadOnlyList<ECParameters> Read(string file)
    {
        var text = InputPath.Pem(file, "key file", Remedy);
        if (text.Contains("ENCRYPTED")) // as a label, or in the headers of an older form
            throw new ReleaseException($"{file}: the key is encrypted; decrypt it with openssl pkey -in {file}");
        var blocks = Blocks(text);
        if (blocks.Count < Begin().Count(text))
            throw new ReleaseException($"{file}: a block is truncated or damaged; get the file again");
        var keys = blocks.Where(block => block.Label != "EC PARAMETERS") // openssl ecparam -genkey writes them before the key
            .Select(block => ReadKey(file, block.Label, block.Pem)).ToList();
        return keys.Count > 0 ? keys
            : throw new ReleaseException($"{file}: not a PEM file with a key (no -----BEGIN …----- of a key); {Remedy}");
    }

    private static List<(string Label, string Pem)> Blocks(string text)
    {
        var found = new List<(string, string)>();
        for (string rest = text; PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
            found.Add((rest[fields.Label], rest[fields.Location]));
        return found;
    }

    private static ECParameters ReadKey(string file, string label, string pem)
    {
        if (label is "RSA PRIVATE KEY" or "RSA PUBLIC KEY") throw Rsa(file);
        if (label is not ("PUBLIC KEY" or "PRIVATE KEY" or "EC PRIVATE KEY"))
            throw new ReleaseException($"{file}: contains a {label}, expected a PUBLIC KEY or PRIVATE KEY; {Remedy}");
        using var key = ECDsa.Create();
        ECParameters parameters;
        try
        {
            key.ImportFromPem(pem);
            parameters = key.ExportParameters(includePrivateParameters: label != "PUBLIC KEY");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            throw IsRsa(pem) ? Rsa(file)
                : new ReleaseException($"{file}: the {label} cannot be read as an elliptic-curve key; {Remedy}");
        }

        if (!parameters.Curve.IsNamed)
            throw new ReleaseException($"{file}: the key has no curve name; add it: openssl ec -in {file} -param_enc named_curve");
        return parameters.Curve.Oid.Value == P256 ? parameters : throw new ReleaseException(
            $"{file}: the key is on the curve {parameters.Curve.Oid.FriendlyName}; releases are signed on P-256 (prime256v1): {Remedy}");
    }

    private static ReleaseException Rsa(string file) =>
        new($"{file}: this is an RSA key; releases are signed with ECDSA on P-256: {Remedy}");

    private static bool IsRsa(string pem)
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex("-----BEGIN ")]
    private static partial Regex Begin();
}
