using System.Text;
using NanoOta.Cli.Device;
using NanoOta.Cli.Fleet;
using NanoOta.Releases;

namespace NanoOta.Cli.Scenarios;

/// <summary>Scenarios with a broker: announcements, its failure, commands of untrusted senders, and a report.</summary>
internal static class BrokerScenarios
{
    private const string App = "connected";

    // Longer than any scenario: the device does not check for a release by itself.
    private const int NeverSeconds = 1_000_000;

    private const string Old = "1.0.0", New = "1.1.0";

    public static ScenarioResult Announce(Bench bench)
    {
        bench.Flash(App, Old);
        var image = bench.Publish(App, New);
        using var op = new ScenarioOperator(bench);
        int requests = 0;
        op.Announce(bench.ReadAnnouncement());
        var run = bench.Run(new Goal("confirmed", New), op.Connect(bench.Environment, NeverSeconds),
            mayEnd: () => op.HasConfirmed(New), handler: (context, next) =>
            {
                if (context.Request.Path.Value!.EndsWith(Manifest.FileName)) Interlocked.Increment(ref requests);
                return next(context);
            });
        return run.MustConfirm(New, image,
            Fact.Equal("requests for the manifest", 0, requests),
            Fact.Equal("image bytes fetched", image.Size, run.BytesFetched));
    }

    public static ScenarioResult BrokerDown(Bench bench)
    {
        bench.Flash(App, Old);
        var image = bench.Publish(App, New);
        using var op = new ScenarioOperator(bench);
        bool wasOnline = false, isStopped = false;
        var run = bench.Run(new Goal("confirmed", New), op.Connect(bench.Environment, 1), (e, _) =>
        {
            if (e.Event == "progress" && e.Staged > e.Size / 2 && !isStopped)
            {
                wasOnline = ScenarioOperator.WaitUntil(() => op.HasStatus(Old));
                op.StopBroker();
                isStopped = true;
            }

            if (e.Event == "confirmed") op.StartBroker();
        }, () => op.HasConfirmed(New));
        return run.MustConfirm(New, image,
            Fact.Equal("broker stopped in the middle of the download", true, isStopped),
            Fact.Equal("device online until then", true, wasOnline),
            Fact.Equal("image bytes fetched", image.Size, run.BytesFetched),
            Fact.Equal("confirmed status after the restart", true, op.HasConfirmed(New)));
    }

    public static ScenarioResult ForgedCommand(Bench bench)
    {
        bench.Flash(App, Old);
        var image = bench.Publish(App, New);
        using var op = new ScenarioOperator(bench);
        using var untrusted = SigningKey.Generate();
        var valid = op.Command(CommandKind.Check);
        var answers = new List<UpdateError>();
        var environment = op.Connect(bench.Environment, NeverSeconds);
        var run = Refuse(op.Command(CommandKind.Reboot, untrusted)).Then(Refuse(op.Command(CommandKind.Reboot, id: "lamp-2")));
        var script = Task.Run(() => TruncateCheckAndReplay(op, valid));
        run = run.Then(bench.Run(new Goal("confirmed", New), environment, mayEnd: () => script.IsCompleted));
        answers.AddRange(op.Answers());
        UpdateError[] expected =
        [
            UpdateError.CommandUnknownKey, UpdateError.CommandNotForThisDevice, UpdateError.CommandMalformed, UpdateError.None,
            UpdateError.CommandReplayed,
        ];
        return run.MustConfirm(New, image,
            Fact.EqualLists("answers to an unknown signer, another device's command, a truncated one, a check and its replay",
                expected, answers),
            Fact.Equal("offers read", 1, run.Count("offer")),
            Fact.Equal("boots", 4, run.Count("boot")));

        // A device publishes one refusal in ten seconds, so each has a run of its own.
        RunResult Refuse(byte[] command)
        {
            var sending = Task.Run(() => op.SendWhenOnline(command, Old));
            var refused = bench.Run(
                new Goal("confirmed", Old), environment, mayEnd: () => sending.IsCompleted && op.Answers().Count > 0);
            answers.AddRange(op.Answers());
            op.WaitUntilOffline();
            return refused;
        }
    }

    public static ScenarioResult SupportBundle(Bench bench)
    {
        const string Password = "open-sesame-1234";
        using var untrusted = SigningKey.Generate();
        bench.Flash(App, Old);
        bench.Publish(App, New);
        using var op = new ScenarioOperator(bench);
        var environment = op.Connect(bench.Environment, 1) with { Server = new ServerTrust { User = "demo:" + Password } };
        var update = bench.Run(new Goal("confirmed", New), environment);
        op.WaitUntilOffline();
        bench.Publish(bench.Build(App, "1.2.0"), "1.2.0", untrusted);
        var script = Task.Run(() =>
        {
            ScenarioOperator.WaitUntil(() => op.HasError(UpdateError.UnknownKey));
            op.Send(op.Command(CommandKind.Report));
            ScenarioOperator.WaitUntil(() => op.Report != null);
        });
        var run = bench.Run(new Goal("refused"), environment, mayEnd: () => script.IsCompleted);
        return update.Then(run).MustRefuse(UpdateError.UnknownKey, New, null, ReportFacts(op.Report, bench.Build(App, New), Password));
    }

    private static IEnumerable<Fact> ReportFacts(DeviceReport? report, AppImage image, string password)
    {
        yield return Fact.Equal("report received", true, report != null);
        if (report == null) yield break;
        var root = new ReportPart(report.Root);
        var running = root.Parts("slots").FirstOrDefault(slot => slot.Number("runs") == 1);
        yield return Fact.Equal("version that runs", New, running.Text("ver"));
        yield return Fact.Equal("hash of the running slot", Convert.ToHexStringLower(image.Digest), running.Text("sha"));
        yield return Fact.Equal("hash verified by the agent", 1, running.Number("sure"));
        yield return Fact.Equal("last error", (long)UpdateError.UnknownKey, root.Part("journal").Number("err"));
        var error = root.Parts("errors").FirstOrDefault(error => error.Number("code") == (long)UpdateError.UnknownKey);
        yield return Fact.Equal("its text", UpdateErrors.Text(UpdateError.UnknownKey), error.Text("text"));
        var past = root.Parts("history").Where(record => record.Text("ver") == New).Select(record => record.Text("e")).ToList();
        foreach (var kind in new[] { "activated", "confirmed" })
            yield return Fact.Equal($"{New} {kind} in the history", true, past.Contains(kind));
        yield return Fact.Equal("password in the report", false, Encoding.UTF8.GetString(report.Bytes).Contains(password));
    }

    private static void TruncateCheckAndReplay(ScenarioOperator op, byte[] valid)
    {
        op.SendWhenOnline(valid[..^10], Old);
        if (!ScenarioOperator.WaitUntil(() => op.Answers().Contains(UpdateError.CommandMalformed))) return;
        op.Send(valid);
        op.SendWhenOnline(valid, New);
        ScenarioOperator.WaitUntil(() => op.Answers().Contains(UpdateError.CommandReplayed));
    }
}
