using System.Security.Cryptography;
using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

[TestClass]
public sealed class KeyTests
{
    [TestMethod]
    public void The_key_id_is_the_thumbprint_that_RFC_9679_computes_for_its_example_key()
    {
        var key = Some.Key(
            Convert.FromHexString("65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d"),
            Convert.FromHexString("1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c"));

        Assert.AreEqual("496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec", Convert.ToHexStringLower(key.Id));
    }

    [TestMethod]
    public void A_byte_order_mark_before_a_key_does_not_matter()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        var file = folder.File("marked.pem");
        File.WriteAllText(file, key.Public.ToPem(), new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        CollectionAssert.AreEqual(key.Public.Id, PublicKey.Load(file).Id);
    }

    [TestMethod]
    public void A_saved_key_comes_back_the_same_and_only_its_owner_can_read_it()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        key.Save(folder.File("private.pem"));
        folder.Write("public.pem", key.Public.ToPem());

        using var loaded = SigningKey.Load(folder.File("private.pem"));
        Assert.AreEqual(key.Public.Base64, loaded.Public.Base64);
        Assert.AreEqual(key.Public.Base64, PublicKey.Load(folder.File("public.pem")).Base64);
        if (!OperatingSystem.IsWindows())
            Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("private.pem")));
    }

    [TestMethod]
    public void A_private_key_serves_where_a_public_one_is_needed()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        key.Save(folder.File("private.pem"));

        Assert.AreEqual(key.Public.Base64, PublicKey.Load(folder.File("private.pem")).Base64);
    }

    [TestMethod]
    public void Parameters_in_front_of_a_key_are_passed_over()
    {
        using var folder = new TemporaryFolder();
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = folder.Write("key.pem", "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
            + ecdsa.ExportECPrivateKeyPem());

        using var key = SigningKey.Load(file);
        Assert.AreEqual(64, key.Public.Point.Length);
    }

    [TestMethod]
    public void A_public_key_cannot_sign()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        StringAssert.Contains(RefusalOf(ecdsa.ExportSubjectPublicKeyInfoPem(), signing: true), "signing needs the private one");
    }

    [TestMethod]
    public void A_file_without_a_usable_key_is_refused_with_its_name_and_the_remedy()
    {
        using var rsa = RSA.Create(1024);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var encrypted = p256.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(
            PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1));

        StringAssert.Contains(RefusalOf("hello"), "not a PEM file");
        StringAssert.Contains(RefusalOf(rsa.ExportSubjectPublicKeyInfoPem()), "RSA key");
        StringAssert.Contains(RefusalOf(rsa.ExportPkcs8PrivateKeyPem()), "RSA key");
        StringAssert.Contains(RefusalOf(rsa.ExportRSAPrivateKeyPem()), "RSA key");
        StringAssert.Contains(RefusalOf(p384.ExportSubjectPublicKeyInfoPem()), "another curve");
        StringAssert.Contains(RefusalOf(encrypted), "openssl pkey");
        StringAssert.Contains(RefusalOf("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----"), "CERTIFICATE");
        StringAssert.Contains(RefusalOf("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"), "cannot be read");
        StringAssert.Contains(Some.Refusal(() => PublicKey.Load("no/such.pem")), "no/such.pem: no such key file");
    }

    private static string RefusalOf(string pem, bool signing = false)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("key.pem", pem);
        var message = Some.Refusal(() =>
        {
            if (signing) SigningKey.Load(file);
            else PublicKey.Load(file);
        });
        StringAssert.StartsWith(message, file);
        return message;
    }
}
