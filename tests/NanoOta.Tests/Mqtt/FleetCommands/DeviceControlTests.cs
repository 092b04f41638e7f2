using NanoOta.Releases;
using NanoOta.Tests.Cli;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Mqtt.FleetCommands;

/// <summary>nano-ota command with a device that answers, refuses, or is offline.</summary>
[TestClass]
public sealed class DeviceControlTests
{
    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    [DataRow("check", CommandKind.Check)]
    [DataRow("pause", CommandKind.Pause)]
    [DataRow("resume", CommandKind.Resume)]
    [DataRow("reject", CommandKind.RejectTrial)]
    [DataRow("revert", CommandKind.Revert)]
    [DataRow("report", CommandKind.Report)]
    [DataRow("reboot", CommandKind.Reboot)]
    public async Task A_command_is_carried_out_and_its_answer_shown(string name, CommandKind kind)
    {
        using var broker = new Mosquitto();
        using var setup = Device(broker.Port);
        var run = await Run(setup, UpdateError.None, name, "--key", KeyFile(), "--json");
        Assert.AreEqual(kind, run.Taken?.Kind);
        var answer = run.Tool.MustSucceed().Json;
        Assert.IsTrue(answer.GetProperty("done").GetBoolean());
        Assert.AreEqual(0, answer.GetProperty("code").GetInt32());
    }

    [TestMethod]
    public async Task A_command_that_is_not_possible_is_refused_with_text_and_remedy()
    {
        using var broker = new Mosquitto();
        using var setup = Device(broker.Port);
        var run = await Run(setup, UpdateError.CommandNotPossible, "reject", "--token-file", folder.Write("t", MqttBench.Token + "\n"));
        Assert.AreEqual(1, run.Tool.ExitCode, run.Tool.Error);
        foreach (var part in new[]
        {
            "8008", UpdateErrors.Text(UpdateError.CommandNotPossible), Remedies.Of(UpdateError.CommandNotPossible),
        })
            StringAssert.Contains(run.Tool.Output, part);
    }

    [TestMethod]
    public async Task An_untrusted_key_or_token_is_refused_by_the_device()
    {
        using var broker = new Mosquitto();
        using var setup = Device(broker.Port);
        using var unknown = NanoOta.Releases.SigningKey.Generate();
        unknown.Save(folder.File("unknown.pem"));
        var signed = await Run(setup, UpdateError.None, "reboot", "--key", folder.File("unknown.pem"), "--json");
        AssertRefused(signed.Tool, UpdateError.CommandUnknownKey);
        setup.Bench.Clock.Milliseconds += 60_000;
        var token = await Run(setup, UpdateError.None, "reboot", "--token-file", folder.Write("t", "another token that is long"), "--json");
        AssertRefused(token.Tool, UpdateError.CommandBadSignature);
        Assert.IsNull(signed.Taken ?? token.Taken);
    }

    [TestMethod]
    public async Task An_absent_device_and_a_missing_answer_are_distinguished_and_end_with_3()
    {
        using var broker = new Mosquitto();
        var none = NanoOtaTool.Run(Arguments(broker.Port, "check", "--key", KeyFile()));
        Assert.AreEqual((3, ""), (none.ExitCode, none.Output));
        StringAssert.Contains(none.Error, "no device subscribes");
        using var setup = Device(broker.Port);
        var silent = await Task.Run(() => NanoOtaTool.Run(Arguments(broker.Port, "check", "--key", KeyFile(), "--timeout", "1")));
        Assert.AreEqual(3, silent.ExitCode);
        StringAssert.Contains(silent.Error, "no answer in 1 s");
    }

    [TestMethod]
    public async Task Foreign_answers_and_invalid_data_are_not_taken_for_the_device_s()
    {
        using var broker = new Mosquitto();
        using var setup = Device(broker.Port);
        await setup.WatchAsync(broker.Port);
        var run = new RunningTool(Arguments(broker.Port, "pause", "--key", KeyFile(), "--timeout", "20"));
        var command = setup.AwaitCommand();
        foreach (var payload in new[] { "{", "{\"n\":5,\"code\":0}", "{\"code\":0}", "{\"n\":\"x\",\"code\":\"0\"}", "{\"code\":8003}" })
            await setup.PublishAsync(setup.Bench.Topics.Answer, System.Text.Encoding.UTF8.GetBytes(payload));
        await setup.PublishAsync(setup.Bench.Topics.Answer, new byte[4000]);
        setup.Bench.Control.Answer(command, UpdateError.CommandNotPossible);
        var tool = await run.EndAsync();
        Assert.AreEqual(1, tool.ExitCode);
        StringAssert.Contains(tool.Output, "8008");
    }

    [TestMethod]
    public void Wrong_input_is_named_and_a_token_never_shown()
    {
        var shortToken = folder.Write("short", "hush");
        StringAssert.Contains(NanoOtaTool.Run(Arguments(1, "check")).Refusal, "either --key or --token-file");
        StringAssert.Contains(NanoOtaTool.Run(Arguments(1, "check", "--key", KeyFile(), "--token-file", shortToken)).Refusal, "exclude each other");
        var refusal = NanoOtaTool.Run(Arguments(1, "check", "--token-file", shortToken)).Refusal;
        StringAssert.Contains(refusal, "the token has 4 characters");
        Assert.DoesNotContain("hush", refusal);
        var two = folder.Write("two", "a\nb");
        StringAssert.Contains(NanoOtaTool.Run(Arguments(1, "check", "--token-file", two)).Refusal, "more than one line");
        StringAssert.Contains(NanoOtaTool.Run(Arguments(1, "dance", "--key", KeyFile())).Refusal, "'dance' is not a command");
        StringAssert.Contains(NanoOtaTool.Run(Arguments(1, "check", "--key", folder.File("gone"))).Refusal, "no such key file");
    }

    private string KeyFile()
    {
        MqttBench.Key.Save(folder.File("command.pem"));
        return folder.File("command.pem");
    }

    private static LinkSetup Device(int port)
    {
        var setup = new LinkSetup(port);
        setup.Start();
        LinkSetup.Await(() => setup.Link.IsConnected && setup.Bench.SendQueue.Count == 0, "connection");
        return setup;
    }

    // The device polls for commands, as its agent would, until the tool has ended.
    private static async Task<(NanoOtaTool Tool, RemoteCommand? Taken)> Run(LinkSetup setup, UpdateError result, params string[] more)
    {
        var run = new RunningTool(Arguments(setup.Options.Port, more));
        RemoteCommand? taken = null;
        LinkSetup.Await(() =>
        {
            setup.Bench.Clock.Milliseconds += 100;
            if (setup.Bench.Control.TakeCommand() is { } command)
            {
                taken = command;
                setup.Bench.Control.Answer(command, result);
            }

            return run.Code.IsCompleted;
        }, "end of the command");
        return (await run.EndAsync(), taken);
    }

    private static string[] Arguments(int port, params string[] more) =>
        ["command", MqttBench.DeviceId, more[0], "--product", "lamp", "--broker", $"mqtt://127.0.0.1:{port}", .. more[1..]];

    private static void AssertRefused(NanoOtaTool tool, UpdateError error)
    {
        Assert.AreEqual(1, tool.ExitCode, tool.Error);
        Assert.AreEqual((int)error, tool.Json.GetProperty("code").GetInt32());
        StringAssert.Contains(tool.Json.GetProperty("note").GetString(), "names no command");
    }
}
