using System.Text;
using System.Text.Json;
using NanoOta.Cli;
using NanoOta.Tests.Cli;

namespace NanoOta.Tests.Mqtt.FleetCommands;

/// <summary>nano-ota in this process, while it runs.</summary>
internal sealed class RunningTool
{
    private readonly Lines output = new(), error = new();

    public RunningTool(params string[] args) => Code = Task.Run(() => CommandLine.RunAsync(args, output, error));

    public Task<int> Code { get; }

    public string Output => output.ToString();

    /// <summary>What was printed so far, one JSON object a line.</summary>
    public JsonElement[] Json
    {
        get
        {
            var now = Output;
            return [.. now[..(now.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement)];
        }
    }

    public void AwaitOutput(string text) => LinkSetup.Await(() => Output.Contains(text) || (Code.IsCompleted && Fail()), $"'{text}'");

    public async Task<NanoOtaTool> EndAsync() => new(await Code.WaitAsync(TimeSpan.FromSeconds(120)), Output, error.ToString());

    private bool Fail()
    {
        Assert.Fail($"it has ended with {Code.Result}: {Output}{error}");
        return false;
    }

    private sealed class Lines : TextWriter
    {
        private readonly StringBuilder text = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            lock (text) text.Append(value);
        }

        public override void Write(string? value)
        {
            lock (text) text.Append(value);
        }

        public override void WriteLine(string? value) => Write(value + "\n");

        public override string ToString()
        {
            lock (text) return text.ToString();
        }
    }
}
