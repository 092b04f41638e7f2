using NanoOta.Cli.Device;
using NanoOta.Cli.Fleet;
using NanoOta.Releases;

namespace NanoOta.Cli.Demo;

/// <summary>Chapters with a broker: what it brings, what it costs when it dies, and what strangers can do through it.</summary>
internal static class Connected
{
    private const string App = "connected";

    // So long that the device does not look for a release by itself while a chapter lasts.
    private const int Never = 1_000_000;

    // What runs when commands are forged.
    private const string Before = "1.19.0";

    public static Chapter Announce(World world)
    {
        world.Flash(App, "1.17.0");
        var image = world.Publish(App, "1.18.0");
        using var desk = new BrokerDesk();
        int asked = 0;
        world.Intercept = (context, next) =>
        {
            if (context.Request.Path.Value!.EndsWith(Manifest.FileName)) Interlocked.Increment(ref asked);
            return next(context);
        };
        desk.Announce(world.Announcement());
        var played = Play(world, desk, Never, () => world.Play(new Goal("confirmed", "1.18.0"),
            mayEnd: () => desk.IsTold("1.18.0", "confirmed")));
        world.Intercept = null;
        return Chapter.Of("announce",
            "confirmed 1.18.0; boots 1.18.0; the server is never asked for a manifest; every byte fetched once", played, image.Size,
            $"the server is {(asked == 0 ? "never" : $"{asked} times")} asked for a manifest; {Cost(played, image)}");
    }

    public static Chapter BrokerDown(World world)
    {
        world.Flash(App, "1.18.0");
        var image = world.Publish(App, "1.19.0");
        using var desk = new BrokerDesk();
        bool wasThere = false, isDown = false;
        var played = Play(world, desk, 1, () => world.Play(new Goal("confirmed", "1.19.0"), (e, _, _) =>
        {
            if (e.Event == "progress" && e.Staged > e.Size / 2 && !isDown)
            {
                wasThere = BrokerDesk.Await(() => desk.IsTold("1.18.0", null));
                desk.Die();
                isDown = true;
            }

            if (e.Event == "confirmed") desk.Start();
        }, () => desk.IsTold("1.19.0", "confirmed")));
        return Chapter.Of("broker-down",
            "confirmed 1.19.0; boots 1.19.0; the broker dies in the middle of the download and is back after the confirmation; "
                + "every byte fetched once; then it knows where the device stands", played, image.Size,
            $"the broker {(wasThere && isDown ? "dies in the middle of the download" : "was not there")} and is back after the "
                + $"confirmation; {Cost(played, image)}; then it "
                + $"{(desk.IsTold("1.19.0", "confirmed") ? "knows" : "does not know")} where the device stands");
    }

    public static Chapter ForgedCommand(World world)
    {
        var image = world.Publish(App, "1.20.0");
        using var desk = new BrokerDesk();
        using var stranger = SigningKey.Generate();
        var good = desk.Command(CommandKind.Check);
        var answers = new List<long>();
        var played = Play(world, desk, Never, () =>
        {
            var forged = Refuse(world, desk, desk.Command(CommandKind.Reboot, stranger), answers)
                .Then(Refuse(world, desk, desk.Command(CommandKind.Reboot, id: "lamp-2"), answers));
            var script = Task.Run(() => BreakAskAndReplay(desk, good));
            var last = forged.Then(world.Play(new Goal("confirmed", "1.20.0"), mayEnd: () => script.IsCompleted));
            answers.AddRange(desk.Answers());
            return last;
        });
        int looks = played.Trace.Count(e => e.Event == "offer"), boots = played.Trace.Count(e => e.Event == "boot");
        return Chapter.Of("forged-command",
            "confirmed 1.20.0; boots 1.20.0; of a stranger 8002, for another device 8004, broken 8001; a good check 0, the same again 8006; "
                + "1 look for a release, 4 boots", played, image.Size,
            answers is [var unknown, var other, var broken, var done, var again]
                ? $"of a stranger {unknown}, for another device {other}, broken {broken}; a good check {done}, the same again {again}; "
                    + $"{looks} look for a release, {boots} boots"
                : $"answers: {string.Join(", ", answers)}");
    }

    public static Chapter SupportBundle(World world)
    {
        const string Secret = "demo:open-sesame-1234";
        using var stranger = SigningKey.Generate();
        world.Publish(world.Build(App, "1.21.0"), "1.21.0", stranger);
        using var desk = new BrokerDesk();
        var before = world.Around;
        world.Around = before with { Server = before.Server with { User = Secret } };
        var script = Task.Run(() =>
        {
            BrokerDesk.Await(() => desk.HasFailed(UpdateError.UnknownKey));
            desk.Send(desk.Command(CommandKind.Report));
            BrokerDesk.Await(() => desk.Report != null);
        });
        var played = Play(world, desk, 1, () => world.Play(new Goal("refused", null), mayEnd: () => script.IsCompleted));
        world.Around = before;
        return Chapter.Of("support-bundle",
            "refused for 3002 (the manifest is signed by an unknown key); boots 1.20.0; one report: 1.20.0 runs, as its hash in flash says; last error "
                + "3002 with its text; the history has 1.20.0 activated and confirmed; no password in it",
            played, 0, Tell(desk.Report, world.Build(App, "1.20.0"), Secret));
    }

    private static string Tell(DeviceReport? report, AppImage image, string secret)
    {
        if (report == null) return "no report";
        var root = new ReportPart(report.Root);
        var runs = root.Parts("slots").FirstOrDefault(slot => slot.Number("runs") == 1);
        bool isRight = runs.Text("ver") == "1.20.0" && runs.Text("sha") == Convert.ToHexStringLower(image.Digest) && runs.Number("sure") == 1;
        bool isExplained = root.Part("journal").Number("err") == (long)UpdateError.UnknownKey && root.Parts("errors").Any(error =>
            error.Number("code") == (long)UpdateError.UnknownKey && error.Text("text") == UpdateErrors.Text(UpdateError.UnknownKey));
        var past = root.Parts("history").Where(record => record.Text("ver") == "1.20.0").Select(record => record.Text("e")).ToList();
        bool isSecret = !System.Text.Encoding.UTF8.GetString(report.Bytes).Contains(secret[5..], StringComparison.Ordinal);
        return $"one report: {(isRight ? "1.20.0 runs, as its hash in flash says" : "another image runs")}; last error "
            + $"{(isExplained ? "3002 with its text" : "not explained")}; the history has "
            + $"{(past.Contains("activated") && past.Contains("confirmed") ? "1.20.0 activated and confirmed" : string.Join(", ", past))}; "
            + $"{(isSecret ? "no password" : "a password")} in it";
    }

    // A device tells of a refusal once in ten seconds, so each has a start of its own.
    private static Played Refuse(World world, BrokerDesk desk, byte[] command, List<long> answers)
    {
        var script = Task.Run(() => desk.SendWhenOnline(command, Before));
        var played = world.Play(new Goal("confirmed", Before), mayEnd: () => script.IsCompleted && desk.Answers().Count > 0);
        answers.AddRange(desk.Answers());
        desk.Close();
        return played;
    }

    private static void BreakAskAndReplay(BrokerDesk desk, byte[] good)
    {
        desk.SendWhenOnline(good[..^10], Before);
        if (!BrokerDesk.Await(() => desk.IsAnswered(UpdateError.CommandMalformed))) return;
        desk.Send(good);
        desk.SendWhenOnline(good, "1.20.0");
        BrokerDesk.Await(() => desk.IsAnswered(UpdateError.CommandReplayed));
    }

    private static Played Play(World world, BrokerDesk desk, int checkSeconds, Func<Played> play)
    {
        var before = world.Around;
        world.Around = desk.Around(before) with { CheckSeconds = checkSeconds };
        var played = play();
        world.Around = before;
        return played;
    }

    private static string Cost(Played played, AppImage image) =>
        played.BytesFetched == image.Size ? "every byte fetched once" : $"{played.BytesFetched} of {image.Size} bytes fetched";
}
