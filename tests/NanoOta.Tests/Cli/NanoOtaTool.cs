using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using NanoOta.Cli;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Cli;

/// <summary>Runs nano-ota and gives what it printed.</summary>
internal sealed record NanoOtaTool(int ExitCode, string Output, string Error)
{
    private const int Sigint = 2;

    /// <summary>What most commands ask for: a key pair in <c>keys</c>, and App.dll with the identity that it refers to.</summary>
    public static void MakeKeysAndApp(TemporaryFolder folder)
    {
        Run("keygen", "--out", folder.File("keys")).MustSucceed();
        folder.Write("NanoOta.Identity.dll", TestInput.Dll("NanoOta.Identity"));
        folder.Write("App.dll", TestInput.AppDll("NanoOta.Identity"));
    }

    public static NanoOtaTool Run(params string[] args)
    {
        StringWriter output = new(), error = new();
        int code = CommandLine.RunAsync(args, output, error).GetAwaiter().GetResult();
        return new NanoOtaTool(code, output.ToString(), error.ToString());
    }

    /// <summary>Starts the tool as a process of its own, in another folder.</summary>
    public static Process Start(string workingFolder, params string[] args) => Start(workingFolder, args, []);

    /// <summary>The same, with variables of its environment.</summary>
    public static Process Start(string workingFolder, string[] args, params (string Name, string Value)[] environment)
    {
        var tool = typeof(CommandLine).Assembly.Location;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [tool, .. args])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Does to a process what Ctrl-C does, on Linux and macOS.</summary>
    public static void Interrupt(Process process) => Assert.AreEqual(0, SendSignal(process.Id, Sigint));

    /// <summary>What was printed, which must be one JSON document.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>The message of a run that must have failed for its input: one line on the error output, nothing else.</summary>
    public string Refusal
    {
        get
        {
            Assert.AreEqual(NanoOta.Cli.ExitCode.WrongInput, ExitCode, Output + Error);
            Assert.AreEqual("", Output);
            StringAssert.StartsWith(Error, "nano-ota: ");
            Assert.HasCount(1, Error.TrimEnd().Split('\n'), Error);
            return Error;
        }
    }

    public NanoOtaTool MustSucceed()
    {
        Assert.AreEqual(0, ExitCode, Error);
        Assert.AreEqual("", Error);
        return this;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
