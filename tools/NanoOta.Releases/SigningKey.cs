using System.Security.Cryptography;
using System.Text;

namespace NanoOta.Releases;

/// <summary>A private P-256 key that releases are signed with.</summary>
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
    /// <exception cref="ReleaseException">There is no such file, or no private P-256 key in it.</exception>
    public static SigningKey Load(string file)
    {
        var key = PemFile.Read(file, out bool isPrivate);
        if (isPrivate) return new SigningKey(key);
        key.Dispose();
        throw new ReleaseException($"{file}: this is a public key; signing needs the private one, private.pem");
    }

    /// <summary>
    /// Writes the key in PEM (PKCS#8), readable by the owner only (file mode 600; on Windows the folder's rights hold).
    /// A file of that name is replaced.
    /// </summary>
    public void Save(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var temporary = file + ".new";
        File.Delete(temporary);
        using (var stream = new FileStream(temporary, options))
            stream.Write(Encoding.ASCII.GetBytes(Ecdsa.ExportPkcs8PrivateKeyPem() + "\n"));
        File.Move(temporary, file, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose() => Ecdsa.Dispose();
}
