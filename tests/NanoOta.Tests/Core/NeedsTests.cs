using NanoOta.Tests.Support;
using static NanoOta.Tests.Core.ManifestReading;
using static NanoOta.Tests.Support.TestManifest;

namespace NanoOta.Tests.Core;

/// <summary>What a release needs of a device, as a device reads it: agent level, chip, slot size, settings schema.</summary>
[TestClass]
public sealed class NeedsTests
{
    [TestMethod]
    public void Stated_needs_are_read_and_absent_needs_require_nothing()
    {
        var source = new TestManifest
        {
            Change = map => map.AddRange([(12L, 0x7FFFFFFFL), (13L, "esp32 + x"), (14L, 0xD0000L), (15L, 0x7FFFFFFFL)]),
        };
        Assert.AreEqual(UpdateError.None, Read(source.Sign(), out var manifest));
        Assert.AreEqual((int.MaxValue, "esp32 + x", 0xD0000, int.MaxValue),
            (manifest!.AgentLevel, manifest.Chip, manifest.SlotSize, manifest.SettingsSchema));
        Assert.AreEqual(int.MaxValue, manifest.Describe(manifest.App).SettingsSchema, "it stands in the slot's descriptor");

        Assert.AreEqual(UpdateError.None, Read(new TestManifest().Sign(), out manifest));
        Assert.AreEqual((0, "", 0, 0), (manifest!.AgentLevel, manifest.Chip, manifest.SlotSize, manifest.SettingsSchema));
    }

    [TestMethod]
    [DataRow(12L)]
    [DataRow(14L)]
    [DataRow(15L)]
    public void A_number_out_of_range_or_of_another_type_is_refused(long key)
    {
        RefusesChange(UpdateError.ManifestBadValue, map => map.Add((key, 0L)));
        RefusesChange(UpdateError.ManifestBadValue, map => map.Add((key, 0x80000000L)));
        RefusesChange(UpdateError.ManifestBadValue, map => map.Add((key, new Raw(0x1B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF))));
        RefusesChange(UpdateError.ManifestNotShortest, map => map.Add((key, new Raw(0x18, 0x01))));
        RefusesChange(UpdateError.ManifestWrongType, map => map.Add((key, -1L)));
        RefusesChange(UpdateError.ManifestWrongType, map => map.Add((key, "1")));
        RefusesChange(UpdateError.ManifestWrongType, map => map.Add((key, new object[] { 1L })));
    }

    [TestMethod]
    public void An_invalid_chip_name_is_refused()
    {
        RefusesChange(UpdateError.ManifestBadValue, map => map.Add((13L, "")));
        RefusesChange(UpdateError.ManifestBadValue, map => map.Add((13L, new string('c', 33))));
        RefusesChange(UpdateError.ManifestBadValue, map => map.Add((13L, "esp32\0")));
        RefusesChange(UpdateError.ManifestBadValue, map => map.Add((13L, "esp/32")));
        RefusesChange(UpdateError.ManifestWrongType, map => map.Add((13L, 32L)));
        RefusesChange(UpdateError.ManifestWrongType, map => map.Add((13L, new byte[] { 0x65 })));
    }

    [TestMethod]
    public void Need_keys_are_ordered_and_unique_and_a_later_key_is_unknown()
    {
        RefusesChange(UpdateError.ManifestKeyOrder, map => map.AddRange([(13L, "esp32"), (12L, 1L)]));
        RefusesChange(UpdateError.ManifestKeyOrder, map => map.AddRange([(15L, 1L), (14L, 4096L)]));
        RefusesChange(UpdateError.ManifestDuplicateKey, map => map.AddRange([(15L, 1L), (15L, 2L)]));
        RefusesChange(UpdateError.ManifestUnknownField, map => map.Add((16L, 1L)));
    }
}
