using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

/// <summary>What nanoCLR would pass over without a word is refused with one.</summary>
[TestClass]
public sealed class RuntimeRulesTests
{
    private static readonly TinyPe Lib = new("Lib", "2.1.5.0");

    [TestMethod]
    public void An_app_on_the_real_core_library_can_be_started()
    {
        var image = AppImage.Build([RealCore.Pe, Lib.Build(), TinyPe.App("Lib 2.1.5.0").Build()]);

        RuntimeRules.Check(image, "image");
        Assert.AreEqual("mscorlib Lib App", string.Join(' ', image.Assemblies.Select(a => a.Name)));
        Assert.AreEqual("mscorlib 1.17.11.0, Lib 2.1.5.0",
            string.Join(", ", image.Assemblies[2].References.Select(r => $"{r.Name} {r.Version}")));
        CollectionAssert.AreEqual(new[] { false, false, true }, image.Assemblies.Select(a => a.HasEntryPoint).ToArray());
    }

    [TestMethod]
    public void Only_major_and_minor_version_of_a_reference_count()
    {
        RuntimeRules.Check(Image(TinyPe.Core, Lib, TinyPe.App("Lib 2.1.0.9")), "image");
        StringAssert.Contains(Refusal(TinyPe.Core, Lib, TinyPe.App("Lib 2.2.5.0")), "App needs Lib 2.2, but the image has 2.1.5.0");
        StringAssert.Contains(Refusal(TinyPe.Core, Lib, TinyPe.App("Lib 1.1.5.0")), "App needs Lib 1.1, but the image has 2.1.5.0");
    }

    [TestMethod]
    public void A_reference_missing_from_the_image_is_named()
    {
        StringAssert.Contains(Refusal(TinyPe.Core, Lib, TinyPe.App("Lib 2.1.0.0", "Gone 1.0.0.0")),
            "App needs Gone 1.0, which is missing");
        StringAssert.Contains(Refusal(TinyPe.Core, TinyPe.App("System.Threading 1.1.52.0")), "App needs System.Threading 1.1");
    }

    [TestMethod]
    public void A_name_that_is_built_into_the_runtime_is_matched_by_its_number()
    {
        var odd = Lib with { Name = "ToString", Version = "1.0.0.0" };
        RuntimeRules.Check(Image(TinyPe.Core, odd, TinyPe.App("ToString 1.0.0.0")), "image");
        StringAssert.Contains(Refusal(TinyPe.Core, TinyPe.App("ToString 1.0.0.0")), "App needs built-in name FE01 1.0");
    }

    [TestMethod]
    public void Without_the_core_library_nothing_runs()
    {
        StringAssert.Contains(Refusal(TinyPe.App()), "has no mscorlib, which every app needs");
        StringAssert.Contains(Refusal(TinyPe.App() with { Needs = [] }), "has no mscorlib, which every app needs");
    }

    [TestMethod]
    public void The_app_is_the_last()
    {
        StringAssert.Contains(Refusal(TinyPe.Core, TinyPe.App(), Lib), "App has the entry point, but Lib is the last assembly");
        StringAssert.Contains(Refusal(TinyPe.Core, Lib), "no assembly has an entry point");
        StringAssert.Contains(TestInput.Refusal(() => RuntimeRules.Check(AppImage.Build([VirtualAssembly.Wrap(TestInput.AppDll()),
            VirtualAssembly.Wrap(TestInput.Dll("Lib"))]), "image")), "App has the entry point, but Lib is the last assembly");
    }

    [TestMethod]
    public void No_assembly_comes_twice() => StringAssert.Contains(
        Refusal(TinyPe.Core, Lib, Lib with { Version = "2.2.0.0" }, TinyPe.App()), "has Lib more than once (2.1.5.0 and 2.2.0.0)");

    [TestMethod]
    public void Native_checksums_are_those_of_the_firmware()
    {
        var image = Image(TinyPe.Core, Lib, TinyPe.App());
        const string Others = "\r\nnanoFramework.Runtime.Native,100.0.10.0,0x1\r\n\r\n";

        Natives("mscorlib,100.5.0.26,0x0A0B0C0D" + Others).Check(image, "app.bin");
        StringAssert.Contains(TestInput.Refusal(() => Natives("mscorlib,100.5.0.26,0x0a0b0c0e" + Others).Check(image, "app.bin")),
            "app.bin: mscorlib 1.17.11.0 needs the native checksum 0A0B0C0D, but the firmware of");
        StringAssert.Contains(TestInput.Refusal(() => Natives("other,1.0.0.0,0x0A0B0C0D").Check(image, "app.bin")), "has no native code for it");
        StringAssert.Contains(TestInput.Refusal(() => Natives("mscorlib,1.0.0.0,0x0A0B0C0D\nLib,1.0.0.0,0x5").Check(image, "app.bin")),
            "Lib 2.1.5.0 needs the native checksum 00000000, but the firmware of");
    }

    [TestMethod]
    [DataRow("", "is empty")]
    [DataRow("A,1.0.0.0,0x1\nnonsense", "(2): 'nonsense' is not NAME,VERSION,0xCHECKSUM")]
    [DataRow("A,1.0.0.0,1", "(1)")]
    [DataRow("A,1.0.0.0,0x123456789", "(1)")]
    [DataRow("A,1.0.0.0,0x1\nA,1.0.0.0,0x2", "(2): duplicate A with another checksum")]
    [DataRow("A,1.0.0.0,0x1\rB,1.0.0.0,0x2\r", "ends its lines with CR alone; save it with LF or CR LF")]
    [DataRow("A,1.0.0.0,0x1\n\u001b[31m", "is binary, not text")]
    [DataRow("A,1.0.0.0,0x1\n\0\u0001", "is binary, not text")]
    [DataRow("a line that is very long and has nothing in it that a list of native assemblies could have", "that is very long and has nothing in it that a list o…' is not")]
    public void A_wrong_list_of_native_assemblies_is_refused_with_its_line(string text, string expected) =>
        StringAssert.Contains(TestInput.Refusal(() => Natives(text)), expected);

    private static NativeAssemblies Natives(string text)
    {
        using var folder = new TemporaryFolder();
        return NativeAssemblies.Load(folder.Write("native_assemblies.csv", text));
    }

    private static AppImage Image(params TinyPe[] assemblies) => AppImage.Build(assemblies.Select(a => a.Build()));

    private static string Refusal(params TinyPe[] assemblies)
    {
        var message = TestInput.Refusal(() => RuntimeRules.Check(Image(assemblies), "image"));
        StringAssert.StartsWith(message, "image: ");
        return message;
    }
}
