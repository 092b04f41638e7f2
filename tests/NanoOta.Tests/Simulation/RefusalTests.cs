using NanoOta.Tests.Support;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

[TestClass]
public sealed class RefusalTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    [TestMethod]
    public void A_failed_image_under_a_new_manifest_is_recognised_by_its_hash()
    {
        var device = SimDevice.Offered(First, Second with { Behaviour = Behaviour.Unhealthy });
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        var renamed = new SimRelease("1.1.1", 9, Second.Image, Behaviour.Unhealthy);
        device.Publish(renamed);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);
    }

    [TestMethod]
    public void A_lost_network_ends_in_a_refusal_and_the_next_check_recovers()
    {
        var device = SimDevice.Offered(First, Second);
        device.Server.OnOpen = (name, _) => name.EndsWith(".bin") ? UpdateError.Unreachable : UpdateError.None;
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Unreachable, device.LastRefusal);
        device.Server.OnOpen = (_, _) => UpdateError.None;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_corrupt_block_is_refused_and_fetched_alone_from_the_repaired_server()
    {
        var device = SimDevice.Offered(First, Second);
        var damaged = (byte[])Second.Image.Clone();
        damaged[3 * 4096 + 17] ^= 0x40;
        device.Server.Put("1.1.0/app.bin", damaged);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.BlockCorrupt, device.LastRefusal);
        Assert.AreEqual("1.0.0", device.RunningVersion);
        device.Server.Put("1.1.0/app.bin", Second.Image);
        int before = device.Server.ImageBytesRead;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(Second.Image.Length - 2 * 4096, device.Server.ImageBytesRead - before, "blocks 1 and 2 were there");
    }

    [TestMethod]
    public void A_corrupt_index_is_refused()
    {
        var device = SimDevice.Offered(First, Second);
        var damaged = TestImage.Index(Second.Image);
        damaged[40] ^= 1;
        device.Server.Put("1.1.0/app.idx", damaged);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.IndexCorrupt, device.LastRefusal);
        device.Server.Put("1.1.0/app.idx", TestImage.Index(Second.Image));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_signed_image_that_is_not_a_sequence_of_assemblies_is_refused()
    {
        var image = (byte[])Second.Image.Clone();
        int second = AssemblyHeader.Align(Bytes.GetSize(image, AssemblyHeader.TotalSizeOffset));
        image[second] ^= 1;
        var device = SimDevice.Offered(First, new SimRelease("1.1.0", 2, image, Behaviour.Good));
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.ImageMalformed, device.LastRefusal);
        Assert.AreEqual("1.0.0", device.RunningVersion);
    }

    [TestMethod]
    public void Formats_of_another_generation_are_refused_by_name()
    {
        var index = TestImage.Index(Second.Image);
        index[4] = 2;
        var manifest = TestManifest.For(Second.Image, "1.1.0", 2, TestManifest.SharedKey);
        manifest.IndexDigest = System.Security.Cryptography.SHA256.HashData(index);
        var device = SimDevice.Offered(First, Second with { Manifest = manifest.Sign() });
        device.Server.Put("1.1.0/app.idx", index);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.IndexUnknownFormat, device.LastRefusal);

        var image = (byte[])Second.Image.Clone();
        image[5] = (byte)'2';
        device = SimDevice.Offered(First, new SimRelease("1.1.0", 2, image, Behaviour.Good));
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.ImageUnknownFormat, device.LastRefusal);
    }

    [TestMethod]
    public void An_assembly_that_the_runtime_would_skip_is_refused_despite_a_whole_header()
    {
        var image = (byte[])Second.Image.Clone();
        int second = AssemblyHeader.Align(Bytes.GetSize(image, AssemblyHeader.TotalSizeOffset));
        var header = image[second..(second + AssemblyHeader.Length)];
        Bytes.PutU16(header, AssemblyHeader.StringTableVersionOffset, AssemblyHeader.StringTableVersion + 1);
        Bytes.PutU32(header, AssemblyHeader.HeaderCrcOffset, AssemblyHeader.ComputeHeaderCrc(header));
        header.CopyTo(image, second);
        var device = SimDevice.Offered(First, new SimRelease("1.1.0", 2, image, Behaviour.Good));
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.ImageUnknownFormat, device.LastRefusal);
        Assert.AreEqual("1.0.0", device.RunningVersion);
    }

    [TestMethod]
    public void An_index_without_room_is_refused()
    {
        var manifest = TestManifest.For(Second.Image, "1.1.0", 2, TestManifest.SharedKey);
        manifest.Size = 764L * 4096;
        var device = SimDevice.Offered(First, Second with { Manifest = manifest.Sign() });
        device.Break = ports => ports.Flash = new LargeSlot(ports.Flash);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.IndexTooBig, device.LastRefusal);
    }

    [TestMethod]
    public void An_index_that_fits_no_image_is_detected_before_activation()
    {
        // The publisher signed an index and an image digest that do not belong together.
        var other = TestImage.Image(7, 99)[..Second.Image.Length];
        var manifest = TestManifest.For(Second.Image, "1.1.0", 2, TestManifest.SharedKey);
        manifest.IndexDigest = System.Security.Cryptography.SHA256.HashData(TestImage.Index(other));
        var device = SimDevice.Offered(First, Second with { Manifest = manifest.Sign() });
        device.Server.Put("1.1.0/app.idx", TestImage.Index(other));
        device.Server.Put("1.1.0/app.bin", other);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.ImageCorrupt, device.LastRefusal);
        Assert.AreEqual(0, device.Count(UpdateEventKind.Activated));
    }

    [TestMethod]
    public void Releases_for_others_are_refused_before_anything_is_erased()
    {
        void Refuses(UpdateError expected, Action<TestManifest> change)
        {
            var manifest = TestManifest.For(Second.Image, "1.1.0", 2, TestManifest.SharedKey);
            change(manifest);
            var device = SimDevice.Offered(First, Second with { Manifest = manifest.Sign() });
            var before = device.Flash.Snapshot();
            Assert.IsTrue(device.RunOneCheck());
            Assert.AreEqual(expected, device.LastRefusal);
            Assert.AreEqual(0, device.Server.ImageBytesRead);
            var after = device.Flash.Snapshot();
            int journal = SimDevice.Map.Records + FlashLayout.Journal;
            before.AsSpan(journal, 2 * 4096).CopyTo(after.AsSpan(journal));
            Assert.IsTrue(before.AsSpan().SequenceEqual(after), "only the journal may change");
        }

        Refuses(UpdateError.WrongProduct, m => m.Product = "heater");
        Refuses(UpdateError.WrongBoard, m => m.Board = "board-b");
        Refuses(UpdateError.NotNewer, m => m.Sequence = 1L);
        Refuses(UpdateError.ImageTooBig, m => m.Size = (long)SimDevice.Map.SlotSize + 1);
        Refuses(UpdateError.UnknownKey, m => m.Key = new TestKey());
        Refuses(UpdateError.ManifestBadLocation, m => m.ImageLocation = "../app.bin");
        Refuses(UpdateError.ManifestNoEncoding, m => m.EncodingKind = 5L);
    }

    [TestMethod]
    public void A_worn_sector_in_the_slot_is_refused_with_its_reason()
    {
        var device = SimDevice.Offered(First, Second);
        device.Flash.Program(SimDevice.Map.Slot(1) + 2 * 4096, new byte[4]);
        device.Flash.WearOut(SimDevice.Map.Slot(1) + 2 * 4096);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.FlashEraseFailed, device.LastRefusal);
        Assert.AreEqual("1.0.0", device.RunningVersion);
    }
}
