namespace NanoOta.Tests.Support;

/// <summary>Files of the repository.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A file or folder under the root.</summary>
    public static string At(params string[] path) => Path.Combine([Root, .. path]);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "NanoOtaAgent.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("the tests do not lie in the repository");
        return folder.FullName;
    }
}
