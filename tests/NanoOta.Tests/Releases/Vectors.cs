using NanoOta.Tests.Support;

namespace NanoOta.Tests.Releases;

/// <summary>The real nanoFramework assemblies beside the repository.</summary>
internal static class Vectors
{
    public static byte[] Read(string file) => Repository.ReadShared("vectors", "pe", file);
}
