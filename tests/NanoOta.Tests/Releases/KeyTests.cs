using System.Security.Cryptography;
using NanoOta.Cli;
using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

[TestClass]
public sealed class KeyTests
{
    [TestMethod]
    public void The_key_id_is_the_thumbprint_that_RFC_9679_computes_for_its_example_key()
    {
        var key = TestInput.Key(
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
    public void Parameters_in_front_of_a_key_are_skipped()
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
        StringAssert.Contains(RefusalOf(ecdsa.ExportSubjectPublicKeyInfoPem(), signing: true), "give the private one");
    }

    [TestMethod]
    public void A_file_without_a_usable_key_is_refused_with_its_name_and_the_remedy()
    {
        using var rsa = RSA.Create(1024);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var encrypted = p256.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(
            PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1));

        StringAssert.Contains(RefusalOf("hello"), "not a PEM file with a key");
        StringAssert.Contains(RefusalOf(rsa.ExportSubjectPublicKeyInfoPem()), "RSA key");
        StringAssert.Contains(RefusalOf(rsa.ExportPkcs8PrivateKeyPem()), "RSA key");
        StringAssert.Contains(RefusalOf(rsa.ExportRSAPrivateKeyPem()), "RSA key");
        StringAssert.Contains(RefusalOf(p384.ExportSubjectPublicKeyInfoPem()), "is on the curve ");
        StringAssert.Contains(RefusalOf(encrypted), "openssl pkey");
        StringAssert.Contains(RefusalOf("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----"), "CERTIFICATE");
        StringAssert.Contains(RefusalOf("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"), "cannot be read");
        StringAssert.Contains(TestInput.Refusal(() => PublicKey.Load("no/such.pem")), "no/such.pem: no such key file");
    }

    [TestMethod]
    public void All_keys_of_a_file_are_taken_and_each_of_them_once()
    {
        using var folder = new TemporaryFolder();
        using SigningKey first = SigningKey.Generate(), second = SigningKey.Generate();
        first.Save(folder.File("private.pem"));
        var file = folder.Write("fleet.pem", "first\n" + first.Public.ToPem() + "its backup\n" + second.Public.ToPem()
            + File.ReadAllText(folder.File("private.pem")));

        CollectionAssert.AreEqual(new[] { first.Public.Base64, second.Public.Base64 },
            PublicKey.LoadAll(file).Select(key => key.Base64).ToArray());
        CollectionAssert.AreEqual(new[] { first.Public.Base64, second.Public.Base64 },
            CommonOptions.LoadKeys([file, folder.File("private.pem")]).Select(key => key.Base64).ToArray());
        StringAssert.Contains(TestInput.Refusal(() => PublicKey.Load(file)), "contains several keys");
        using var signing = SigningKey.Load(file);
        Assert.AreEqual(first.Public.Base64, signing.Public.Base64, "the private half alone can sign");
        second.Save(folder.File("other.pem"));
        folder.Write("two.pem", File.ReadAllText(folder.File("private.pem")) + File.ReadAllText(folder.File("other.pem")));
        StringAssert.Contains(TestInput.Refusal(() => SigningKey.Load(folder.File("two.pem"))), "contains 2 private keys; give a file with one");
    }

    [TestMethod]
    public void An_unusable_second_key_is_refused()
    {
        using var first = SigningKey.Generate();
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var good = first.Public.ToPem();
        StringAssert.Contains(RefusalOf(good + p384.ExportSubjectPublicKeyInfoPem()), "is on the curve ");
        StringAssert.Contains(RefusalOf(good + good.Replace("-----END", "----END")), "a block is truncated or damaged");
        StringAssert.Contains(RefusalOf(good + "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----"), "contains a CERTIFICATE");
    }

    [TestMethod]
    public void Each_form_of_a_P256_key_is_read_and_every_other_key_is_named()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var folder = new TemporaryFolder();
        foreach (var pem in new[] { key.ExportPkcs8PrivateKeyPem(), key.ExportECPrivateKeyPem() })
            SigningKey.Load(folder.Write("key.pem", pem)).Dispose();
        var headed = key.ExportECPrivateKeyPem().Replace("KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n");
        StringAssert.Contains(RefusalOf(headed, signing: true), "the key is encrypted; decrypt it with openssl pkey -in ");
        StringAssert.Contains(TestInput.Refusal(() => SigningKey.Load(folder.Write("key.der", key.ExportPkcs8PrivateKey()))),
            "key.der: is DER (binary), not PEM (text)");
        using var spelt = ECDsa.Create(key.ExportExplicitParameters(includePrivateParameters: true));
        StringAssert.Contains(RefusalOf(spelt.ExportPkcs8PrivateKeyPem(), signing: true), "has no curve name; add it: openssl ec -in ");
    }

    private static string RefusalOf(string pem, bool signing = false)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("key.pem", pem);
        var message = TestInput.Refusal(() =>
        {
            if (signing) SigningKey.Load(file);
            else PublicKey.Load(file);
        });
        StringAssert.StartsWith(message, file);
        return message;
    }
}
