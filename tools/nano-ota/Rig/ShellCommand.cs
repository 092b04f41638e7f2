using System.ComponentModel;
using System.Diagnostics;
using NanoOta.Releases;

namespace NanoOta.Cli.Rig;

/// <summary>Command lines of a device file, run by the system's shell.</summary>
internal static class ShellCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs a command line to its end. Nothing ends it early, because a half-written flash could remain.</summary>
    /// <returns>Its exit code and the last line of its output.</returns>
    /// <exception cref="RigException">It cannot start, or does not end.</exception>
    public static (int ExitCode, string LastLine) Run(string command)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var process = Start(command, isRedirected: true);
        var last = "";
        void Keep(object _, DataReceivedEventArgs e) => last = string.IsNullOrWhiteSpace(e.Data) ? last : e.Data.Trim();
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            process.WaitForExitAsync(limit.Token).GetAwaiter().GetResult();
            return (process.ExitCode, last);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new RigException($"'{command}' did not end within {Limit.TotalMinutes} minutes; correct the command in the device file");
        }
    }

    /// <summary>Runs a command line, which must succeed.</summary>
    /// <exception cref="RigException">It cannot start, does not end, or fails.</exception>
    public static void MustRun(string command)
    {
        var (code, last) = Run(command);
        if (code == 0) return;
        throw new RigException($"'{command}' ended with exit code {code}: {last}; run it by hand, or correct the device file");
    }

    /// <summary>Starts a program. Without redirection it takes the place of the shell, so that a kill and a wait reach it.</summary>
    /// <exception cref="RigException">It cannot start.</exception>
    public static Process Start(string command, bool isRedirected = false)
    {
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo("cmd", ["/c", command])
            : new ProcessStartInfo("/bin/sh", ["-c", isRedirected ? command : "exec /usr/bin/env " + command]);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.RedirectStandardInput) = (isRedirected, isRedirected, true);
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception e)
        {
            throw new RigException($"'{command}' cannot start: {e.Message}; correct the command in the device file");
        }
    }
}
