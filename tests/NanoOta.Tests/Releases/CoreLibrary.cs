namespace NanoOta.Tests.Releases;

/// <summary>The real mscorlib.pe of nanoFramework.CoreLibrary, which the build of the tests brings from its package.</summary>
internal static class CoreLibrary
{
    public static byte[] Read() => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "real", "mscorlib.pe"));
}
