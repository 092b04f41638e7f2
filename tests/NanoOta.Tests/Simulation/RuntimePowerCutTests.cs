using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>Power fails at every flash operation of a whole update of runtime and app, of its trial and of its end, before it, inside it and
/// after it. The app and the runtime that run are always those before or those after the update.</summary>
[TestClass]
public sealed class RuntimePowerCutTests
{
    // NANO_OTA_CAMPAIGN multiplies the torn operations (docs/TESTING.md).
    private static readonly int Tears = 2 * int.Parse(Environment.GetEnvironmentVariable("NANO_OTA_CAMPAIGN") ?? "1");

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 2);
    private static readonly SimRuntime OldRuntime = SimRuntime.Make("clr-1", 3, 1);
    private static readonly SimRuntime NewRuntime = SimRuntime.Make("clr-2", 3, 2);
    private static readonly SimRelease Both = SimRelease.Make("1.1.0", 2, 3).With(NewRuntime);
    private static readonly SimRelease Alone = SimRelease.Of("1.1.0", 2, NewRuntime);
    private static readonly (string, string) Old = ("1.0.0", "clr-1");

    [TestMethod]
    public void A_cut_anywhere_in_an_update_of_runtime_and_app_leaves_one_of_both_pairs() =>
        Sweep(() => Offered(Both), ("1.1.0", "clr-2"), ("1.1.0", "clr-2"));

    [TestMethod]
    public void A_cut_anywhere_in_an_update_of_the_runtime_leaves_one_of_both_pairs() =>
        Sweep(() => Offered(Alone), ("1.0.0", "clr-2"), ("1.0.0", "clr-2"));

    [TestMethod]
    public void A_cut_anywhere_in_a_rejected_update_leaves_one_of_both_pairs() =>
        Sweep(() => Offered(Both with { Behaviour = Behaviour.Unhealthy }), ("1.1.0", "clr-2"), Old);

    [TestMethod]
    public void A_cut_anywhere_in_an_update_that_panics_leaves_one_of_both_pairs() =>
        Sweep(() => Offered(Both with { Behaviour = Behaviour.CrashesAtStart }), ("1.1.0", "clr-2"), Old);

    [TestMethod]
    public void A_cut_anywhere_in_the_retry_after_a_blip_leaves_one_of_both_pairs() =>
        Sweep(OnTrialAfterBlip, ("1.1.0", "clr-2"), ("1.1.0", "clr-2"));

    [TestMethod]
    public void A_cut_anywhere_in_an_operators_revert_leaves_one_of_both_pairs() =>
        Sweep(GivenUp, ("1.1.0", "clr-2"), Old);

    private static void Sweep(Func<SimDevice> start, (string, string) next, (string, string) end)
    {
        int operations = CountOperations(start), cuts = 0;
        for (int number = 1; number <= operations; number++)
        {
            foreach (var (moment, tear) in Moments())
            {
                string where = $"{moment} operation {number} of {operations}, tear {tear}";
                var device = start();
                device.Pairs.Clear();
                var cut = PowerCut.At(number, moment, tear);
                device.Flash.Arm(cut);
                EndsWell(device, next, end, where);
                Assert.IsNotNull(cut.Fired, $"power was never cut: {where}");
                cuts++;
            }
        }

        Console.WriteLine($"{cuts} power cuts at {operations} operations");
    }

    private static void EndsWell(SimDevice device, (string, string) next, (string, string) end, string where)
    {
        Assert.IsTrue(device.RunUntil(() => HasEnded(device)), $"stuck after: {where}");
        device.PowerCycle();
        Assert.IsTrue(device.RunOneCheck(), $"no further check after: {where}");
        Assert.AreEqual(end, device.Pairs[^1], where);
        if (end == Old) Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal, $"lost after: {where}");
        foreach (var pair in device.Pairs) Assert.IsTrue(pair == Old || pair == next, $"{pair} ran after: {where}");
        device.Publish(SimRelease.Make("1.2.0", 3, 2).With(SimRuntime.Make("clr-3", 2, 3)));
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"), $"cannot update after: {where}");
        Assert.AreEqual(("1.2.0", "clr-3"), device.Pairs[^1], where);
    }

    private static int CountOperations(Func<SimDevice> start)
    {
        var device = start();
        int before = device.Flash.Operations;
        Assert.IsTrue(device.RunUntil(() => HasEnded(device)));
        return device.Flash.Operations - before;
    }

    // A cut may hide the event: the next check then finds the device at rest.
    private static bool HasEnded(SimDevice device) => device.Agent?.Phase == Phase.Idle && device.State == BootState.Confirmed
        && device.Count(UpdateEventKind.Idle) > 0 && device.Runtimes!.IsConfirmed;

    private static IEnumerable<(CutMoment, int)> Moments()
    {
        yield return (CutMoment.Before, 0);
        yield return (CutMoment.After, 0);
        for (int tear = 0; tear < Tears; tear++) yield return (CutMoment.Torn, tear);
    }

    private static SimDevice Offered(SimRelease release)
    {
        var device = new SimDevice(First, OldRuntime);
        device.Publish(release);
        return device;
    }

    private static SimDevice OnTrialAfterBlip()
    {
        var device = Offered(Both);
        Assert.IsTrue(device.RunUntil(() => device.Agent?.Phase == Phase.Trial));
        device.PowerCycle();
        return device;
    }

    private static SimDevice GivenUp()
    {
        var device = Offered(Both);
        Assert.IsTrue(device.RunUntilConfirmed(Both.Version));
        Assert.AreEqual(UpdateError.None, device.Agent!.Revert());
        device.Events.Clear();
        return device;
    }
}
