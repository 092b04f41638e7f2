using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Mqtt;

/// <summary>Announcements over a broker, from the message to what runs.</summary>
[TestClass]
public sealed class AnnouncementTests
{
    private const int HourMs = 3_600_000;

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    private readonly SimDevice device = Unasked(Second);
    private readonly SimMqtt remote;

    public AnnouncementTests() => remote = new SimMqtt(device);

    [TestMethod]
    public void An_announced_release_is_taken_within_the_spread_and_without_a_check()
    {
        remote.Announce(Second.Manifest);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Offer) == 1));
        Assert.IsLessThan(new UpdateOptions().AnnounceSpreadMs + 2000, device.Milliseconds);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsTrue(device.SlotHolds(1, Second.Image));
        Assert.IsFalse(device.Server.BytesRead.ContainsKey("manifest.cose"));
        Assert.IsTrue(device.RunUntil(() => remote.Status.GetProperty("ver").GetString() == "1.1.0"));
    }

    [TestMethod]
    public void A_release_withdrawn_before_its_start_time_is_not_checked()
    {
        device.Configure = options => options.AnnounceSpreadMs = 600_000;
        remote.Announce(Second.Manifest);
        Assert.IsTrue(RunFor(11_000));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Offer), "the moment that was drawn is too early for this test");
        remote.Announce([]);
        Assert.IsTrue(RunFor(HourMs));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Offer));
        remote.Announce(Second.Manifest);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_repeated_announcement_is_checked_once()
    {
        remote.Announce(First.Manifest);
        for (int i = 0; i < 4; i++)
        {
            remote.Broker.Cut();
            remote.Announce(First.Manifest);
            Assert.IsTrue(RunFor(60_000));
        }

        Assert.AreEqual(1, device.Count(UpdateEventKind.Offer));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Staging));
    }

    [TestMethod]
    public void Endless_announcements_of_an_unknown_signer_delay_no_check_and_wear_no_flash()
    {
        device.CheckIntervalMs = HourMs;
        device.Server.Put("manifest.cose", First.Manifest);
        var unknown = new TestKey();
        long number = 10;
        long next = 0;
        remote.OnRound = _ =>
        {
            if (device.Milliseconds < next) return;
            next = device.Milliseconds + 70_000;
            remote.Announce(TestManifest.For(Second.Image, $"9.0.{number}", number++, unknown).Sign());
        };
        Assert.IsTrue(RunFor(HourMs));
        Assert.IsGreaterThan(30, device.Count(UpdateEventKind.Refused));
        Assert.AreEqual(UpdateError.UnknownKey, device.LastRefusal);
        int operations = device.Flash.Operations;
        Assert.IsTrue(RunFor(4 * HourMs));
        Assert.IsLessThanOrEqualTo(4 * 4, device.Flash.Operations - operations, "a journal an hour at most");

        device.Server.Put("manifest.cose", Second.Manifest);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsTrue(device.SlotHolds(1, Second.Image));
    }

    [TestMethod]
    public void An_announcement_does_not_override_Retry_After()
    {
        device.CheckIntervalMs = HourMs;
        device.Server.RetryAfterSeconds = 7200;
        device.Server.OnOpen = (_, _) => UpdateError.ServerFailed;
        Assert.IsTrue(device.RunOneCheck());
        long quietUntil = device.Milliseconds + 7_199_000;
        int opens = device.Server.Opens;
        device.Server.OnOpen = (_, _) => UpdateError.None;
        remote.Announce(Second.Manifest);
        Assert.AreEqual(UpdateError.ServerFailed, remote.Execute(CommandKind.Check));
        Assert.IsTrue(device.RunUntil(() => device.Server.Opens > opens));
        Assert.IsGreaterThan(quietUntil, device.Milliseconds);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    /// <summary>A device whose server has a release and no manifest, which the device checks once in a few days.</summary>
    private static SimDevice Unasked(SimRelease release)
    {
        var device = SimDevice.Offered(First, release);
        device.Server.Remove("manifest.cose");
        device.CheckIntervalMs = 100 * HourMs;
        return device;
    }

    private bool RunFor(long milliseconds)
    {
        long until = device.Milliseconds + milliseconds;
        return device.RunUntil(() => device.Milliseconds >= until);
    }
}
