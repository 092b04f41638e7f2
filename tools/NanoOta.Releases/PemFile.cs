using System.Security.Cryptography;

namespace NanoOta.Releases;

/// <summary>Reads the one key of a PEM file, and says what is wrong with it if it is of no use.</summary>
internal static class PemFile
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private const string Remedy = "make a P-256 key with 'nano-ota keygen'";

    public static ECDsa Read(string file, out bool isPrivate)
    {
        InputPath.Existing(file, "key file", Remedy);
        using var text = new StreamReader(new MemoryStream(InputPath.Read(file)));
        var (label, pem) = FindKey(file, text.ReadToEnd());
        isPrivate = label != "PUBLIC KEY";
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            var curve = key.ExportParameters(includePrivateParameters: false).Curve;
            if (curve.IsNamed && curve.Oid.Value == P256) return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            key.Dispose();
            throw new ReleaseException(IsRsa(pem)
                ? $"{file}: this is an RSA key; releases are signed with ECDSA on P-256: {Remedy}"
                : $"{file}: the {label} in it cannot be read as an elliptic-curve key; {Remedy}");
        }

        key.Dispose();
        throw new ReleaseException($"{file}: the key is on another curve; releases are signed on P-256 (prime256v1): {Remedy}");
    }

    private static (string Label, string Pem) FindKey(string file, string text)
    {
        string rest = text;
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var label = rest[fields.Label];
            switch (label)
            {
                case "PUBLIC KEY" or "PRIVATE KEY" or "EC PRIVATE KEY":
                    return (label, rest[fields.Location]);
                case "EC PARAMETERS": // openssl ecparam -genkey writes them in front of the key
                    rest = rest[fields.Location.End..];
                    continue;
                case "ENCRYPTED PRIVATE KEY":
                    throw Encrypted(file);
                case "RSA PRIVATE KEY" or "RSA PUBLIC KEY":
                    throw new ReleaseException($"{file}: this is an RSA key; releases are signed with ECDSA on P-256: {Remedy}");
                default:
                    throw new ReleaseException($"{file}: holds a {label}, expected a PUBLIC KEY or PRIVATE KEY; {Remedy}");
            }
        }

        if (text.Contains("ENCRYPTED")) throw Encrypted(file);
        throw new ReleaseException($"{file}: not a PEM file (no -----BEGIN …----- in it); {Remedy}");
    }

    private static ReleaseException Encrypted(string file) =>
        new($"{file}: the key is encrypted; decrypt it with openssl pkey -in {file}");

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
}
