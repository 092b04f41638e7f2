using System.Diagnostics;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Native;

/// <summary>The programs of tests/native, each built once for a run of the tests.</summary>
internal static class NativeBuild
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<string> Built = [];

    /// <summary>The repository's root.</summary>
    public static string Root => Repository.Root;

    /// <summary>The path of a program of C; the running test ends here where there is no compiler.</summary>
    public static string Program(string name)
    {
        OptionalTools.Here.Require("gcc", "make");
        RequireHeader("stdlib.h");
        return Make(name);
    }

    /// <summary>As <see cref="Program"/>, for what needs C++ and mbedTLS.</summary>
    public static string GlueProgram(string name)
    {
        RequireGlueTools();
        return Make(name);
    }

    /// <summary>Ends the running test where C++ or mbedTLS is missing.</summary>
    public static void RequireGlueTools()
    {
        OptionalTools.Here.Require("gcc", "make", "g++");
        RequireHeader("stdlib.h");
        RequireHeader("mbedtls/ecdsa.h");
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
            // It ended early; its exit code and its errors show the reason.
        }
    }

    private static string Make(string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "native");
        lock (Gate)
        {
            string[] arguments = ["-s", $"-j{Environment.ProcessorCount}", "-C", Path.Combine(Root, "tests/native"), name, $"OUT={folder}"];
            if (!Built.Contains(name) && Run("make", arguments) is var (code, output, errors) && code != 0)
                throw new InvalidOperationException($"{name} of tests/native does not build:\n{output}{errors}");
            Built.Add(name);
        }

        return Path.Combine(folder, name);
    }

    private static void RequireHeader(string header)
    {
        if (Run("gcc", ["-E", "-include", header, "-x", "c", "-"]).ExitCode != 0) throw OptionalTools.Here.Missing(header);
    }
}
