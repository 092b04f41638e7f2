using System.Security.Cryptography;
using NanoOta.Boards;
using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

/// <summary>Releases with a runtime, an app or both.</summary>
[TestClass]
public sealed class RuntimeReleaseTests
{
    private static readonly Board Board = Board.Load("esp32-s3-devkitc-1-8mb");
    private static readonly byte[] Natives = [1, 0, 0, 0, 2, 0, 0, 0];

    [TestMethod]
    [DataRow(true, false)]
    [DataRow(false, true)]
    [DataRow(true, true)]
    public void Devices_read_each_sort_of_release_as_it_was_ordered(bool hasApp, bool hasRuntime)
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        var order = Order(hasApp ? TestInput.Image(9000) : null, hasRuntime ? Runtime() : null);
        ReleaseBuilder.Publish(order, key, folder.Path);

        var device = ReadAsDevice(folder, key);
        Same(order.App, device.App);
        Same(order.Runtime, device.Runtime);
        CollectionAssert.AreEqual(hasRuntime ? Natives : null, device.Runtime?.Natives);
        byte[] zeros = new byte[32];
        byte[] identity = [.. (order.App?.Digest ?? zeros).Zip(order.Runtime?.Digest ?? zeros, (a, b) => (byte)(a ^ b))];
        CollectionAssert.AreEqual(identity, device.Identity);
        foreach (var finding in ReleaseCheck.Run(folder.Path, [key.Public]))
            Assert.IsTrue(finding.Passed, $"{finding.Check}: {finding.Detail}");
    }

    [TestMethod]
    public void Files_of_both_images_have_names_of_their_own()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        var (app, runtime) = (TestInput.Image(9000), Runtime());
        ReleaseBuilder.Publish(Order(app, runtime), key, folder.Path);
        string digest = Convert.ToHexStringLower(runtime.Digest)[..16];
        CollectionAssert.AreEquivalent(
            new[] { "manifest.cose", app.FileName + ".bin", app.FileName + ".idx", $"clr-{digest}.bin", $"clr-{digest}.idx" },
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public void The_manifest_of_an_order_is_the_same_each_time()
    {
        var order = Order(TestInput.Image(9000), Runtime());
        order = order with { PackedRuntime = PackedImages.Pack(order.Runtime!, [Runtime(secureVersion: 1)]) };
        var again = order with { PackedRuntime = PackedImages.Pack(Runtime(), [Runtime(secureVersion: 1)]) };
        byte[] first = ManifestWriter.Encode(ReleaseBuilder.Describe(order));
        CollectionAssert.AreEqual(first, ManifestWriter.Encode(ReleaseBuilder.Describe(again)));
    }

    [TestMethod]
    public void Damage_anywhere_in_a_file_of_the_runtime_is_found()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        var old = Runtime(secureVersion: 1);
        ReleaseBuilder.Publish(Order(null, old, "1.0.0"), key, folder.Path);
        var order = Order(TestInput.Image(9000), Runtime(), "1.0.1");
        order = order with { PackedRuntime = PackedImages.Pack(order.Runtime!, [old]) };
        var manifest = ReleaseBuilder.Publish(order, key, folder.Path);
        Assert.AreEqual(3, ReleaseCheck.Run(folder.Path, [key.Public])
            .Count(f => f.Check is "runtime packed image" or "runtime image structure"));

        string[] files = [manifest.Clr!.IndexLocation, .. manifest.Clr.Encodings.Select(encoding => encoding.Location)];
        Assert.HasCount(4, files);
        foreach (var file in files.Select(folder.File))
        {
            byte[] content = File.ReadAllBytes(file);
            for (int at = 0; at < content.Length; at += Math.Max(1, content.Length / 40))
            {
                content[at] ^= 0x10;
                File.WriteAllBytes(file, content);
                var bad = ReleaseCheck.Run(folder.Path, [key.Public]).First(f => f.Passed == false);
                StringAssert.StartsWith(bad.Check, "runtime ", $"byte {at} of {file}");
                content[at] ^= 0x10;
            }

            File.WriteAllBytes(file, content);
        }
    }

    [TestMethod]
    public void A_runtime_that_no_chip_of_the_release_starts_is_found()
    {
        foreach (var (bytes, message) in new[]
        {
            (TestEspImage.Bootloader(Board), "has no application descriptor"),
            (TestEspImage.Runtime(Board.Load("esp32-c3-devkitm-4mb"), 5000), "is for esp32c3, but the release is for esp32s3"),
            (Broken(), "its checksum is wrong"),
        })
        {
            using var folder = new TemporaryFolder();
            using var key = SigningKey.Generate();
            ReleaseBuilder.Publish(Order(null, new RuntimeImage(bytes, Natives)), key, folder.Path);
            var bad = ReleaseCheck.Run(folder.Path, [key.Public]).Single(f => f.Passed == false);
            Assert.AreEqual("runtime image structure", bad.Check);
            StringAssert.Contains(bad.Detail, message);
        }

        static byte[] Broken()
        {
            byte[] image = TestEspImage.Runtime(Board, 5000, hashed: false);
            image[TestEspImage.Body + 40] ^= 1;
            return image;
        }
    }

    [TestMethod]
    public void An_app_whose_native_code_its_runtime_lacks_is_neither_published_nor_good()
    {
        var order = Order(TestInput.Image(9000), Runtime()) with { Needs = [new("Lamp.Driver", 1), new("Lamp.Motor", 3)] };
        StringAssert.Contains(TestInput.Refusal(() => ReleaseBuilder.Check(order)),
            "it needs Lamp.Motor with the checksum 00000003, which its runtime does not have");
        order = order with { Needs = [new("Lamp.Driver", 2)] };

        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        var manifest = ReleaseBuilder.Publish(order, key, folder.Path) with { Runtime = [new("Lamp.Motor", 3)] };
        folder.Write("manifest.cose", ManifestWriter.Sign(manifest, key));
        var bad = ReleaseCheck.Run(folder.Path, [key.Public]).Single(f => f.Passed == false);
        Assert.AreEqual("who may take it", bad.Check);
        StringAssert.Contains(bad.Detail, "it needs Lamp.Motor");
    }

    [TestMethod]
    public void A_runtime_for_a_board_with_one_slot_or_larger_than_a_slot_is_refused()
    {
        StringAssert.Contains(TestInput.Refusal(() => ReleaseBuilder.CheckFit(TestInput.Board, Runtime())),
            "esp32-devkitc-4mb has one runtime slot, so its runtime can be updated by cable only; pack the app alone");
        int slot = Board.Partitions.Runtime.Size;
        ReleaseBuilder.CheckFit(Board, new RuntimeImage(new byte[slot], Natives));
        StringAssert.Contains(TestInput.Refusal(() => ReleaseBuilder.CheckFit(Board, new RuntimeImage(new byte[slot + 4], Natives))),
            $"a runtime slot of esp32-s3-devkitc-1-8mb has only {slot}");
    }

    [TestMethod]
    public void A_manifest_of_two_images_with_three_bases_each_and_40_natives_fits()
    {
        var manifest = Large(natives: 40, nameLength: 30);
        Assert.IsTrue(ManifestWriter.Fits(manifest));
        using var key = SigningKey.Generate();
        int length = ManifestWriter.Sign(manifest, key).Length;
        Console.WriteLine($"{length} bytes");
        Assert.IsLessThan(3600, length, "room for mirrors and longer names");
    }

    [TestMethod]
    public void Whether_a_manifest_fits_is_known_to_the_byte_before_it_is_signed()
    {
        using var key = SigningKey.Generate();
        int natives = 40;
        while (ManifestWriter.Fits(WithMirror(natives, 100))) natives++;
        var results = Enumerable.Range(1, 100).Select(length => WithMirror(natives, length)).ToList();
        foreach (var manifest in results) Assert.AreEqual(ManifestWriter.Fits(manifest), IsSigned(manifest));
        Assert.IsTrue(results.Any(ManifestWriter.Fits));

        bool IsSigned(ReleaseManifest manifest)
        {
            try
            {
                return ManifestWriter.Sign(manifest, key).Length < Manifest.MaxLength;
            }
            catch (ReleaseException)
            {
                return false;
            }
        }

        static ReleaseManifest WithMirror(int natives, int length) =>
            Large(natives, 48) with { Rollout = new Rollout { Mirrors = [$"http://{new string('m', length)}/"] } };
    }

    [TestMethod]
    public void Differences_are_left_out_until_the_manifest_is_short_enough()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        var order = Order(TestInput.Image(9000), new RuntimeImage(TestEspImage.Runtime(Board, 5000), [.. Enumerable.Repeat((byte)1, 512)]));
        var rollout = new Rollout { Mirrors = [.. Enumerable.Range(0, 4).Select(i => $"https://{new string('m', 110)}{i}/")] };
        var needs = Enumerable.Range(0, 54).Select(i => new NativeNeed($"{i:D2}{new string('n', 34)}", 0x01010101));
        order = order with
        {
            Rollout = rollout,
            Needs = [.. needs],
            Packed = Packed(TestInput.Image(9004), TestInput.Image(9008), TestInput.Image(9012)),
            PackedRuntime = Packed(TestInput.Image(9016), TestInput.Image(9020), TestInput.Image(9024)),
        };
        Assert.IsFalse(ManifestWriter.Fits(ReleaseBuilder.Describe(order)));

        var manifest = ReleaseBuilder.Publish(order, key, folder.Path);
        var left = manifest.Images.Select(image => image.Encodings.Select(encoding => encoding.BaseDigest).OfType<byte[]>().ToList()).ToList();
        Assert.IsLessThan(6, left[0].Count + left[1].Count);
        Assert.IsLessThanOrEqualTo(left[1].Count, left[0].Count, "a difference of the runtime saves more");
        CollectionAssert.AreEqual(order.PackedRuntime[0].BaseDigest, left[1][0], "the newest base stays");
        Assert.IsLessThan(Manifest.MaxLength, (int)new FileInfo(folder.File("manifest.cose")).Length);
        Assert.HasCount(left[0].Count + left[1].Count, Directory.GetFiles(folder.Path, "*.pack"));
    }

    [TestMethod]
    public void The_bases_of_a_runtime_are_the_last_runtimes_of_the_folder()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        RuntimeImage[] runtimes = [.. Enumerable.Range(0, 5).Select(i => Runtime(secureVersion: (uint)i))];
        for (int i = 0; i < 4; i++)
        {
            var order = Order(TestInput.Image(9000 + 4 * i), runtimes[i], $"1.0.{i}");
            order = order with { PackedRuntime = PackedImages.Pack(runtimes[i], PackedImages.FindEarlier(folder.Path, runtimes[i])) };
            ReleaseBuilder.Publish(order, key, folder.Path);
            // As if a day had passed.
            File.SetLastWriteTimeUtc(folder.File(runtimes[i].FileName + ".bin"), new DateTime(2026, 1, 1 + i, 0, 0, 0, DateTimeKind.Utc));
        }

        string[] last = [runtimes[3].FileName, runtimes[2].FileName, runtimes[1].FileName];
        CollectionAssert.AreEqual(last, Bases(), "by the manifest");
        ReleaseBuilder.Publish(Order(TestInput.Image(9100), null, "1.1.0"), key, folder.Path);
        CollectionAssert.AreEqual(last, Bases(), "by the time of the files, when the newest release has no runtime");
        File.WriteAllBytes(folder.File(runtimes[2].FileName + ".bin"), [1, 2, 3]);
        last = [runtimes[3].FileName, runtimes[1].FileName, runtimes[0].FileName];
        CollectionAssert.AreEqual(last, Bases(), "a damaged one is left out");

        string[] Bases() => [.. PackedImages.FindEarlier(folder.Path, runtimes[4]).Select(image => image.FileName)];
    }

    [TestMethod]
    public void A_runtime_with_a_lower_secure_version_than_the_last_one_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        var last = Runtime(secureVersion: 3);
        ReleaseBuilder.Publish(Order(null, last, "1.0.0"), key, folder.Path);
        var order = Order(TestInput.Image(9000), Runtime(secureVersion: 2), "1.0.1");
        var refusal = TestInput.Refusal(() => EarlierRelease.In(folder.Path, order).CheckSecureVersion(order, "nanoCLR.bin"));
        StringAssert.Contains(refusal, $"nanoCLR.bin: has secure_version 2, but {last.FileName}.bin in {folder.Path} has 3");
        StringAssert.Contains(refusal, "set CONFIG_BOOTLOADER_APP_SECURE_VERSION=3");
        order = order with { Runtime = Runtime(size: 6000, secureVersion: 3) };
        EarlierRelease.In(folder.Path, order).CheckSecureVersion(order, "nanoCLR.bin");
    }

    [TestMethod]
    public void A_runtime_is_kept_with_its_entry_and_files()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        var old = Runtime(secureVersion: 1);
        ReleaseBuilder.Publish(Order(null, old, "1.0.0"), key, folder.Path);
        var first = Order(TestInput.Image(9000), Runtime(), "1.0.1");
        var before = ReleaseBuilder.Publish(first with { PackedRuntime = PackedImages.Pack(first.Runtime!, [old]) }, key, folder.Path);

        var kept = Keep(Order(TestInput.Image(9400), null, "1.0.2"), key.Public);
        var after = ReleaseBuilder.Publish(kept, key, folder.Path);
        Assert.AreEqual(Entry(before), Entry(after));
        Assert.IsTrue(ReleaseCheck.Run(folder.Path, [key.Public]).All(f => f.Passed == true));

        File.Delete(folder.File(after.Clr!.Encodings[0].Location));
        var less = ReleaseBuilder.Describe(Keep(kept with { Runtime = null }, key.Public));
        Assert.HasCount(after.Clr.Encodings.Count - 1, less.Clr!.Encodings);

        using var other = SigningKey.Generate();
        StringAssert.Contains(TestInput.Refusal(() => Keep(kept, other.Public)), "1.0.2 is not signed by this key");
        StringAssert.Contains(TestInput.Refusal(() => Keep(kept with { Product = "x" }, key.Public)), $"has no release of x for {Board.Id}");
        File.Delete(folder.File(first.Runtime!.FileName + ".bin"));
        StringAssert.Contains(TestInput.Refusal(() => Keep(kept, key.Public)), first.Runtime.FileName + ".bin is missing or damaged");

        ReleaseOrder Keep(ReleaseOrder order, PublicKey signer) => EarlierRelease.In(folder.Path, order).KeepRuntime(order, signer);

        static string Entry(ReleaseManifest manifest) =>
            Convert.ToHexString(ManifestWriter.Encode(manifest with { Version = "1.0.0", Sequence = 1, Images = [manifest.Clr!] }));
    }

    [TestMethod]
    public void Another_roll_out_changes_neither_image()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        var before = ReleaseBuilder.Publish(Order(TestInput.Image(9000), Runtime()), key, folder.Path);
        var after = ReleaseBuilder.Republish(folder.Path, key, rollout => rollout with { WavePercent = 7 });
        Assert.AreEqual(7, ReadAsDevice(folder, key).WavePercent);
        CollectionAssert.AreEqual(ManifestWriter.Encode(before), ManifestWriter.Encode(after with { Rollout = before.Rollout }));
    }

    [TestMethod]
    public void A_flashed_board_stores_which_runtime_it_has()
    {
        byte[] runtime = TestEspImage.Runtime(Board, 50_000);
        var files = ChipFiles.Create(Order(TestInput.Image(9000), null), TestEspImage.Bootloader(Board), runtime);
        byte[] flash = new byte[Board.FlashSize];
        Array.Fill(flash, (byte)0xFF);
        foreach (var file in files) file.Content.CopyTo(flash, file.Offset);

        var found = FlashImage.ReadRuntimes(Board, flash).Single();
        Assert.AreEqual((0, "1.2.3", 4295098371L, runtime.Length),
            (found.Slot, found.Descriptor.Version, found.Descriptor.Sequence, found.Descriptor.ImageSize));
        Assert.IsTrue(found is { Matches: true, IndexMatches: true });
        CollectionAssert.AreEqual(SHA256.HashData(runtime), found.Descriptor.ImageDigest);
        int region = Board.Partitions.Records.Offset + FlashLayout.RuntimeIndexRegion;
        CollectionAssert.AreEqual(IndexFile.Create(runtime), flash[(region + 128)..(region + 128 + BlockIndex.FileLength(runtime.Length))]);
        Assert.IsTrue(Bytes.All(flash, Board.Partitions.OtaData!.Offset, 0x2000, 0xFF), "the bootloader starts ota_0");

        flash[Board.Partitions.Runtime.Offset + 100] ^= 1;
        flash[region + 128] ^= 1;
        found = FlashImage.ReadRuntimes(Board, flash).Single();
        Assert.IsTrue(found is { Matches: false, IndexMatches: false });
    }

    [TestMethod]
    public void The_flash_of_a_virtual_device_with_a_runtime_is_that_of_a_chip_with_it()
    {
        byte[] runtime = TestEspImage.Runtime(Board, 50_000);
        var order = Order(TestInput.Image(9000), null);
        byte[] flash = FlashImage.Create(order with { Runtime = new RuntimeImage(runtime, Natives) });
        foreach (var file in ChipFiles.Create(order, TestEspImage.Bootloader(Board), runtime).Where(file => file.Name != "bootloader.bin"))
            CollectionAssert.AreEqual(file.Content, flash[file.Offset..(file.Offset + file.Content.Length)], file.Name);
    }

    private static RuntimeImage Runtime(int size = 5000, uint secureVersion = 0) =>
        new(TestEspImage.Runtime(Board, size, secureVersion: secureVersion), Natives);

    private static ReleaseOrder Order(AppImage? app, RuntimeImage? runtime, string version = "1.2.3") =>
        new("thermometer", Board, version, null, app) { Runtime = runtime };

    // Packed files of other images: nothing but their manifest entries counts here.
    private static IReadOnlyList<PackedImage> Packed(params AppImage[] images) =>
        [.. images.Select(image => PackedImages.Pack(image, [TestInput.Image(9000)])[0] with { BaseDigest = image.Digest })];

    private static ReleaseManifest Large(int natives, int nameLength)
    {
        byte[] digest = new byte[32];
        var packed = Enumerable.Repeat(
            new ManifestEncoding(ManifestEncoding.Packed, "0123456789ab.pack", digest) { TableDigest = digest, FileSize = 1 << 20 }, 3);
        ManifestImage Image(int kind) => new(kind, 1 << 20, digest, digest, "app-0123456789abcdef.idx",
            [.. packed, new ManifestEncoding(ManifestEncoding.Plain, "app-0123456789abcdef.bin")])
        {
            Natives = kind == ManifestImage.Runtime ? new byte[4 * natives] : null,
        };
        return new ReleaseManifest(new string('p', 32), new string('b', 32), "100.100.100-rc.100", 1L << 40, [Image(0), Image(1)])
        {
            Runtime = [.. Enumerable.Range(0, natives).Select(i => new NativeNeed($"{i:D2}{new string('n', nameLength - 2)}", 0x89ABCDEF))],
            AgentLevel = 1,
            Chip = "esp32s3",
            SlotSize = 0x130000,
            SettingsSchema = 100_000,
            TableDigest = new byte[8],
        };
    }

    private static Manifest ReadAsDevice(TemporaryFolder folder, SigningKey key)
    {
        var crypto = new HostCrypto();
        byte[] file = File.ReadAllBytes(folder.File("manifest.cose"));
        var reader = new ManifestReader(new TrustedKeys([key.Public.Base64], crypto), crypto, runtime: null!);
        Assert.AreEqual(UpdateError.None, reader.Read(file, file.Length, out var manifest));
        return manifest;
    }

    private static void Same(ReleaseImage? ordered, OfferedImage? read)
    {
        Assert.AreEqual(ordered == null, read == null);
        if (ordered == null || read == null) return;
        Assert.AreEqual((ordered.Kind, ordered.Size, ordered.FileName + ".bin", ordered.FileName + ".idx"),
            ((int)read.Kind, read.Size, read.Location, read.IndexLocation));
        CollectionAssert.AreEqual(ordered.Digest, read.Digest);
        CollectionAssert.AreEqual(SHA256.HashData(ordered.Index), read.IndexDigest);
    }
}
