using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NanoOta.VirtualDevice;

/// <summary>The process that is the CPU of a board, from its start to its certain end.</summary>
internal sealed class CpuProcess : IDisposable
{
    private const int MaxLastWords = 8;
    private const int LastWordsMs = 500;

    private readonly Process process;
    private readonly CpuOutput output, crash;
    private readonly Thread errors;
    private readonly List<string> lastWords = [];

    private CpuProcess(Process process)
    {
        this.process = process;
        output = new CpuOutput(process.StandardOutput.BaseStream);
        crash = new CpuOutput(process.StandardError.BaseStream);
        errors = new Thread(ReadErrors) { IsBackground = true, Name = "CPU errors" };
        errors.Start();
        process.Exited += (_, _) => output.EndWhenSilent();
        process.EnableRaisingEvents = true;
    }

    public int Id => process.Id;

    public Stream FromCpu => output;

    public Stream ToCpu => process.StandardInput.BaseStream;

    /// <summary>Starts the CPU program, which lies beside the calling program.</summary>
    public static CpuProcess Start(IReadOnlyDictionary<string, string> environment)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "NanoOta.VirtualDevice.dll");
        var start = new ProcessStartInfo(DotNetHost(), [program])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        start.Environment.Remove("DOTNET_STARTUP_HOOKS");
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // no ports for debuggers: starts faster
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new CpuProcess(Process.Start(start)!);
    }

    /// <summary>Ends it, without waiting; for any thread, also when it has ended.</summary>
    public void Kill()
    {
        try
        {
            // Not the whole tree: that stops the process first to look for children, and if this program is killed in
            // between, a stopped CPU never sees that its board is gone.
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // it was quicker
        }
    }

    /// <summary>
    /// Ends it and waits for that; the first lines of what the runtime said about a crash. Child processes of the firmware live on, and
    /// are not waited for.
    /// </summary>
    public IReadOnlyList<string> End()
    {
        Kill();
        process.WaitForExit();
        output.End();
        if (!errors.Join(LastWordsMs)) crash.End();
        errors.Join();
        return lastWords;
    }

    public void Dispose()
    {
        End();
        process.Dispose();
    }

    private void ReadErrors()
    {
        using var reader = new StreamReader(crash);
        while (reader.ReadLine() is { } line)
            if (lastWords.Count < MaxLastWords) lastWords.Add(line);
    }

    /// <summary>The host that runs this program, or the one that its runtime belongs to.</summary>
    private static string DotNetHost()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        if (Path.GetFileName(Environment.ProcessPath) == name) return Environment.ProcessPath!;
        if (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path) return path;
        var root = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..");
        return Path.GetFullPath(Path.Combine(root, name));
    }
}
