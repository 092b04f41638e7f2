using System.Security.Cryptography;
using System.Security.Cryptography.Cose;
using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

/// <summary>Payloads with a valid signature that violate SPEC.md, section 2.</summary>
[TestClass]
public sealed class StrictManifestTests
{
    private const string Product = "02" + "6170";
    private const string Board = "03" + "6162";
    private const string Version = "04" + "65312E302E30";
    private const string Digest = "5820" + "0000000000000000000000000000000000000000000000000000000000000000";
    private const string Encoding = "A2" + "0100" + "02" + "6161";
    private const string Image = "A6" + "0100" + "0201" + "03" + Digest + "04" + Digest + "05" + "6169" + "0681" + Encoding;
    private const string Images = "06" + "81" + Image;
    private const string Required = "0101" + Product + Board + Version + "0501" + Images;
    private const string Good = "A6" + Required;

    [TestMethod]
    public void The_base_payload_of_these_tests_is_good()
    {
        Assert.AreEqual("p", Read(Good).Decode().Product);
    }

    [TestMethod]
    [DataRow("a key twice", "deterministic CBOR", "A6" + "0101" + "0101" + Board + Version + "0501" + Images)]
    [DataRow("keys out of order", "deterministic CBOR", "A6" + "0101" + Board + Product + Version + "0501" + Images)]
    [DataRow("a number not in its shortest form", "deterministic CBOR", "A6" + "011801" + Product + Board + Version + "0501" + Images)]
    [DataRow("a length not in its shortest form", "deterministic CBOR", "A6" + "0101" + "02" + "780170" + Board + Version + "0501" + Images)]
    [DataRow("an indefinite map", "deterministic CBOR", "BF" + "0101" + Product + Board + Version + "0501" + Images + "FF")]
    [DataRow("an indefinite array", "deterministic CBOR", "A6" + "0101" + Product + Board + Version + "0501" + "069F" + Image + "FF")]
    [DataRow("an indefinite text", "deterministic CBOR", "A6" + "0101" + "02" + "7F6170FF" + Board + Version + "0501" + Images)]
    [DataRow("a wrong type", "deterministic CBOR", "A6" + "0101" + "02" + "4170" + Board + Version + "0501" + Images)]
    [DataRow("an unknown format", "format 2", "A6" + "0102" + Product + Board + Version + "0501" + Images)]
    [DataRow("an unknown field", "unknown field 16", "A7" + Required + "1000")]
    [DataRow("expiry 0", "out of range", "A7" + "0101" + Product + Board + Version + "0501" + Images + "0700")]
    [DataRow("a wave of 101 percent", "wave", "A7" + "0101" + Product + Board + Version + "0501" + Images + "091865")]
    [DataRow("an empty list of mirrors", "empty list", "A7" + "0101" + Product + Board + Version + "0501" + Images + "0A80")]
    [DataRow("a mirror that is no address", "mirror 'a'", "A7" + "0101" + Product + Board + Version + "0501" + Images + "0A816161")]
    [DataRow("agent level 0", "agent level 0 is out of range", "A7" + Required + "0C00")]
    [DataRow("agent level 2^31", "deterministic CBOR", "A7" + Required + "0C1A80000000")]
    [DataRow("an agent level that is a text", "deterministic CBOR", "A7" + Required + "0C6131")]
    [DataRow("an empty chip", "chip ''", "A7" + Required + "0D60")]
    [DataRow("a chip with a line break", "chip 'a", "A7" + Required + "0D62610A")]
    [DataRow("a chip that is a number", "deterministic CBOR", "A7" + Required + "0D01")]
    [DataRow("a slot of no bytes", "slot size 0 is out of range", "A7" + Required + "0E00")]
    [DataRow("a slot of 2^31 bytes", "deterministic CBOR", "A7" + Required + "0E1A80000000")]
    [DataRow("settings schema 0", "settings schema 0 is out of range", "A7" + Required + "0F00")]
    [DataRow("settings schema -1", "settings schema -1 is out of range", "A7" + Required + "0F20")]
    [DataRow("settings schema 2^31", "deterministic CBOR", "A7" + Required + "0F1A80000000")]
    [DataRow("chip before agent level", "deterministic CBOR", "A8" + Required + "0D6161" + "0C01")]
    [DataRow("the settings schema twice", "deterministic CBOR", "A8" + Required + "0F01" + "0F01")]
    [DataRow("a missing field", "field 6 is missing", "A5" + "0101" + Product + Board + Version + "0501")]
    [DataRow("sequence 0", "out of range", "A6" + "0101" + Product + Board + Version + "0500" + Images)]
    [DataRow("sequence 2^53", "out of range", "A6" + "0101" + Product + Board + Version + "051B0020000000000000" + Images)]
    [DataRow("sequence 2^64 - 1", "deterministic CBOR", "A6" + "0101" + Product + Board + Version + "051BFFFFFFFFFFFFFFFF" + Images)]
    [DataRow("two images of one kind", "two images of one kind", "A6" + "0101" + Product + Board + Version + "0501" + "0682" + Image + Image)]
    [DataRow("bytes after the end", "bytes follow the payload", Good + "00")]
    [DataRow("a payload that is no map", "deterministic CBOR", "80")]
    [DataRow("an empty payload", "deterministic CBOR", "")]
    public void A_payload_against_the_rules_is_refused(string what, string reason, string payload)
    {
        StringAssert.Contains(TestInput.Refusal(() => Read(payload).Decode()), reason, what);
    }

    [TestMethod]
    public void A_negative_key_is_skipped()
    {
        Assert.AreEqual("p", Read("A7" + Good[2..] + "2081F6").Decode().Product);
    }

    private static SignedManifest Read(string payload)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var headers = new CoseHeaderMap { { CoseHeaderLabel.KeyIdentifier, new byte[32] } };
        byte[] content = Convert.FromHexString(payload);
        return SignedManifest.Read(CoseSign1Message.SignEmbedded(content, new CoseSigner(key, HashAlgorithmName.SHA256, headers)));
    }
}
