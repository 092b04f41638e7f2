using System.Text;
using System.Text.Json;
using NanoOta.Cli.Fleet;
using NanoOta.Releases;
using NanoOta.Tests.Cli;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Mqtt.FleetCommands;

/// <summary>nano-ota report with a device that gives one, and with brokers that give something else.</summary>
[TestClass]
public sealed class ReportTests
{
    private const string Body = """
        "product":"lamp","ver":"1.1.0","up":3661,"unknown":{"deep":[1,{"x":2}]},"keys":["ab","cd"],
        "boot":{"state":"confirmed","revert":6001},
        "slots":[{"slot":0,"runs":1,"head":1,"ver":"1.1.0","size":4711,"sha":"00ff"},{"slot":1,"runs":0,"head":0}],
        "journal":{"err":4004,"pause":0,"quarantine":[{"sha":"beef","code":6002}]},"link":{"connections":3,"err":8024},
        "errors":[{"code":4004,"text":"t"},{"code":99999,"text":"a new one"}],
        "totals":{"starts":5,"erases":[7,9]},
        "history":[{"n":1,"e":"start","slot":0,"reset":9,"up":1,"at":1800000000},{"n":2,"e":"staged","slot":1,"up":90,"code":0}]}
        """;

    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public async Task A_report_is_shown_as_text_and_saved_unchanged()
    {
        using var broker = new Mosquitto();
        using var setup = Device(broker.Port);
        var (tool, sent) = await Run(setup, (command, send) => send($"{{\"n\":{command.Counter},{Body}"), "--out", folder.File("r.json"));
        var shown = tool.MustSucceed().Output;
        foreach (var part in new[]
        {
            MqttBench.DeviceId, "1:01:01", "ab, cd", "00ff", "4711", "beef", "6002 ", "reset: brown-out", "2027-01-15 08:00:00Z",
            Remedies.Of(UpdateError.Quarantined), "a new one", "use a nano-ota of the agent's version", "7 in slot 0, 9 in slot 1", "8024 ",
        })
            StringAssert.Contains(shown, part);
        Assert.DoesNotContain("deep", shown);
        Assert.AreEqual(sent, File.ReadAllText(folder.File("r.json")));
    }

    [TestMethod]
    public async Task Other_messages_are_not_taken_for_the_report()
    {
        using var broker = new Mosquitto();
        using var setup = Device(broker.Port);
        await setup.WatchAsync(broker.Port);
        var (tool, _) = await Run(setup, (command, send) =>
        {
            string good = $"{{\"n\":{command.Counter}";
            string[] wrong =
            [
                "", "{", "[]", "7", $"{{\"n\":\"{command.Counter}\"}}", $"{{\"n\":{command.Counter + 1},\"ver\":\"9\"}}", "{\"n\":1e99}",
                good + ",\"ver\":\"\\ud800\"}", good + ",\"a\":" + new string('[', 9) + new string(']', 9) + "}",
                good + ",\"ver\":\"" + new string('x', 1_000_000) + "\"}",
            ];
            foreach (var payload in wrong) setup.PublishAsync(setup.Bench.Topics.Report, Encoding.UTF8.GetBytes(payload)).Wait();
            setup.PublishAsync(setup.Bench.Topics.Report, [0xFF, 0xFE, 0]).Wait();
            send($"{good},\"ver\":\"\\u001b[2J\u202e[red]\"}}");
        }, "--json");
        Assert.AreEqual("\u001b[2J\u202e[red]", tool.MustSucceed().Json.GetProperty("ver").GetString());
        AssertPlain(tool.Output);
    }

    [TestMethod]
    public async Task A_refusal_a_missing_report_and_silence_are_distinguished()
    {
        using var broker = new Mosquitto();
        using var setup = Device(broker.Port);
        var none = await Run(setup, (_, _) => { }, "--timeout", "6");
        Assert.AreEqual(3, none.Tool.ExitCode);
        StringAssert.Contains(none.Tool.Error, "promised a report");
        var refused = await Run(setup, null);
        Assert.AreEqual(1, refused.Tool.ExitCode, refused.Tool.Error);
        StringAssert.Contains(refused.Tool.Output, "8008");
        var silent = await Task.Run(() => NanoOtaTool.Run(Arguments(broker.Port, "--timeout", "1")));
        Assert.AreEqual(3, silent.ExitCode);
        StringAssert.Contains(silent.Error, "no answer in 1 s");
    }

    [TestMethod]
    public async Task Refusals_of_unauthenticated_commands_do_not_shorten_the_wait_for_a_report()
    {
        using var broker = new Mosquitto();
        using var setup = Device(broker.Port);
        await setup.WatchAsync(broker.Port);
        var run = new RunningTool(Arguments(broker.Port, "--json"));
        var command = await Task.Run(setup.AwaitCommand);
        foreach (var answer in new[] { "{\"code\":8002}", $"{{\"n\":{command.Counter},\"code\":0}}", "{\"code\":8002}" })
            await setup.PublishAsync(setup.Bench.Topics.Answer, Encoding.UTF8.GetBytes(answer));
        await Task.Delay(4000);
        await setup.PublishAsync(setup.Bench.Topics.Report, Encoding.UTF8.GetBytes($"{{\"n\":{command.Counter}}}"));
        (await run.EndAsync()).MustSucceed();
    }

    [TestMethod]
    public void The_output_path_is_checked_before_the_command_is_sent()
    {
        StringAssert.Contains(NanoOtaTool.Run(Arguments(1, "--out", folder.Path)).Refusal, "is a folder");
        StringAssert.Contains(NanoOtaTool.Run(Arguments(1, "--out", folder.File("no/where"))).Refusal, "does not exist; create it first");
    }

    [TestMethod]
    public void Invalid_reports_never_throw_and_are_shown_as_bounded_plain_text()
    {
        int seed = Environment.TickCount;
        Console.WriteLine($"seed {seed}");
        var random = new Random(seed);
        byte[] good = Encoding.UTF8.GetBytes("{\"n\":1," + Body);
        int read = 0;
        for (int i = 0; i < 5000; i++)
        {
            byte[] bytes = [.. good];
            for (int change = random.Next(1, 4); change > 0; change--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (!DeviceReport.TryRead(bytes, out var report)) continue;
            read++;
            AssertPlain(JsonSerializer.Serialize(ReportSummary.Of("d", report.Root)));
        }

        Assert.IsGreaterThan(200, read);
        var endless = $"{{\"n\":1,\"history\":[{string.Join(',', Enumerable.Repeat("{\"n\":7}", 1500))}]}}";
        Assert.IsTrue(DeviceReport.TryRead(Encoding.UTF8.GetBytes(endless), out var large));
        Assert.HasCount(64, (System.Collections.ICollection)ReportSummary.Of("d", large.Root)["history"]);
    }

    private static void AssertPlain(string text) =>
        Assert.IsTrue(text.All(c => c == '\n' || c == '\r' || (!char.IsControl(c) && c is not ('\u202e' or '\u2028'))), text);

    private static LinkSetup Device(int port)
    {
        var setup = new LinkSetup(port);
        setup.Start();
        LinkSetup.Await(() => setup.Link.IsConnected && setup.Bench.SendQueue.Count == 0, "connection");
        return setup;
    }

    // The device answers the command and publishes the report of the test; null: it refuses.
    private async Task<(NanoOtaTool Tool, string? Sent)> Run(
        LinkSetup setup, Action<RemoteCommand, Action<string>>? give, params string[] more)
    {
        var run = new RunningTool(Arguments(setup.Options.Port, more));
        var command = await Task.Run(setup.AwaitCommand);
        Assert.AreEqual(CommandKind.Report, command.Kind);
        setup.Bench.Control.Answer(command, give == null ? UpdateError.CommandNotPossible : UpdateError.None);
        string? sent = null;
        give?.Invoke(command, text =>
        {
            var bytes = Encoding.UTF8.GetBytes(sent = text);
            setup.Bench.SendQueue.PutReport(bytes, bytes.Length);
        });
        return (await run.EndAsync(), sent);
    }

    private string[] Arguments(int port, params string[] more) =>
        ["report", MqttBench.DeviceId, "--product", "lamp", "--broker", $"mqtt://127.0.0.1:{port}", "--key", KeyFile(), .. more];

    private string KeyFile()
    {
        MqttBench.Key.Save(folder.File("command.pem"));
        return folder.File("command.pem");
    }
}
