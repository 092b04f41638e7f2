namespace NanoOta.Tests.Releases;

/// <summary>The real core library of the device, from the package nanoFramework.CoreLibrary 1.17.11.</summary>
internal static class RealCore
{
    /// <summary>
    /// The native checksum that it needs of a firmware; also in the package's description, and declared by nf-interpreter a3e8139a1
    /// in src/CLR/CorLib/corlib_native.cpp.
    /// </summary>
    public const uint NativeChecksum = 0x1549C856;

    /// <summary>The assembly as the platform's metadata processor wrote it.</summary>
    public static byte[] Pe => File.ReadAllBytes(At("mscorlib.pe"));

    /// <summary>The assembly that device code is compiled against.</summary>
    public static string Dll => At("mscorlib.dll");

    private static string At(string name) => Path.Combine(AppContext.BaseDirectory, "device", name);
}
