namespace NanoOta.Tests.Support;

/// <summary>Files of the repository, and the test data that may lie beside it.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A file or folder under the root.</summary>
    public static string At(params string[] path) => Path.Combine([Root, .. path]);

    /// <summary>
    /// Test data in <c>../shared</c>. Where it is not there the test is skipped, and fails in CI.
    /// </summary>
    public static byte[] ReadShared(params string[] path)
    {
        var file = Path.Combine([Root, "..", "shared", .. path]);
        if (File.Exists(file)) return File.ReadAllBytes(file);
        MissingOnThisMachine($"{Path.Combine(["../shared", .. path])} is not here");
        return [];
    }

    /// <summary>Skips the running test, or fails it in CI.</summary>
    public static void MissingOnThisMachine(string what)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(what);
        Assert.Inconclusive(what);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "NanoOtaAgent.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("the tests do not lie in the repository");
        return folder.FullName;
    }
}
