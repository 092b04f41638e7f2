using NanoOta.Tests.Support;

namespace NanoOta.Tests.Simulation;

/// <summary>Releases with requirements, and devices that meet them or not.</summary>
[TestClass]
public sealed class CompatibilityTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    [TestMethod]
    [DataRow(12L, 2L, UpdateError.AgentTooOld, "level 2 needed, 1 is there")]
    [DataRow(13L, "esp32s3", UpdateError.WrongChip, "esp32s3 needed, esp32 is there")]
    [DataRow(14L, 45_056L, UpdateError.WrongLayout, "slots of 45056 bytes needed, these have 49152")]
    public void A_release_for_another_device_is_refused_with_the_mismatch_before_download(
        long key, object value, UpdateError expected, string detail)
    {
        var device = Offered((key, value));
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(expected, device.LastRefusal);
        Assert.AreEqual(detail, device.LastDetail);
        Assert.AreEqual(0, device.Server.BytesRead.Where(f => f.Key != "manifest.cose").Sum(f => f.Value));
    }

    [TestMethod]
    public void A_release_that_needs_what_the_device_has_is_taken()
    {
        var device = Offered((12L, (long)UpdateAgent.Level), (13L, "esp32"), (14L, (long)SimDevice.Map.SlotSize), (15L, 3L));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_device_with_an_unknown_chip_takes_a_release_for_any_chip()
    {
        var device = Offered((13L, "esp32s3"));
        device.Configure = _ => { };
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_release_without_room_is_too_big_regardless_of_its_stated_slot_size()
    {
        var manifest = TestManifest.For(Second.Image, "1.1.0", 2, TestManifest.SharedKey);
        manifest.Size = (long)SimDevice.Map.SlotSize + 1;
        manifest.Change = map => map.Add((14L, 1L << 20));
        var device = SimDevice.Offered(First, Second with { Manifest = manifest.Sign() });
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.ImageTooBig, device.LastRefusal);
    }

    [TestMethod]
    public void A_release_signed_again_with_another_schema_has_the_new_schema()
    {
        var device = Offered((15L, 3L));
        device.Break = ports => ports.Preflight.Add(new Consent(step => step != UpdateStep.Activate));
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Delayed) == 1));
        device.Server.Put("manifest.cose", With((15L, 4L)).Manifest);
        device.Break = _ => { };
        device.PowerCycle();
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        var flash = device.Flash.Snapshot();
        int region = SimDevice.Map.Index(1);
        Assert.AreEqual(4, SlotDescriptor.Read(flash[region..(region + SlotDescriptor.Length)]).SettingsSchema);
    }

    private static SimDevice Offered(params (object Key, object Value)[] fields)
    {
        var device = SimDevice.Offered(First, With(fields));
        device.Configure = options => options.Chip = "esp32";
        return device;
    }

    private static SimRelease With(params (object Key, object Value)[] fields)
    {
        var manifest = TestManifest.For(Second.Image, "1.1.0", 2, TestManifest.SharedKey);
        manifest.Change = map => map.AddRange(fields);
        return Second with { Manifest = manifest.Sign() };
    }
}
