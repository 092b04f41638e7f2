using System.IO.Pipes;
using NanoOta.Cli;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Cli;

/// <summary>Where nothing can be written any more, a command ends with 2 and one line that names the place.</summary>
[TestClass]
public sealed class OutputFaultTests
{
    private const string Full = "/dev/full";

    private readonly TemporaryFolder folder = new();

    private string Keys => folder.File("keys");

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public void A_device_ends_when_its_events_file_is_full()
    {
        if (!File.Exists(Full)) Assert.Inconclusive("there is no " + Full);
        StringAssert.Contains(NanoOtaTool.Run([.. Device(), "--events", Full]).Refusal, "/dev/full cannot be written: No space left");
    }

    [TestMethod]
    public void A_device_run_ends_when_its_output_pipe_is_closed()
    {
        var (code, error) = Run(new BrokenWriter(), [.. Device(quiet: false)]);
        Assert.AreEqual(2, code);
        Assert.AreEqual("nano-ota: the standard output cannot be written: Broken pipe; free space or give another path\n", error);
    }

    [TestMethod]
    public void Serve_ends_when_its_output_pipe_is_closed()
    {
        var (code, error) = Run(new BrokenWriter(), "serve", folder.Path, "--http", "0");
        Assert.AreEqual(2, code);
        StringAssert.Contains(error, "the standard output cannot be written");
    }

    [TestMethod]
    public async Task Serve_ends_when_the_pipe_of_its_request_log_is_closed()
    {
        var output = new BrokenWriter(goodLines: 1);
        using var error = new StringWriter();
        var run = CommandLine.RunAsync(["serve", folder.Path, "--http", "0", "--verbose"], output, error);
        using var client = new HttpClient();
        try
        {
            using var answer = await client.GetAsync(await output.FirstLine);
        }
        catch (HttpRequestException)
        {
            // The server ended before it answered.
        }

        Assert.AreEqual(2, await run);
        StringAssert.Contains(error.ToString(), "the standard output cannot be written");
    }

    [TestMethod]
    public void A_write_error_that_a_caller_swallows_still_ends_the_command()
    {
        using var writer = new NamedWriter(new BrokenWriter(), "here");
        Assert.ThrowsExactly<NanoOta.Releases.ReleaseException>(() => writer.WriteLine("x"));
        Assert.IsTrue(writer.Broken.IsCancellationRequested);
        StringAssert.Contains(TestInput.Refusal(() => writer.Write('x')), "here cannot be written: Broken pipe");
    }

    [TestMethod]
    public void A_closed_output_pipe_is_detected()
    {
        if (OperatingSystem.IsWindows()) Assert.Inconclusive("Console.Out is used there");
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        pipe.DisposeLocalCopyOfClientHandle();
        using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(pipe.SafePipeHandle.DangerousGetHandle(), ownsHandle: false);
        using var writer = StandardOutput.Open(handle, new System.Text.UTF8Encoding(false));
        Assert.ThrowsExactly<IOException>(() => writer.WriteLine("x"));
    }

    [TestMethod]
    public void An_error_that_cannot_be_printed_is_reported_by_the_exit_code() => Assert.AreEqual(2,
        CommandLine.RunAsync(["nothing"], TextWriter.Null, new BrokenWriter()).GetAwaiter().GetResult());

    private string[] Device(bool quiet = true)
    {
        NanoOtaTool.Run("keygen", "--out", Keys).MustSucceed();
        NanoOtaTool.Run("flash", "--board", TestInput.BoardName, "--app", folder.Write("App.dll", TestInput.AppDll()), "--version", "1.0.0",
            "--trust", Path.Combine(Keys, "public.pem"), "--out", folder.File("flash")).MustSucceed();
        string[] args = ["device", "--board", TestInput.BoardName, "--flash", folder.File("flash"), "--offer", "http://127.0.0.1:1/"];
        return quiet ? [.. args, "--quiet"] : args;
    }

    private static (int Code, string Error) Run(TextWriter output, params string[] args)
    {
        using var error = new StringWriter();
        int code = CommandLine.RunAsync(args, output, error).GetAwaiter().GetResult();
        return (code, error.ToString());
    }

    private sealed class BrokenWriter(int goodLines = 0) : TextWriter
    {
        private readonly TaskCompletionSource<string> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly System.Text.StringBuilder line = new();
        private int lines;

        public Task<string> FirstLine => first.Task;

        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;

        public override void Write(char value)
        {
            if (lines == goodLines) throw new IOException("Broken pipe");
            if (value == '\n') lines++;
            else line.Append(value);
            if (lines == 1) first.TrySetResult(line.ToString().Trim());
        }
    }
}
