using System.Diagnostics;

namespace NanoOta.Tests.Native;

/// <summary>The C programs of tests/native, built once for a run of the tests.</summary>
internal static class NativeBuild
{
    private static readonly Lazy<string> Built = new(Make, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The path of a program; the test is skipped where there is no compiler, and fails in CI.</summary>
    public static string Program(string name)
    {
        foreach (var tool in new[] { "gcc", "make" })
            if (!IsInstalled(tool))
                SkipOrFail($"{tool} is not installed (Debian: apt-get install gcc make)");
        return Path.Combine(Built.Value, name);
    }

    /// <summary>Skips a test that lacks something, which is a failure in CI.</summary>
    public static void SkipOrFail(string message)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(message);
        Assert.Inconclusive(message);
    }

    /// <summary>Runs a program to its end, with an input if there is one.</summary>
    public static (int ExitCode, string Output, string Errors) Run(
        string program, IEnumerable<string> arguments, IEnumerable<string>? input = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        Feed(process, input ?? []);
        process.WaitForExit();
        return (process.ExitCode, output.Result, errors.Result);
    }

    private static void Feed(Process process, IEnumerable<string> lines)
    {
        try
        {
            foreach (var line in lines) process.StandardInput.Write(line + "\n");
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended early; its exit code and its errors say why.
        }
    }

    private static string Make()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "native");
        string[] arguments = ["-s", "-C", Path.Combine(Root, "tests/native"), "all", $"OUT={folder}"];
        var (code, output, errors) = Run("make", arguments);
        return code == 0 ? folder : throw new InvalidOperationException($"the C tests do not build:\n{output}{errors}");
    }

    private static bool IsInstalled(string tool)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders.Any(folder => File.Exists(Path.Combine(folder, tool)));
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "NanoOtaAgent.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
