using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

/// <summary>Apps that the nanoFramework tools built: .pe files, folders of them, deployment images.</summary>
[TestClass]
public sealed class RealAppTests
{
    private readonly TemporaryFolder folder = new();
    private readonly SigningKey key = SigningKey.Generate();

    private AppIdentity Release => new("lamp", "board-a", "1.2.3", [key.Public]);

    [TestCleanup]
    public void CleanUp()
    {
        key.Dispose();
        folder.Dispose();
    }

    [TestMethod]
    public void A_folder_yields_only_the_app_s_assemblies_in_dependency_order()
    {
        Write(TinyPe.Core, new TinyPe("B", "1.0.0.0") { Needs = ["mscorlib 1.17.11.0", "C 1.0.0.0"] }, new TinyPe("C", "1.0.0.0"),
            new TinyPe("Unused", "1.0.0.0"), TinyPe.App("B 1.0.0.0"));

        var packed = AppPath.Load([folder.Path], Release, requiresIdentity: false);

        Assert.AreEqual("mscorlib C B App", Names(packed));
        Assert.AreEqual("Unused.pe", packed.LeftOut.Single());
    }

    [TestMethod]
    public void Given_files_are_all_taken_in_dependency_order()
    {
        var files = Write(TinyPe.App("B 1.0.0.0"), new TinyPe("B", "1.0.0.0"), new TinyPe("Unused", "1.0.0.0"), TinyPe.Core);

        Assert.AreEqual("mscorlib B Unused App", Names(AppPath.Load(files, Release, requiresIdentity: false)));
        StringAssert.Contains(Refusal([.. files, folder.Path]), "several paths must all be .pe files");
        StringAssert.Contains(Refusal([.. files, folder.File("Gone.pe")]), "Gone.pe: no such assembly");
    }

    [TestMethod]
    public void Folder_files_and_image_give_the_same_image()
    {
        var files = Write(TinyPe.App(), TinyPe.Core);
        var bin = folder.Write("App.bin", [.. TinyPe.Core.Build(), .. TinyPe.App().Build()]);

        var digests = new[] { [folder.Path], files, [bin] }
            .Select(paths => Convert.ToHexString(AppPath.Load(paths, Release, requiresIdentity: false).Image.Digest));
        Assert.HasCount(1, digests.Distinct().ToList());
    }

    [TestMethod]
    public void An_ambiguous_app_assembly_is_refused()
    {
        Write(TinyPe.Core, new TinyPe("Lib", "1.0.0.0"));
        StringAssert.Contains(Refusal([folder.Path]), "no .pe has an entry point");
        Write(TinyPe.App(), TinyPe.App() with { Name = "App2" });
        StringAssert.Contains(Refusal([folder.Path]), "App.pe and App2.pe have entry points");
        folder.Write("Copy.pe", TinyPe.Core.Build());
        StringAssert.Contains(Refusal([folder.Path]), "is mscorlib, like");
    }

    [TestMethod]
    public void Data_that_is_not_an_assembly_is_refused_by_file_and_place()
    {
        byte[] app = TinyPe.App().Build(), good = [.. TinyPe.Core.Build(), .. app];
        var second = $"0x{good.Length - app.Length:X}";

        StringAssert.Contains(Bin([.. good, .. new byte[200]]), $"no valid assembly header at 0x{good.Length:X}");
        StringAssert.Contains(Bin(good[..^4]), "is truncated within the assembly at " + second);
        StringAssert.Contains(Bin(Changed(good, good.Length - 1)), $"the assembly at {second} has a wrong CRC");
        StringAssert.Contains(Bin(Changed(good, good.Length - app.Length + 30)), "no valid assembly header at " + second);
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, true))
            gzip.Write([.. good, .. RandomBytes()]);
        StringAssert.Contains(Bin(packed.ToArray()), "not a deployment image or assembly");
        StringAssert.Contains(Refusal([folder.Write("Two.pe", good)]), "contains 2 assemblies, but a .pe file has one");
    }

    [TestMethod]
    public void An_assembly_for_another_generation_is_refused_by_its_name()
    {
        byte[] second = TinyPe.App().Build(), table = TinyPe.App().Build();
        second[5] = (byte)'2';
        table[38] = 2;

        StringAssert.Contains(Bin([.. TinyPe.Core.Build(), .. second]), "for another generation of the runtime (NFMRK2)");
        StringAssert.Contains(Bin([.. TinyPe.Core.Build(), .. TinyPe.Seal(table)]), "a string table that the 1.x runtime does not support");
    }

    [TestMethod]
    public void Tables_outside_of_the_assembly_are_refused()
    {
        foreach (int offset in new[] { 40, 64, 84, 96, 36, 108 })
        {
            byte[] app = TinyPe.App().Build();
            app[offset + (offset < 100 ? 1 : 0)] = 0x77;
            StringAssert.Contains(Bin(TinyPe.Seal(app)), "is not at the offset in the assembly's header", $"offset {offset}");
        }
    }

    [TestMethod]
    public void Damage_under_good_checksums_never_crashes_the_reader()
    {
        int seed = Environment.TickCount, refused = 0;
        Console.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (int i = 0; i < 3000; i++)
        {
            byte[] app = TinyPe.Identity(Release, "1.2.3.0").Build();
            for (int change = random.Next(1, 4); change > 0; change--)
                app[random.Next(28, app.Length)] = random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => (byte)random.Next(256) };
            Bytes.PutU32(app, AssemblyHeader.TotalSizeOffset, (uint)app.Length);
            uint crc = Checksum.AssemblyCrc(0, app, AssemblyHeader.Length, app.Length - AssemblyHeader.Length);
            Bytes.PutU32(app, AssemblyHeader.AssemblyCrcOffset, crc);
            try
            {
                IdentityCheck.Run(AppImage.Parse(TinyPe.Seal(app), "app"), Release, "app");
            }
            catch (ReleaseException)
            {
                refused++;
            }
        }

        Assert.IsGreaterThan(300, refused);
    }

    [TestMethod]
    public void An_app_without_identity_is_refused_by_default()
    {
        var files = Write(TinyPe.Core, TinyPe.App());

        StringAssert.Contains(Refusal(files), "has no NanoOta.Identity, so a device with it could never install an update again");
        Assert.IsFalse(AppPath.Load(files, Release, requiresIdentity: false).IdentityChecked);
    }

    [TestMethod]
    public void The_identity_in_an_image_matches_the_release()
    {
        Assert.IsTrue(AppPath.Load(WithIdentity(Release, "1.2.3.0"), Release).IdentityChecked);
        var candidate = Release with { Version = "1.2.3-rc.1" };
        Assert.IsTrue(AppPath.Load(WithIdentity(candidate, "1.2.3.7"), candidate).IdentityChecked);
        StringAssert.Contains(Refusal(WithIdentity(candidate, "1.2.3.0")),
            "the version in NanoOta.Identity is '1.2.3-rc.1', but that of the release is '1.2.3'");

        Assert.IsTrue(AppPath.Load(WithIdentity(Release, "0.1.0.0"), Release).IdentityChecked, "the assembly's own version is no matter");
        var message = Refusal(WithIdentity(Release with { Version = "1.2.2" }, "1.2.3.0"));
        StringAssert.Contains(message, "the version in NanoOta.Identity is '1.2.2', but that of the release is '1.2.3'");
        StringAssert.Contains(message, "'nano-ota identity'");
        StringAssert.Contains(Refusal(WithIdentity(Release with { Product = "heater" }, "1.2.3.0")),
            "the product in NanoOta.Identity is 'heater', but that of the release is 'lamp'");
        StringAssert.Contains(Refusal(WithIdentity(Release with { Board = "board-b" }, "1.2.3.0")),
            "the board in NanoOta.Identity is 'board-b', but that of the release is 'board-a'");
        StringAssert.Contains(Refusal(WithIdentity(Release with { Hardware = BoardHardware.None with { Chip = "esp32s3" } }, "1.2.3.0")),
            "the chip in NanoOta.Identity is 'esp32s3', but that of the release is ''");
        using var other = SigningKey.Generate();
        StringAssert.Contains(Refusal(WithIdentity(Release with { TrustedKeys = [other.Public] }, "1.2.3.0")),
            "does not trust the key " + Convert.ToHexStringLower(key.Public.Id));
    }

    [TestMethod]
    public void A_product_that_is_a_built_in_string_is_not_compared() =>
        Assert.IsTrue(AppPath.Load(WithIdentity(Release with { Product = "ToString" }, "1.2.3.0"), Release).IdentityChecked);

    private string[] WithIdentity(AppIdentity identity, string version) =>
        Write(TinyPe.Core, TinyPe.Identity(identity, version), TinyPe.App("NanoOta.Identity " + version));

    private string[] Write(params TinyPe[] assemblies) => [.. assemblies.Select(a => folder.Write(a.Name + ".pe", a.Build()))];

    private string Bin(byte[] image) => Refusal([folder.Write("app.bin", image)]);

    private string Refusal(IReadOnlyList<string> paths) => TestInput.Refusal(() => AppPath.Load(paths, Release));

    private static string Names(PackedApp packed) => string.Join(' ', packed.Image.Assemblies.Select(a => a.Name));

    private static byte[] Changed(byte[] image, int at)
    {
        byte[] changed = [.. image];
        changed[at] ^= 1;
        return changed;
    }

    private static byte[] RandomBytes()
    {
        var bytes = new byte[1000];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
