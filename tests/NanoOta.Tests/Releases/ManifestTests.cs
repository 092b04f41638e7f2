using System.Security.Cryptography;
using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

[TestClass]
public sealed class ManifestTests
{
    // Written by hand from SPEC.md, section 2.
    private const string Payload =
        "A6" // map of 6
        + "01" + "01" // format 1
        + "02" + "69" + "73656E736F72206133" // product "sensor a3"
        + "03" + "6A" + "65737033322D746573" + "74" // board "esp32-test"
        + "04" + "65" + "312E322E33" // version "1.2.3"
        + "05" + "1B0000000100020003" // sequence 4295098371
        + "06" + "81" // one image
        + "A6" + "01" + "00" // app
        + "02" + "191000" // 4096 bytes
        + "03" + "5820" + "1111111111111111111111111111111111111111111111111111111111111111"
        + "04" + "5820" + "2222222222222222222222222222222222222222222222222222222222222222"
        + "05" + "65" + "612E696478" // index "a.idx"
        + "06" + "81" + "A2" + "01" + "00" + "02" + "65" + "612E62696E"; // plain "a.bin"

    private static ReleaseManifest Sample => new("sensor a3", "esp32-test", "1.2.3", 4295098371,
        [new ManifestImage(0, 4096, Filled(0x11), Filled(0x22), "a.idx", [new ManifestEncoding(0, "a.bin")])]);

    [TestMethod]
    public void The_payload_matches_the_specification_byte_for_byte()
    {
        Assert.AreEqual(Payload, Convert.ToHexString(ManifestWriter.Encode(Sample)));
    }

    [TestMethod]
    public void The_needs_of_a_release_are_written_byte_for_byte_and_read_back()
    {
        var needs = Sample with { AgentLevel = 1, Chip = "esp32", SlotSize = 0xD0000, SettingsSchema = int.MaxValue };
        var expected = "AA" + Payload[2..] + "0C01" + "0D656573703332" + "0E1A000D0000" + "0F1A7FFFFFFF";
        Assert.AreEqual(expected, Convert.ToHexString(ManifestWriter.Encode(needs)));

        using var key = SigningKey.Generate();
        byte[] file = ManifestWriter.Sign(needs, key);
        var read = SignedManifest.Read(file).Decode();
        Assert.AreEqual((1, "esp32", 0xD0000, int.MaxValue), (read.AgentLevel, read.Chip, read.SlotSize, read.SettingsSchema));
        var crypto = new HostCrypto();
        var reader = new ManifestReader(new TrustedKeys([key.Public.Base64], crypto), crypto, runtime: null!);
        Assert.AreEqual(UpdateError.None, reader.Read(file, file.Length, out var device));
        Assert.AreEqual((1, "esp32", 0xD0000, int.MaxValue), (device.AgentLevel, device.Chip, device.SlotSize, device.SettingsSchema));
    }

    [TestMethod]
    public void The_envelope_matches_the_specification_byte_for_byte()
    {
        using var key = SigningKey.Generate();
        byte[] file = ManifestWriter.Sign(Sample, key);

        int length = Payload.Length / 2;
        var expected = "D284" + "5826" + "A2" + "0126" + "04" + "5820" + Convert.ToHexString(key.Public.Id) + "A0"
            + $"58{length:X2}" + Payload + "5840";
        Assert.AreEqual(expected, Convert.ToHexString(file[..^64]));
        Assert.IsTrue(VerifiesBySignatureStructure(file[^64..], key.Public));
    }

    [TestMethod]
    public void A_signed_manifest_reads_back_as_it_was()
    {
        using var key = SigningKey.Generate();
        using var other = SigningKey.Generate();
        var read = SignedManifest.Read(ManifestWriter.Sign(Sample, key));

        Assert.IsTrue(read.IsSignedBy(key.Public));
        Assert.IsFalse(read.IsSignedBy(other.Public));
        Assert.AreEqual(Payload, Convert.ToHexString(ManifestWriter.Encode(read.Decode())));
    }

    [TestMethod]
    public void Bytes_behind_the_end_and_every_truncation_are_refused()
    {
        using var key = SigningKey.Generate();
        byte[] file = ManifestWriter.Sign(Sample, key);

        TestInput.Refusal(() => SignedManifest.Read([.. file, 0]));
        for (int length = 0; length < file.Length; length++) TestInput.Refusal(() => SignedManifest.Read(file[..length]));
        StringAssert.Contains(TestInput.Refusal(() => SignedManifest.Read(new byte[4097])), "4096");
        StringAssert.Contains(TestInput.Refusal(() => SignedManifest.Read(file[1..])), "manifest");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("/a")]
    [DataRow("a//b")]
    [DataRow("a/")]
    [DataRow("../a")]
    [DataRow("a/./b")]
    [DataRow("a/.../b")]
    [DataRow("http://host/a")]
    [DataRow("a b")]
    public void A_location_stays_in_the_folder_of_the_release(string location)
    {
        var bad = Sample with { Images = [Sample.Images[0] with { IndexLocation = location }] };
        StringAssert.Contains(TestInput.Refusal(() => ManifestWriter.Encode(bad)), "location");
    }

    [TestMethod]
    public void A_field_that_breaks_its_rule_is_refused_by_name()
    {
        StringAssert.Contains(TestInput.Refusal(() => (Sample with { Product = "" }).Check()), "product");
        StringAssert.Contains(TestInput.Refusal(() => (Sample with { Product = "a\n" }).Check()), "product");
        StringAssert.Contains(TestInput.Refusal(() => (Sample with { Board = "ä" }).Check()), "board");
        StringAssert.Contains(TestInput.Refusal(() => (Sample with { Board = new string('a', 33) }).Check()), "board");
        StringAssert.Contains(TestInput.Refusal(() => (Sample with { Chip = "" }).Check()), "chip");
        StringAssert.Contains(TestInput.Refusal(() => (Sample with { SlotSize = 0 }).Check()), "slot size 0");
        StringAssert.Contains(TestInput.Refusal(() => (Sample with { AgentLevel = -1 }).Check()), "agent level -1");
        StringAssert.Contains(TestInput.Refusal(() => (Sample with { SettingsSchema = 0 }).Check()), "settings schema 0");
        StringAssert.Contains(TestInput.Refusal(() => (Sample with { Images = [] }).Check()), "0 images");
        StringAssert.Contains(TestInput.Refusal(() => (Sample with { Images = [Sample.Images[0], Sample.Images[0]] }).Check()), "one kind");
    }

    // The Sig_structure of RFC 9052, section 4.4, put together by hand.
    private static bool VerifiesBySignatureStructure(byte[] signature, PublicKey key)
    {
        byte[] payload = Convert.FromHexString(Payload);
        byte[] signed = [0x84, 0x6A, .. "Signature1"u8, 0x58, 0x26, 0xA2, 0x01, 0x26, 0x04, 0x58, 0x20, .. key.Id, 0x40,
            0x58, (byte)payload.Length, .. payload];
        using var ecdsa = key.ToEcdsa();
        return ecdsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static byte[] Filled(byte value) => [.. Enumerable.Repeat(value, 32)];
}
