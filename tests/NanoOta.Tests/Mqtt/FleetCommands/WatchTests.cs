using NanoOta.Tests.Cli;

namespace NanoOta.Tests.Mqtt.FleetCommands;

/// <summary>nano-ota watch with devices that speak, and with a broker that goes.</summary>
[TestClass]
public sealed class WatchTests
{
    [TestMethod]
    public async Task Watch_shows_an_update_from_offer_to_confirmation_and_then_ends()
    {
        using var broker = new Mosquitto();
        using var device = new ScriptedDevice(broker.Port, "d 1");
        device.Publish(s => (s.Version, s.State, s.Phase) = ("1.0.0", BootState.Confirmed, Phase.Idle));
        var watch = Watch(broker.Port, "--until", "confirmed:1.1.0");
        watch.AwaitOutput("lamp/d%201  1.0.0  confirmed  idle");
        device.Happen(UpdateEventKind.Delayed, "1.1.0", UpdateError.OutsideWindow).Publish(_ => { });
        watch.AwaitOutput($"waits: {(int)UpdateError.OutsideWindow} {UpdateErrors.Text(UpdateError.OutsideWindow)}");
        device.Publish(s => s.Phase = Phase.Stage).Happen(UpdateEventKind.Staging, "1.1.0", staged: 0, size: 100_000);
        device.Happen(UpdateEventKind.Progress, "1.1.0", staged: 60_000, size: 100_000);
        watch.AwaitOutput("60 %");
        device.Happen(UpdateEventKind.Rejected, "1.1.0", UpdateError.HealthCheckFailed, detail: "server unknown");
        watch.AwaitOutput($"rejected  1.1.0  {(int)UpdateError.HealthCheckFailed} {UpdateErrors.Text(UpdateError.HealthCheckFailed)}");
        watch.AwaitOutput("(server unknown)");
        device.Publish(s => (s.Version, s.State, s.Phase) = ("1.1.0", BootState.Trial, Phase.Trial));
        device.Publish(s => (s.State, s.Phase) = (BootState.Confirmed, Phase.Idle));
        (await watch.EndAsync()).MustSucceed();
    }

    [TestMethod]
    public async Task Watch_streams_the_messages_of_one_product_as_JSON()
    {
        using var broker = new Mosquitto();
        using var setup = new LinkSetup(broker.Port);
        await setup.WatchAsync(broker.Port);
        await setup.PublishAsync("nanoota/other/device/d-2/status", "{\"on\":1}"u8.ToArray(), retain: true);
        await setup.PublishAsync("nanoota/lamp/device/d-3/status", [0xFF, 0xFE], retain: true);
        await setup.PublishAsync("nanoota/lamp/device/d-3/status", new byte[1_000_000]);
        using var device = new ScriptedDevice(broker.Port, "d-1");
        device.Publish(s => (s.Version, s.Phase) = ("1.0.0", Phase.Idle));
        var watch = Watch(broker.Port, "--product", "lamp", "--json", "--until", "confirmed:1.1.0");
        LinkSetup.Await(() => watch.Json.Length >= 2, "status");
        await setup.PublishAsync("nanoota/lamp/device/d-3/status", new byte[1_000_000]);
        device.Publish(s => s.Version = "1.1.0");
        Assert.AreEqual(0, (await watch.EndAsync()).ExitCode);
        var lines = watch.Json;
        Assert.IsTrue(lines[0].GetProperty("connected").GetBoolean());
        Assert.IsTrue(lines[1].GetProperty("retained").GetBoolean());
        Assert.IsTrue(lines[1..].All(line => line.GetProperty("device").GetString() == "d-1"), watch.Output);
        Assert.AreEqual("1.1.0", lines[^1].GetProperty("message").GetProperty("ver").GetString());
    }

    [TestMethod]
    public async Task A_killed_broker_is_reported_and_fresh_statuses_follow_the_reconnect()
    {
        using var broker = new Mosquitto();
        var watch = Watch(broker.Port, "--until", "confirmed:1.1.0");
        watch.AwaitOutput("watching mqtt://127.0.0.1:");
        using (var device = new ScriptedDevice(broker.Port, "d-1"))
        {
            device.Publish(s => s.Version = "1.0.0");
            watch.AwaitOutput("1.0.0");
            broker.Kill();
            watch.AwaitOutput("lost mqtt://127.0.0.1:");
            watch.AwaitOutput("cannot be reached");
        }

        broker.Start();
        using var later = new ScriptedDevice(broker.Port, "d-1");
        later.Publish(s => s.Version = "1.1.0");
        (await watch.EndAsync()).MustSucceed();
        Assert.HasCount(3, watch.Output.Split("watching mqtt://"));
    }

    [TestMethod]
    public async Task A_device_that_disconnects_or_stays_silent_is_shown_as_offline()
    {
        using var broker = new Mosquitto();
        using var relay = new Relay(broker.Port);
        using var device = new ScriptedDevice(relay.Port, "d-1");
        device.Publish(s => s.Version = "1.0.0");
        var watch = Watch(broker.Port, "--until", "confirmed:1.1.0");
        watch.AwaitOutput("1.0.0");
        relay.Cut();
        watch.AwaitOutput("lamp/d-1  offline");
        device.Publish(s => s.Version = "1.1.0");
        (await watch.EndAsync()).MustSucceed();
    }

    [TestMethod]
    public async Task A_watch_that_times_out_ends_with_3()
    {
        using var broker = new Mosquitto();
        Assert.AreEqual(3, (await Watch(broker.Port, "--timeout", "1").EndAsync()).ExitCode);
    }

    [TestMethod]
    public void A_broker_that_denies_the_login_ends_the_watch_at_once()
    {
        using var broker = new Mosquitto(Mosquitto.Users);
        var url = $"mqtt://lamp:hush@127.0.0.1:{broker.Port}";
        StringAssert.Contains(NanoOtaTool.Run("watch", "--broker", url).Refusal, "rejected the login of user 'lamp'");
        broker.Kill();
        StringAssert.Contains(NanoOtaTool.Run("watch", "--broker", url).Refusal, "cannot be reached");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public async Task An_interrupt_ends_the_watch_with_130()
    {
        using var broker = new Mosquitto();
        using var watch = NanoOtaTool.Start(Path.GetTempPath(), "watch", "--broker", $"mqtt://127.0.0.1:{broker.Port}");
        try
        {
            StringAssert.StartsWith(await watch.StandardOutput.ReadLineAsync(), "watching mqtt://");
            NanoOtaTool.Interrupt(watch);
            await watch.WaitForExitAsync();
            Assert.AreEqual(130, watch.ExitCode, await watch.StandardError.ReadToEndAsync());
        }
        finally
        {
            if (!watch.HasExited) watch.Kill();
        }
    }

    private static RunningTool Watch(int port, params string[] more) => new(["watch", "--broker", $"mqtt://127.0.0.1:{port}", .. more]);
}
