using System.Reflection;
using System.Runtime.Loader;
using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

[TestClass]
public sealed class AppClosureTests
{
    [TestMethod]
    public void Assemblies_stand_behind_what_they_need_and_the_app_is_last()
    {
        using var folder = new TemporaryFolder();
        folder.Write("A.dll", TestInput.Dll("A", "C", "System.Runtime"));
        folder.Write("B.dll", TestInput.Dll("B"));
        folder.Write("C.dll", TestInput.Dll("C", "B", "A"));
        folder.Write("Unused.dll", TestInput.Dll("Unused"));
        var app = folder.Write("App.dll", TestInput.AppDll("A", "B", "NanoOta.Native", "System.Console"));

        Assert.AreEqual("B C A App", string.Join(' ', AppClosure.Collect(app).Assemblies.Select(a => a.Name)));
    }

    [TestMethod]
    public void A_missing_reference_is_named()
    {
        using var folder = new TemporaryFolder();
        folder.Write("A.dll", TestInput.Dll("A", "Gone"));
        var app = folder.Write("App.dll", TestInput.AppDll("A"));

        var message = TestInput.Refusal(() => AppClosure.Collect(app));
        StringAssert.Contains(message, "needs Gone");
        StringAssert.Contains(message, "A.dll");
    }

    [TestMethod]
    public void An_app_without_an_entry_point_is_refused()
    {
        using var folder = new TemporaryFolder();
        StringAssert.Contains(TestInput.Refusal(() => AppClosure.Collect(folder.Write("Lib.dll", TestInput.Dll("Lib")))), "no entry point");
        StringAssert.Contains(TestInput.Refusal(() => AppClosure.Collect(folder.Write("x.dll", "text"))), "x.dll: not a .NET assembly");
    }

    [TestMethod]
    public void The_identity_of_the_release_takes_the_place_of_the_default_one()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        using var second = SigningKey.Generate();
        folder.Write("NanoOta.Identity.dll", TinyAssembly.Create("NanoOta.Identity", new Version(4, 3, 2, 1), false));
        var app = AppClosure.Collect(folder.Write("App.dll", TestInput.AppDll("NanoOta.Identity")));

        var replaced = app.WithIdentity(new AppIdentity("thermometer", "board-1", "1.0.0", [key.Public, second.Public]));

        Assert.IsTrue(app.HasIdentity);
        var identity = Load(replaced.ToImage().Assemblies[0].Contents.ToArray());
        Assert.AreEqual("NanoOta.Identity, Version=4.3.2.1, Culture=neutral, PublicKeyToken=null", identity.FullName);
        Assert.AreEqual("thermometer", Get(identity, "Product"));
        Assert.AreEqual("board-1", Get(identity, "Board"));
        CollectionAssert.AreEqual(new[] { key.Public.Base64, second.Public.Base64 }, (string[])Get(identity, "TrustedKeys"));
    }

    [TestMethod]
    public void The_generated_identity_has_the_surface_of_the_one_in_the_agent()
    {
        using var key = SigningKey.Generate();
        var generated = Load(IdentityAssembly.Create(new AppIdentity("p", "b", "1.0.0", [key.Public]), new Version(0, 1, 0, 0)));

        foreach (var type in typeof(FirmwareIdentity).Assembly.GetExportedTypes())
            Assert.AreEqual(Surface(type), Surface(generated.GetType(type.FullName!, true)!));
        CollectionAssert.AreEqual(new[] { "FirmwareBoard", "FirmwareIdentity" },
            generated.GetExportedTypes().Select(type => type.Name).Order().ToArray());
    }

    [TestMethod]
    public void The_same_app_gives_the_same_image()
    {
        using var folder = new TemporaryFolder();
        using var key = SigningKey.Generate();
        folder.Write("NanoOta.Identity.dll", TestInput.Dll("NanoOta.Identity"));
        var app = folder.Write("App.dll", TestInput.AppDll("NanoOta.Identity"));
        var identity = new AppIdentity("p", "b", "1.0.0", [key.Public]);

        CollectionAssert.AreEqual(AppPath.Load([app], identity).Image.Digest, AppPath.Load([app], identity).Image.Digest);
        CollectionAssert.AreNotEqual(AppPath.Load([app], identity).Image.Digest,
            AppPath.Load([app], identity with { Product = "q" }).Image.Digest);
    }

    [TestMethod]
    public void An_app_without_a_reference_to_the_identity_stays_unchanged()
    {
        using var folder = new TemporaryFolder();
        var app = folder.Write("App.dll", TestInput.AppDll());

        var packed = AppPath.Load([app], new AppIdentity("p", "b", "1.0.0", []));

        Assert.IsFalse(packed.IdentityReplaced);
        CollectionAssert.AreEqual(TestInput.AppDll(), packed.Image.Assemblies.Single().Contents.ToArray());
    }

    private static Assembly Load(byte[] dll) =>
        new AssemblyLoadContext("test", isCollectible: true).LoadFromStream(new MemoryStream(dll));

    private static object Get(Assembly identity, string method) =>
        identity.GetType("NanoOta.FirmwareIdentity", true)!.GetMethod(method)!.Invoke(null, null)!;

    private static string Surface(Type type) => $"{type.Attributes & ~TypeAttributes.BeforeFieldInit}: " + string.Join("; ", type
        .GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Select(member => $"{member} {((MethodInfo)member).Attributes}").Order());
}
