using System.Text;
using NanoOta.Cli.Device;
using NanoOta.Cli.Fleet;
using NanoOta.Releases;

namespace NanoOta.Cli.Demo;

/// <summary>Scenarios with a broker: announcements, its failure, commands of untrusted senders, and a report.</summary>
internal static class BrokerScenarios
{
    private const string App = "connected";

    // Longer than any scenario: the device does not check for a release by itself.
    private const int NeverSeconds = 1_000_000;

    // What runs when commands are forged.
    private const string Before = "1.19.0";

    public static ScenarioResult Announce(DemoSetup setup)
    {
        setup.Flash(App, "1.17.0");
        var image = setup.Publish(App, "1.18.0");
        using var op = new DemoOperator();
        int requests = 0;
        op.Announce(setup.ReadAnnouncement());
        var run = setup.Run(new Goal("confirmed", "1.18.0"), op.Connect(setup.Environment, NeverSeconds),
            mayEnd: () => op.HasConfirmed("1.18.0"), handler: (context, next) =>
            {
                if (context.Request.Path.Value!.EndsWith(Manifest.FileName)) Interlocked.Increment(ref requests);
                return next(context);
            });
        return run.MustConfirm("1.18.0", image,
            Fact.Equal("requests for the manifest", 0, requests),
            Fact.Equal("image bytes fetched", image.Size, run.BytesFetched));
    }

    public static ScenarioResult BrokerDown(DemoSetup setup)
    {
        setup.Flash(App, "1.18.0");
        var image = setup.Publish(App, "1.19.0");
        using var op = new DemoOperator();
        bool wasOnline = false, isStopped = false;
        var run = setup.Run(new Goal("confirmed", "1.19.0"), op.Connect(setup.Environment, 1), (e, _, _) =>
        {
            if (e.Event == "progress" && e.Staged > e.Size / 2 && !isStopped)
            {
                wasOnline = DemoOperator.WaitUntil(() => op.HasStatus("1.18.0"));
                op.StopBroker();
                isStopped = true;
            }

            if (e.Event == "confirmed") op.StartBroker();
        }, () => op.HasConfirmed("1.19.0"));
        return run.MustConfirm("1.19.0", image,
            Fact.Equal("broker stopped in the middle of the download", true, isStopped),
            Fact.Equal("device online until then", true, wasOnline),
            Fact.Equal("image bytes fetched", image.Size, run.BytesFetched),
            Fact.Equal("confirmed status after the restart", true, op.HasConfirmed("1.19.0")));
    }

    public static ScenarioResult ForgedCommand(DemoSetup setup)
    {
        var image = setup.Publish(App, "1.20.0");
        using var op = new DemoOperator();
        using var untrusted = SigningKey.Generate();
        var valid = op.Command(CommandKind.Check);
        var answers = new List<UpdateError>();
        var environment = op.Connect(setup.Environment, NeverSeconds);
        var run = Refuse(op.Command(CommandKind.Reboot, untrusted)).Then(Refuse(op.Command(CommandKind.Reboot, id: "lamp-2")));
        var script = Task.Run(() => TruncateCheckAndReplay(op, valid));
        run = run.Then(setup.Run(new Goal("confirmed", "1.20.0"), environment, mayEnd: () => script.IsCompleted));
        answers.AddRange(op.Answers());
        UpdateError[] expected =
        [
            UpdateError.CommandUnknownKey, UpdateError.CommandNotForThisDevice, UpdateError.CommandMalformed, UpdateError.None,
            UpdateError.CommandReplayed,
        ];
        return run.MustConfirm("1.20.0", image,
            Fact.EqualLists("answers to an unknown signer, another device's command, a truncated one, a check and its replay",
                expected, answers),
            Fact.Equal("offers read", 1, run.Count("offer")),
            Fact.Equal("boots", 4, run.Count("boot")));

        // A device publishes one refusal in ten seconds, so each has a run of its own.
        RunResult Refuse(byte[] command)
        {
            var sending = Task.Run(() => op.SendWhenOnline(command, Before));
            var refused = setup.Run(
                new Goal("confirmed", Before), environment, mayEnd: () => sending.IsCompleted && op.Answers().Count > 0);
            answers.AddRange(op.Answers());
            op.WaitUntilOffline();
            return refused;
        }
    }

    public static ScenarioResult SupportBundle(DemoSetup setup)
    {
        const string Password = "open-sesame-1234";
        using var untrusted = SigningKey.Generate();
        setup.Publish(setup.Build(App, "1.21.0"), "1.21.0", untrusted);
        using var op = new DemoOperator();
        var environment = op.Connect(setup.Environment, 1) with { Server = new ServerTrust { User = "demo:" + Password } };
        var script = Task.Run(() =>
        {
            DemoOperator.WaitUntil(() => op.HasError(UpdateError.UnknownKey));
            op.Send(op.Command(CommandKind.Report));
            DemoOperator.WaitUntil(() => op.Report != null);
        });
        var run = setup.Run(new Goal("refused"), environment, mayEnd: () => script.IsCompleted);
        return run.MustRefuse(UpdateError.UnknownKey, "1.20.0", null, ReportFacts(op.Report, setup.Build(App, "1.20.0"), Password));
    }

    private static IEnumerable<Fact> ReportFacts(DeviceReport? report, AppImage image, string password)
    {
        yield return Fact.Equal("report received", true, report != null);
        if (report == null) yield break;
        var root = new ReportPart(report.Root);
        var running = root.Parts("slots").FirstOrDefault(slot => slot.Number("runs") == 1);
        yield return Fact.Equal("version that runs", "1.20.0", running.Text("ver"));
        yield return Fact.Equal("hash of the running slot", Convert.ToHexStringLower(image.Digest), running.Text("sha"));
        yield return Fact.Equal("hash verified by the agent", 1, running.Number("sure"));
        yield return Fact.Equal("last error", (long)UpdateError.UnknownKey, root.Part("journal").Number("err"));
        var error = root.Parts("errors").FirstOrDefault(error => error.Number("code") == (long)UpdateError.UnknownKey);
        yield return Fact.Equal("its text", UpdateErrors.Text(UpdateError.UnknownKey), error.Text("text"));
        var past = root.Parts("history").Where(record => record.Text("ver") == "1.20.0").Select(record => record.Text("e")).ToList();
        foreach (var kind in new[] { "activated", "confirmed" })
            yield return Fact.Equal($"1.20.0 {kind} in the history", true, past.Contains(kind));
        yield return Fact.Equal("password in the report", false, Encoding.UTF8.GetString(report.Bytes).Contains(password));
    }

    private static void TruncateCheckAndReplay(DemoOperator op, byte[] valid)
    {
        op.SendWhenOnline(valid[..^10], Before);
        if (!DemoOperator.WaitUntil(() => op.Answers().Contains(UpdateError.CommandMalformed))) return;
        op.Send(valid);
        op.SendWhenOnline(valid, "1.20.0");
        DemoOperator.WaitUntil(() => op.Answers().Contains(UpdateError.CommandReplayed));
    }
}
