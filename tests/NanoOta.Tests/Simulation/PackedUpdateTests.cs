namespace NanoOta.Tests.Simulation;

/// <summary>Updates by a packed file: what is fetched, and what happens when it cannot be used.</summary>
[TestClass]
public sealed class PackedUpdateTests
{
    private const string Mirror = "http://mirror.example/m/";

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 6);
    private static readonly SimRelease Fix = First.Fix("1.1.0", 2, 1200);
    private static readonly SimRelease Large = First.Fix("1.1.0", 2, 9000);

    [TestMethod]
    public void A_device_with_the_base_fetches_the_packed_file_and_nothing_else()
    {
        var device = SimDevice.Offered(First, Fix);
        Ends(device, Fix);
        Assert.AreEqual(Fix.Packed.Bytes.Length, device.Server.PackedBytesRead);
        CollectionAssert.AreEquivalent(new[] { "manifest.cose", "1.1.0/app0.pack" }, device.Server.BytesRead.Keys);
        Assert.AreEqual(0, device.Count(UpdateEventKind.Error));
    }

    [TestMethod]
    public void Manifest_and_packed_file_take_one_request_each()
    {
        var device = SimDevice.Offered(First, Large);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Staged) == 1));
        Assert.AreEqual(2, device.Server.Opens);
    }

    [TestMethod]
    public void A_device_with_any_firmware_takes_a_packed_file_without_a_base()
    {
        var release = Fix.PackedFrom([[]]);
        var device = SimDevice.Offered(SimRelease.Make("0.5.0", 1, 9), release);
        Ends(device, release);
        Assert.AreEqual(release.Packed.Bytes.Length, device.Server.PackedBytesRead);
    }

    [TestMethod]
    public void A_device_without_the_base_fetches_the_plain_image_and_nothing_of_the_packed_file()
    {
        var device = SimDevice.Offered(SimRelease.Make("0.9.0", 1, 7), Fix);
        Ends(device, Fix);
        Assert.AreEqual((0, Fix.Image.Length), (device.Server.PackedBytesRead, device.Server.ImageBytesRead));
    }

    [TestMethod]
    public void After_a_reset_at_most_one_segment_is_fetched_twice()
    {
        int blocks = BlockIndex.BlockCount(Large.Image.Length);
        for (int at = 1; at < blocks; at++)
        {
            var device = SimDevice.Offered(First, Large);
            Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Progress) == at));
            device.PowerCycle();
            Ends(device, Large);
            int twice = device.Server.PackedBytesRead - Large.Packed.Bytes.Length;
            Assert.IsLessThanOrEqualTo(PackedModel.MaxCode, twice, $"after block {at}");
            Assert.AreEqual(0, device.Server.ImageBytesRead);
        }
    }

    [TestMethod]
    public void Progress_counts_the_bytes_of_the_packed_file_that_are_still_to_be_fetched()
    {
        var device = SimDevice.Offered(First, Large);
        var progress = new Progress();
        device.Break = ports => ports.Events.Add(progress);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Progress) == BlockIndex.BlockCount(Large.Image.Length) - 2));
        device.PowerCycle();
        int resumed = 0;
        device.Server.OnOpen = (name, offset) =>
        {
            if (name.EndsWith(".pack")) resumed = offset;
            return UpdateError.None;
        };
        progress.Files.Clear();
        Ends(device, Large);
        int length = Large.Packed.Bytes.Length;
        Assert.IsGreaterThan(0, resumed);
        Assert.AreEqual((resumed, length), progress.Files[0], "the event with which it continues");
        Assert.AreEqual((length, length), progress.Files[^1]);
        CollectionAssert.AreEqual(progress.Files.Order().ToList(), progress.Files);
    }

    [TestMethod]
    public void What_is_whole_in_the_slot_is_not_fetched_again()
    {
        var device = SimDevice.Offered(First, Fix with { Behaviour = Behaviour.Silent });
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.TooManyTrials));
        Assert.AreEqual(Fix.Packed.Bytes.Length, device.Server.PackedBytesRead);
    }

    [TestMethod]
    public void A_connection_lost_at_any_byte_of_a_packed_file_costs_no_byte_twice()
    {
        int length = Fix.Packed.Bytes.Length;
        for (int at = 1; at < length; at++)
        {
            var device = SimDevice.Offered(First, Fix);
            int left = at;
            device.Server.OnOpen = (name, _) =>
            {
                device.Server.BytesPerConnection = name.EndsWith(".pack") ? left : int.MaxValue;
                if (name.EndsWith(".pack")) left = int.MaxValue;
                return UpdateError.None;
            };
            Ends(device, Fix, $"lost after {at} bytes");
            Assert.AreEqual((length, 0), (device.Server.PackedBytesRead, device.Server.ImageBytesRead), $"lost after {at} bytes");
        }
    }

    [TestMethod]
    public void With_any_byte_of_the_packed_file_wrong_the_plain_image_is_fetched()
    {
        for (int at = 0; at < Fix.Packed.Bytes.Length; at++)
        {
            var device = SimDevice.Offered(First, Fix);
            device.Server.Alter = (name, _, content) => name.EndsWith(".pack") ? Flipped(content, at) : content;
            Ends(device, Fix, $"byte {at}");
            Assert.IsTrue(device.Events.Exists(e => e.Kind == UpdateEventKind.Error
                && e.Code is UpdateError.BlockCorrupt or UpdateError.IndexCorrupt or UpdateError.IndexUnknownFormat), $"byte {at}");
        }
    }

    [TestMethod]
    [DataRow(5)]
    [DataRow(40)]
    [DataRow(500)]
    public void A_packed_file_that_is_damaged_on_the_server_is_fetched_from_the_mirror(int at)
    {
        var release = Fix with { Manifest = OnMirror(Fix) };
        var device = new SimDevice(First);
        device.Server.Mirror = Mirror;
        device.Server.Alter = (name, isMirror, content) => name.EndsWith(".pack") && !isMirror ? Flipped(content, at) : content;
        device.Publish(release);
        Ends(device, release);
        Assert.AreEqual(0, device.Server.ImageBytesRead);
    }

    [TestMethod]
    public void A_missing_packed_file_leads_to_the_plain_image()
    {
        var device = SimDevice.Offered(First, Fix);
        device.Server.Remove("1.1.0/app0.pack");
        Ends(device, Fix);
        Assert.Contains((UpdateEventKind.Error, "1.1.0", UpdateError.FileNotFound), device.Events);
    }

    [TestMethod]
    public void A_difference_that_is_damaged_leads_to_the_compressed_image_also_after_resets()
    {
        var release = Large.PackedFrom(First.Image, []);
        int length = release.Encodings[1].File.Bytes.Length, blocks = BlockIndex.BlockCount(release.Image.Length);
        for (int at = 1; at < blocks; at++)
        {
            var device = SimDevice.Offered(First, release);
            device.Server.Alter = (name, _, content) => name.EndsWith("0.pack") ? Flipped(content, content.Length - 1) : content;
            Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Progress) == at));
            device.PowerCycle();
            Ends(device, release, $"after block {at}");
            Assert.AreEqual(0, device.Server.ImageBytesRead, $"after block {at}");
            Assert.IsLessThanOrEqualTo(length + PackedModel.MaxCode, device.Server.BytesRead["1.1.0/app1.pack"], $"after block {at}");
        }
    }

    [TestMethod]
    public void The_plain_image_is_fetched_when_every_packed_file_is_missing()
    {
        var release = Large.PackedFrom(First.Image, []);
        var device = SimDevice.Offered(First, release);
        foreach (var encoding in release.Encodings) device.Server.Remove(encoding.Location);
        Ends(device, release);
        Assert.AreEqual((0, release.Image.Length), (device.Server.PackedBytesRead, device.Server.ImageBytesRead));
        Assert.AreEqual(2, device.Events.Count(e => e is (UpdateEventKind.Error, _, UpdateError.FileNotFound)));
    }

    [TestMethod]
    public void A_packed_file_that_was_given_up_is_not_tried_again_after_a_reset()
    {
        var device = SimDevice.Offered(First, Large);
        device.Server.Alter = (name, _, content) => name.EndsWith(".pack") ? Flipped(content, content.Length - 1) : content;
        Assert.IsTrue(device.RunUntil(() => device.Server.ImageBytesRead > 0));
        int packed = device.Server.PackedBytesRead;
        device.PowerCycle();
        Ends(device, Large);
        Assert.AreEqual(packed, device.Server.PackedBytesRead);
        Assert.IsLessThan(Large.Image.Length, device.Server.ImageBytesRead, "what the packed file gave stays");
    }

    [TestMethod]
    public void A_base_that_changes_while_it_is_read_activates_nothing_wrong()
    {
        for (int at = 1; at < BlockIndex.BlockCount(Fix.Image.Length); at++)
        {
            var device = SimDevice.Offered(First, Fix);
            Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Progress) == at));
            for (int sector = 0; sector < 6; sector++) device.Flip(SimDevice.Map.Slot(0) + sector * 4096 + 2000);
            Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Activated) == 1), $"after block {at}");
            Assert.IsTrue(device.SlotHolds(1, Fix.Image), $"after block {at}");
        }
    }

    [TestMethod]
    public void Bytes_behind_a_whole_image_are_cleared()
    {
        var device = SimDevice.Offered(First, Fix);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Staged) == 1));
        device.Flash.EraseSector(SimDevice.Map.Slot(1) + 10 * 4096);
        device.Flash.Program(SimDevice.Map.Slot(1) + 10 * 4096, new byte[4]);
        device.PowerCycle();
        Ends(device, Fix);
    }

    private static void Ends(SimDevice device, SimRelease release, string where = "")
    {
        Assert.IsTrue(device.RunUntilConfirmed(release.Version), where);
        Assert.IsTrue(device.SlotHolds(1, release.Image), where);
        Assert.AreEqual(1, device.Count(UpdateEventKind.Activated), where);
    }

    private static byte[] Flipped(byte[] content, int at)
    {
        byte[] flipped = [.. content];
        flipped[at] ^= 0x10;
        return flipped;
    }

    private static byte[] OnMirror(SimRelease release)
    {
        var manifest = Support.TestManifest.For(release.Image, release.Version, release.Sequence, Support.TestManifest.SharedKey);
        manifest.Packed = [.. release.Encodings.Select(encoding => encoding.Entry)];
        manifest.Change = map => map.Add((10L, new object[] { Mirror }));
        return manifest.Sign();
    }

    private sealed class Progress : IUpdateEvents
    {
        public List<(int Staged, int Size)> Files { get; } = [];

        public void On(UpdateEvent e)
        {
            if (e.Kind is UpdateEventKind.Staging or UpdateEventKind.Progress) Files.Add((e.FileStaged, e.FileSize));
        }
    }
}
