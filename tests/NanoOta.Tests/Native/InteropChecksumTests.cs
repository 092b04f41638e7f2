using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using NanoOta.Tests.Releases;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Native;

/// <summary>
/// nanoCLR binds an interop assembly to the firmware only when both have the same checksum over the native methods, and
/// it finds them by their place in a table. The firmware's copy of both is nanoota_interop.h.
/// </summary>
[TestClass]
public sealed class InteropChecksumTests
{
    private const string Class = "Sample_Native_Flash";

    // What metadata processor 3.0.100 wrote for this sample (docs/platform/assemblies.md, "Native checksum").
    private const uint CheckValue = 0x2A460D29;

    private static readonly NativeChecksum Sample = new("Sample.Native",
    [
        new(Class, "Erase___STATIC__I4__I4__I4__I4"),
        new(Class, "Write___STATIC__BOOLEAN__I4__I4__SZARRAY_U1__I4__I4"),
        new(null, "Plain"),
        new(Class, "Name___STATIC__STRING__U4__BYREF_I4"),
    ]);

    [TestMethod]
    public void The_checksum_of_a_description_is_the_check_value() => Assert.AreEqual(CheckValue, Sample.Compute());

    [TestMethod]
    public void A_compiled_assembly_is_read_as_it_was_described()
    {
        using var pe = new PEReader(new MemoryStream(CompileSample()));
        var read = NativeChecksum.Read(pe.GetMetadataReader());
        Assert.AreEqual(Sample.Assembly, read.Assembly);
        CollectionAssert.AreEqual(Sample.Methods.ToArray(), read.Methods.ToArray());
        Assert.AreEqual(CheckValue, read.Compute());
    }

    [TestMethod]
    public void Without_native_methods_the_checksum_is_0()
    {
        Assert.AreEqual(0u, new NativeChecksum("A", []).Compute());
        Assert.AreEqual(0u, new NativeChecksum("A", [new(null, "Plain")]).Compute());
    }

    [TestMethod]
    public void The_header_of_the_firmware_has_the_table_and_the_checksum_of_our_assembly()
    {
        using var pe = new PEReader(File.OpenRead(OurAssembly()));
        var ours = NativeChecksum.Read(pe.GetMetadataReader());
        var header = File.ReadAllText(Path.Combine(NativeBuild.Root, "bootloader-config/native/src/nanoota_interop.h"));
        var table = string.Join(" \\\n", ours.Methods.Select(m => $"    METHOD({m.Name})"));
        Assert.IsTrue(ours.Methods.All(m => m.Class == "NanoOta_Native_NativeModule"), "one class of native methods");
        Assert.Contains($"#define NANOOTA_INTEROP_ASSEMBLY \"{ours.Assembly}\"\n", header);
        Assert.Contains("#define NANOOTA_INTEROP_CLASS \"NanoOta_Native_NativeModule\"\n", header);
        Assert.Contains($"#define NANOOTA_INTEROP_METHODS(METHOD) \\\n{table}\n\n", header);
        Assert.Contains($"#define NANOOTA_INTEROP_CHECKSUM 0x{ours.Compute():X8}u\n", header);
        var glue = File.ReadAllText(Path.Combine(NativeBuild.Root, "bootloader-config/native/glue/nanoota_interop.cpp"));
        Assert.Contains($"\"{ours.Assembly}\", 0x{ours.Compute():X8}, method_lookup, {{3, 0, 0, 0}}", glue);
        var version = File.ReadAllText(Path.Combine(NativeBuild.Root, "bootloader-config/native/NanoOta.Native/Properties/AssemblyInfo.cs"));
        Assert.Contains("[assembly: AssemblyNativeVersion(\"3.0.0.0\")]", version);
        Assert.AreEqual(new NativeAssembly(ours.Assembly, ours.Compute()), NativeAssembly.OfModule, "the virtual device's");
    }

    // Firmware in the field has different surfaces: a change of a method needs a new surface number.
    [TestMethod]
    public void Surface_3_is_frozen()
    {
        using var pe = new PEReader(File.OpenRead(OurAssembly()));
        Assert.AreEqual((3, 0x9803CDAC), (NanoOta.Native.NativeModule.Surface, NativeChecksum.Read(pe.GetMetadataReader()).Compute()));
    }

    /// <summary>The assembly that device code is compiled against, in the configuration of these tests.</summary>
    internal static string OurAssembly()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return Path.Combine(NativeBuild.Root, "bootloader-config/native/NanoOta.Native/bin", configuration, "net10.0",
            "NanoOta.Native.dll");
    }

    private static byte[] CompileSample()
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Sample.Native"), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule("Sample.Native")
            .DefineType("Sample.Native.Flash", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        Define(type, "Erase", typeof(int), typeof(int), typeof(int), typeof(int));
        Define(type, "Write", typeof(bool), typeof(int), typeof(int), typeof(byte[]), typeof(int), typeof(int));
        var plain = Define(type, "Plain", typeof(int), typeof(int));
        plain.SetImplementationFlags(MethodImplAttributes.IL);
        plain.GetILGenerator().Emit(OpCodes.Ldarg_0);
        plain.GetILGenerator().Emit(OpCodes.Ret);
        Define(type, "Name", typeof(string), typeof(uint), typeof(int).MakeByRefType());
        type.CreateType();
        using var bytes = new MemoryStream();
        assembly.Save(bytes);
        return bytes.ToArray();
    }

    private static MethodBuilder Define(TypeBuilder type, string name, Type result, params Type[] parameters)
    {
        var method = type.DefineMethod(name, MethodAttributes.Public | MethodAttributes.Static, result, parameters);
        method.SetImplementationFlags(MethodImplAttributes.InternalCall);
        return method;
    }
}
