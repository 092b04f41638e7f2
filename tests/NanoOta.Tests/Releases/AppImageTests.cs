using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

[TestClass]
public sealed class AppImageTests
{
    [TestMethod]
    public void An_image_lists_name_version_and_place_of_each_assembly()
    {
        byte[] lib = VirtualAssembly.Wrap(TestInput.Dll("Lib")), app = VirtualAssembly.Wrap(TestInput.AppDll());
        var image = AppImage.Build([lib, app]);

        Assert.IsTrue(image.IsVirtual);
        Assert.AreEqual("Lib 1.2.3.4 @0, App 1.0.0.0 @" + AssemblyHeader.Align(lib.Length),
            string.Join(", ", image.Assemblies.Select(a => $"{a.Name} {a.Version} @{a.Offset}")));
        CollectionAssert.AreEqual(TestInput.AppDll(), image.Assemblies[1].Contents.ToArray());
    }

    [TestMethod]
    public void A_wrapped_assembly_has_every_field_of_the_spec()
    {
        byte[] dll = TestInput.Dll("Lib"), wrapped = VirtualAssembly.Wrap(dll);

        CollectionAssert.AreEqual("NFMRK1\0\0"u8.ToArray(), wrapped[..8]);
        Assert.AreEqual(wrapped.Length, AssemblyHeader.ReadTotalSize(wrapped, wrapped.Length));
        Assert.IsTrue(Bytes.All(wrapped, 16, 12, 0), "flags, native checksum, patch entry offset");
        CollectionAssert.AreEqual(new byte[] { 1, 0, 2, 0, 3, 0, 4, 0, 0, 0, 1, 0 }, wrapped[28..40]);
        for (int offset = 40; offset < 100; offset += 4) Assert.AreEqual(124u, Bytes.GetU32(wrapped, offset));
        Assert.IsTrue(Bytes.All(wrapped, 104, 20, 0), "patched methods, padding");
        CollectionAssert.AreEqual(dll, wrapped[124..]);
    }

    [TestMethod]
    public void Gaps_are_zeros_and_the_length_is_a_multiple_of_four()
    {
        byte[] odd = [.. TestInput.Dll("Lib"), 7];
        var image = AppImage.Build([VirtualAssembly.Wrap(odd), VirtualAssembly.Wrap(odd)]).Bytes.ToArray();
        Assert.AreEqual(0, image.Length % 4);

        image[^1] = 1;
        StringAssert.Contains(RefusalOf(image), "not filled with zeros");
        StringAssert.Contains(RefusalOf(image[..^1]), "multiple of 4");
    }

    [TestMethod]
    public void A_bit_flip_anywhere_is_found_by_the_checksums()
    {
        var image = TestInput.Image().Bytes.ToArray();
        for (int i = 0; i < image.Length; i++)
        {
            image[i] ^= 0x10;
            RefusalOf(image);
            image[i] ^= 0x10;
        }
    }

    [TestMethod]
    public void An_image_ends_where_its_last_assembly_ends()
    {
        byte[] image = TestInput.Image().Bytes.ToArray();

        StringAssert.Contains(RefusalOf([]), "empty");
        StringAssert.Contains(RefusalOf(image[..^4]), "is truncated");
        StringAssert.Contains(RefusalOf([.. image, 0, 0, 0, 0]), "ends in the header at 0x");
        StringAssert.Contains(RefusalOf([.. image, .. new byte[200]]), "no valid assembly header at 0x");
    }

    [TestMethod]
    public void A_virtual_assembly_must_be_a_dotnet_assembly()
    {
        StringAssert.Contains(TestInput.Refusal(() => VirtualAssembly.Wrap([1, 2, 3])), "not a .NET assembly");
    }

    [TestMethod]
    public void A_real_assembly_is_read_with_its_original_fields()
    {
        var image = AppImage.Build([RealCore.Pe]);

        Assert.IsFalse(image.IsVirtual);
        var core = image.Assemblies.Single();
        Assert.AreEqual(("mscorlib", "1.17.11.0", 32536, false), (core.Name, $"{core.Version}", core.Size, core.HasEntryPoint));
        Assert.AreEqual((0x4EDBC566u, 0x295617D1u, RealCore.NativeChecksum), (core.HeaderCrc, core.AssemblyCrc, core.NativeChecksum));
        Assert.IsEmpty(core.References);
    }

    [TestMethod]
    public void A_real_deployment_image_is_its_assemblies_back_to_back()
    {
        byte[] lib = new TinyPe("Lib", "1.0.0.0").Build(), app = TinyPe.App("Lib 1.0.0.0").Build();
        byte[] image = [.. RealCore.Pe, .. lib, .. app];

        CollectionAssert.AreEqual(image, AppImage.Build([RealCore.Pe, lib, app]).Bytes.ToArray());
        Assert.AreEqual(3, AppImage.Parse(image, "app.bin").Assemblies.Count);
    }

    [TestMethod]
    public void Real_and_virtual_assemblies_do_not_mix() =>
        StringAssert.Contains(TestInput.Refusal(() => AppImage.Build([RealCore.Pe, VirtualAssembly.Wrap(TestInput.AppDll())])), "mixes");

    private static string RefusalOf(byte[] image)
    {
        var message = TestInput.Refusal(() => AppImage.Parse(image, "app.bin"));
        StringAssert.StartsWith(message, "app.bin");
        return message;
    }
}
