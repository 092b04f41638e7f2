using NanoOta.Tests.Support;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

[TestClass]
public sealed class UpdateTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);
    private static readonly SimRelease Third = SimRelease.Make("1.2.0", 3, 4);

    private static SimDevice Offered(SimRelease release)
    {
        var device = new SimDevice(First);
        device.Publish(release);
        return device;
    }

    [TestMethod]
    public void A_good_release_is_staged_tried_and_confirmed()
    {
        var device = Offered(Second);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsTrue(device.SlotHolds(1, Second.Image));
        Assert.IsTrue(device.SlotHolds(0, First.Image));
        UpdateEventKind[] expected =
        [
            UpdateEventKind.Offer, UpdateEventKind.Staging, UpdateEventKind.Progress, UpdateEventKind.Staged,
            UpdateEventKind.Activated, UpdateEventKind.Reboot, UpdateEventKind.Trial, UpdateEventKind.Health, UpdateEventKind.Confirmed,
        ];
        CollectionAssert.AreEqual(expected, device.Events.Select(e => e.Kind).Distinct().ToArray());
        Assert.AreEqual(2, device.Boots);
    }

    [TestMethod]
    public void What_runs_already_is_not_fetched_again()
    {
        var device = Offered(Second);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsTrue(device.RunOneCheck());
        int bytes = device.Server.ImageBytesRead, operations = device.Flash.Operations;
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(bytes, device.Server.ImageBytesRead);
        Assert.AreEqual(operations, device.Flash.Operations);
    }

    [TestMethod]
    public void Releases_follow_each_other_from_slot_to_slot_and_leave_nothing_of_longer_ones_behind()
    {
        var device = Offered(Second);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        device.Publish(Third);
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
        Assert.IsTrue(device.SlotHolds(0, Third.Image));
    }

    [TestMethod]
    [DataRow(Behaviour.CrashesAtStart, UpdateError.TrialPanic)]
    [DataRow(Behaviour.Hangs, UpdateError.TrialWatchdog)]
    [DataRow(Behaviour.Restarts, UpdateError.TrialReset)]
    [DataRow(Behaviour.Unhealthy, UpdateError.HealthCheckFailed)]
    [DataRow(Behaviour.Silent, UpdateError.HealthCheckTimedOut)]
    public void A_bad_release_is_reverted_and_never_fetched_again(object behaviour, object reason)
    {
        var bad = Second with { Behaviour = (Behaviour)behaviour };
        var device = Offered(bad);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.AreEqual((UpdateError)reason, device.Events.Find(e => e.Kind == UpdateEventKind.Reverted).Code);
        Assert.AreEqual("1.0.0", device.RunningVersion);
        Assert.AreEqual(BootState.Confirmed, device.State);

        Assert.IsTrue(device.RunOneCheck());
        int bytes = device.Server.ImageBytesRead, operations = device.Flash.Operations;
        for (int i = 0; i < 10; i++) Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);
        Assert.AreEqual(bytes, device.Server.ImageBytesRead);
        Assert.AreEqual(operations, device.Flash.Operations, "a refusal that repeats must not wear the flash");

        device.PowerCycle();
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);

        device.Publish(Third);
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
    }

    [TestMethod]
    public void A_failed_image_under_a_new_manifest_is_known_by_its_hash()
    {
        var device = Offered(Second with { Behaviour = Behaviour.Unhealthy });
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        var renamed = new SimRelease("1.1.1", 9, Second.Image, Behaviour.Unhealthy);
        device.Publish(renamed);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);
    }

    [TestMethod]
    public void Power_blips_during_the_trial_are_not_held_against_the_release()
    {
        var device = Offered(Second);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == 1));
        for (int i = 2; i <= 4; i++)
        {
            device.PowerCycle();
            Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == i));
        }

        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Reverted));
    }

    [TestMethod]
    public void Endless_blips_end_with_the_old_firmware_and_a_stated_reason()
    {
        var device = Offered(Second);
        for (int i = 0; i < 100 && device.LastRefusal != UpdateError.TooManyTrials; i++)
        {
            int trials = device.Count(UpdateEventKind.Trial), idles = device.Count(UpdateEventKind.Idle);
            Assert.IsTrue(device.RunUntil(
                () => device.Count(UpdateEventKind.Trial) > trials || device.Count(UpdateEventKind.Idle) > idles));
            if (device.State == BootState.Trial) device.PowerCycle();
        }

        Assert.AreEqual(UpdateError.TooManyTrials, device.LastRefusal);
        Assert.AreEqual("1.0.0", device.RunningVersion);
        Assert.AreEqual(Second.Image.Length, device.Server.ImageBytesRead, "what is whole in the slot is not fetched again");
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);
    }

    [TestMethod]
    public void Staging_goes_on_after_a_reset_at_the_first_block_that_is_missing()
    {
        var device = Offered(Second);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Progress) == 4));
        device.PowerCycle();
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsLessThanOrEqualTo(Second.Image.Length + BlockIndex.BlockSize, device.Server.ImageBytesRead);
    }

    [TestMethod]
    public void A_lost_connection_costs_no_byte_twice()
    {
        var device = Offered(Second);
        device.Server.BytesPerConnection = 5000;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(Second.Image.Length, device.Server.ImageBytesRead);
        Assert.IsGreaterThan(4, device.Count(UpdateEventKind.Error));
    }

    [TestMethod]
    public void A_server_that_ignores_ranges_serves_all_the_same()
    {
        var device = Offered(Second);
        device.Server.KnowsRanges = false;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Progress) == 3));
        device.PowerCycle();
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_network_that_never_comes_back_ends_in_a_refusal_and_the_next_check_recovers()
    {
        var device = Offered(Second);
        device.Server.OnOpen = (name, _) => name.EndsWith(".bin") ? UpdateError.Unreachable : UpdateError.None;
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Unreachable, device.LastRefusal);
        device.Server.OnOpen = (_, _) => UpdateError.None;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_corrupt_block_is_refused_and_fetched_alone_when_the_server_is_mended()
    {
        var device = Offered(Second);
        var damaged = (byte[])Second.Image.Clone();
        damaged[3 * 4096 + 17] ^= 0x40;
        device.Server.Put("1.1.0/app.bin", damaged);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.BlockCorrupt, device.LastRefusal);
        Assert.AreEqual("1.0.0", device.RunningVersion);
        device.Server.Put("1.1.0/app.bin", Second.Image);
        int before = device.Server.ImageBytesRead;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(Second.Image.Length - 3 * 4096, device.Server.ImageBytesRead - before);
    }

    [TestMethod]
    public void A_corrupt_index_is_refused()
    {
        var device = Offered(Second);
        var damaged = Some.Index(Second.Image);
        damaged[40] ^= 1;
        device.Server.Put("1.1.0/app.idx", damaged);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.IndexCorrupt, device.LastRefusal);
        device.Server.Put("1.1.0/app.idx", Some.Index(Second.Image));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void An_image_that_is_no_sequence_of_assemblies_is_refused_although_it_is_signed()
    {
        var image = (byte[])Second.Image.Clone();
        int second = AssemblyHeader.Align(Bytes.GetSize(image, AssemblyHeader.TotalSizeOffset));
        image[second] ^= 1;
        var device = Offered(new SimRelease("1.1.0", 2, image, Behaviour.Good));
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.ImageMalformed, device.LastRefusal);
        Assert.AreEqual("1.0.0", device.RunningVersion);
    }

    [TestMethod]
    public void Formats_of_another_generation_are_refused_by_name()
    {
        var index = Some.Index(Second.Image);
        index[4] = 2;
        var manifest = SomeManifest.For(Second.Image, "1.1.0", 2, SomeManifest.SharedKey);
        manifest.IndexDigest = System.Security.Cryptography.SHA256.HashData(index);
        var device = Offered(Second with { Manifest = manifest.Sign() });
        device.Server.Put("1.1.0/app.idx", index);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.IndexUnknownFormat, device.LastRefusal);

        var image = (byte[])Second.Image.Clone();
        image[5] = (byte)'2';
        device = Offered(new SimRelease("1.1.0", 2, image, Behaviour.Good));
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.ImageUnknownFormat, device.LastRefusal);
    }

    [TestMethod]
    public void An_index_that_fits_no_image_is_found_before_activation()
    {
        // The publisher signed an index and an image digest that do not belong together.
        var other = Some.Image(7, 99)[..Second.Image.Length];
        var manifest = SomeManifest.For(Second.Image, "1.1.0", 2, SomeManifest.SharedKey);
        manifest.IndexDigest = System.Security.Cryptography.SHA256.HashData(Some.Index(other));
        var device = Offered(Second with { Manifest = manifest.Sign() });
        device.Server.Put("1.1.0/app.idx", Some.Index(other));
        device.Server.Put("1.1.0/app.bin", other);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.ImageCorrupt, device.LastRefusal);
        Assert.AreEqual(0, device.Count(UpdateEventKind.Activated));
    }

    [TestMethod]
    public void Releases_for_others_are_refused_before_anything_is_erased()
    {
        void Refuses(UpdateError expected, Action<SomeManifest> change)
        {
            var manifest = SomeManifest.For(Second.Image, "1.1.0", 2, SomeManifest.SharedKey);
            change(manifest);
            var device = Offered(Second with { Manifest = manifest.Sign() });
            var before = device.Flash.Snapshot();
            Assert.IsTrue(device.RunOneCheck());
            Assert.AreEqual(expected, device.LastRefusal);
            Assert.AreEqual(0, device.Server.ImageBytesRead);
            var after = device.Flash.Snapshot();
            before.AsSpan(SimDevice.Map.Records + FlashLayout.Journal, 2 * 4096).CopyTo(after.AsSpan(SimDevice.Map.Records + FlashLayout.Journal));
            Assert.IsTrue(before.AsSpan().SequenceEqual(after), "only the journal may change");
        }

        Refuses(UpdateError.WrongProduct, m => m.Product = "heater");
        Refuses(UpdateError.WrongBoard, m => m.Board = "board-b");
        Refuses(UpdateError.NotNewer, m => m.Sequence = 1L);
        Refuses(UpdateError.ImageTooBig, m => m.Size = (long)SimDevice.Map.SlotSize + 1);
        Refuses(UpdateError.UnknownKey, m => m.Key = new SomeKey());
        Refuses(UpdateError.ManifestBadLocation, m => m.ImageLocation = "../app.bin");
        Refuses(UpdateError.ManifestNoEncoding, m => m.EncodingKind = 5L);
    }

    [TestMethod]
    public void A_lower_version_with_a_higher_sequence_is_taken()
    {
        var device = Offered(SimRelease.Make("0.9.0", 7, 6));
        Assert.IsTrue(device.RunUntilConfirmed("0.9.0"));
    }

    [TestMethod]
    public void Nothing_is_staged_during_a_trial()
    {
        var device = Offered(Second with { Behaviour = Behaviour.Silent });
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == 1));
        device.Publish(Third);
        int opens = device.Server.Opens;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Rejected) == 1));
        Assert.AreEqual(opens, device.Server.Opens);
    }

    [TestMethod]
    public void A_slot_that_lost_its_first_sector_is_never_booted_and_is_repaired_over_the_air()
    {
        var device = Offered(Second);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        device.Flash.EraseSector(SimDevice.Map.Slot(1));
        device.PowerCycle();
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.AreEqual("1.0.0", device.RunningVersion);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_worn_sector_in_the_slot_is_refused_with_its_reason()
    {
        var device = Offered(Second);
        device.Flash.Program(SimDevice.Map.Slot(1) + 2 * 4096, new byte[4]);
        device.Flash.WearOut(SimDevice.Map.Slot(1) + 2 * 4096);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.FlashEraseFailed, device.LastRefusal);
        Assert.AreEqual("1.0.0", device.RunningVersion);
    }
}
