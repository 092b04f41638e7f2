namespace NanoOta.Tests.Support;

/// <summary>Measurements that lie in the folder <c>shared</c> beside the repository and are not part of it. Where a file is missing a test
/// is skipped, and fails with <c>CI=true</c>.</summary>
internal static class SharedFile
{
    /// <summary>The path of a file; where it is missing the running test ends here.</summary>
    public static string Find(params string[] path)
    {
        var file = Path.GetFullPath(Path.Combine([Repository.Root, "..", "shared", .. path]));
        if (File.Exists(file)) return file;
        var message = $"{file} is missing";
        throw Environment.GetEnvironmentVariable("CI") == "true"
            ? new AssertFailedException(message) : new AssertInconclusiveException(message);
    }
}
