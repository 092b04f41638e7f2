using System.Security.Cryptography;
using System.Text;

namespace NanoOta.Releases;

/// <summary>A private P-256 key that signs releases.</summary>
public sealed class SigningKey : IDisposable
{
    private SigningKey(ECDsa ecdsa)
    {
        Ecdsa = ecdsa;
        Public = new PublicKey(ecdsa.ExportParameters(includePrivateParameters: false));
    }

    /// <summary>The public half.</summary>
    public PublicKey Public { get; }

    internal ECDsa Ecdsa { get; }

    /// <summary>Makes a new key.</summary>
    public static SigningKey Generate() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads a private key from a PEM file (PKCS#8 or SEC 1, not encrypted).</summary>
    /// <exception cref="ReleaseException">The file is missing, or does not contain exactly one private P-256 key.</exception>
    public static SigningKey Load(string file)
    {
        var own = PemFile.Read(file).Where(key => key.D != null).ToList();
        return own.Count switch
        {
            0 => throw new ReleaseException($"{file}: this is a public key; give the private one, private.pem"),
            1 => new SigningKey(ECDsa.Create(own[0])),
            _ => throw new ReleaseException($"{file}: contains {own.Count} private keys; give a file with one"),
        };
    }

    /// <summary>Writes the key in PEM (PKCS#8), readable by the owner only (file mode 600; on Windows the folder's permissions apply). An
    /// existing file is replaced.</summary>
    /// <exception cref="ReleaseException">The file cannot be written.</exception>
    public void Save(string file) => OutputFile.Write(ToFile(file));

    /// <summary>Writes both halves, the private one readable by its owner only; if one cannot be written, neither is.</summary>
    /// <exception cref="ReleaseException">A file cannot be written.</exception>
    public void Save(string privateFile, string publicFile) =>
        OutputFile.Write(ToFile(privateFile), new OutputFile(publicFile, Encoding.ASCII.GetBytes(Public.ToPem())));

    /// <inheritdoc/>
    public void Dispose() => Ecdsa.Dispose();

    private OutputFile ToFile(string file) => new(file, Encoding.ASCII.GetBytes(Ecdsa.ExportPkcs8PrivateKeyPem() + "\n"), IsSecret: true);
}
