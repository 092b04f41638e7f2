using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NanoOta.VirtualDevice;

/// <summary>The process that is the CPU of a board.</summary>
internal sealed class CpuProcess : IDisposable
{
    private const int MaxCrashLines = 8;
    private const int CrashOutputMs = 500;

    private readonly Process process;
    private readonly CpuOutput output, crash;
    private readonly Thread errors;
    private readonly List<string> crashLines = [];

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

    /// <summary>Starts the CPU program, which is in the folder of the calling program.</summary>
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
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // without debugger ports it starts faster
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new CpuProcess(Process.Start(start)!);
    }

    /// <summary>Kills the process without a wait. Callable from any thread, also after its end.</summary>
    public void Kill()
    {
        try
        {
            // Not the whole tree: that suspends the process to find its children. If this program is killed in between, a suspended
            // CPU does not notice it and never ends.
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // it has ended
        }
    }

    /// <summary>Kills the process, waits for its end, and returns the first lines of the runtime's crash message. Child processes of the
    /// firmware continue.</summary>
    public IReadOnlyList<string> End()
    {
        Kill();
        process.WaitForExit();
        output.End();
        if (!errors.Join(CrashOutputMs)) crash.End();
        errors.Join();
        return crashLines;
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
            if (crashLines.Count < MaxCrashLines) crashLines.Add(line);
    }

    /// <summary>The dotnet host of this program, or of its runtime.</summary>
    private static string DotNetHost()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        if (Path.GetFileName(Environment.ProcessPath) == name) return Environment.ProcessPath!;
        if (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path) return path;
        var root = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..");
        return Path.GetFullPath(Path.Combine(root, name));
    }
}
