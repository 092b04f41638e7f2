using System.Diagnostics;

namespace NanoOta.Tests.Native;

/// <summary>The programs of tests/native, each built once for a run of the tests.</summary>
internal static class NativeBuild
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<string> Built = [];

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The path of a program of C; the test is skipped where there is no compiler, and fails in CI.</summary>
    public static string Program(string name)
    {
        Require("gcc", "make");
        return Make(name);
    }

    /// <summary>As <see cref="Program"/>, for what needs C++ and mbedTLS.</summary>
    public static string GlueProgram(string name)
    {
        RequireGlueTools();
        return Make(name);
    }

    /// <summary>Skips the test, or fails it in CI, where C++ or mbedTLS is missing.</summary>
    public static void RequireGlueTools()
    {
        Require("gcc", "make", "g++");
        string[] preprocess = ["-E", "-include", "mbedtls/ecdsa.h", "-x", "c", "-"];
        if (Run("gcc", preprocess).ExitCode != 0)
            SkipOrFail("the headers of mbedTLS are not installed (Debian: apt-get install libmbedtls-dev)");
    }

    /// <summary>Skips the test, or fails it in CI, where one of the tools is missing.</summary>
    public static void Require(params string[] tools)
    {
        foreach (var tool in tools)
            if (!IsInstalled(tool))
                SkipOrFail($"{tool} is not installed (Debian: apt-get install {tool})");
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

    private static string Make(string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "native");
        lock (Gate)
        {
            string[] arguments = ["-s", "-C", Path.Combine(Root, "tests/native"), name, $"OUT={folder}"];
            if (!Built.Contains(name) && Run("make", arguments) is var (code, output, errors) && code != 0)
                throw new InvalidOperationException($"{name} of tests/native does not build:\n{output}{errors}");
            Built.Add(name);
        }

        return Path.Combine(folder, name);
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
