using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>
/// Power fails at every flash operation of a whole update, before it, inside it and after it. After power-on the device
/// ends on a whole firmware, and can update.
/// </summary>
[TestClass]
public sealed class PowerCutTests
{
    private const int TearsPerOperation = 6;

    // Sampled second cuts in a usual run; NANO_OTA_CAMPAIGN multiplies them (docs/TESTING.md).
    private static readonly int SecondCuts = 500 * int.Parse(Environment.GetEnvironmentVariable("NANO_OTA_CAMPAIGN") ?? "1");

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Good = SimRelease.Make("1.1.0", 2, 7);
    private static readonly SimRelease Next = SimRelease.Make("1.2.0", 3, 4);

    private static SimRelease Bad(Behaviour behaviour) => Good with { Behaviour = behaviour };

    [TestMethod]
    public void A_cut_at_any_flash_operation_of_an_update_leaves_updatable_firmware() =>
        Report("update", Sweep(Good, (device, where) => EndsWell(device, Good.Version, where)));

    [TestMethod]
    public void A_cut_at_any_flash_operation_of_a_packed_update_leaves_updatable_firmware()
    {
        var release = First.Fix("1.1.0", 2, 6000);
        Report("packed update", Sweep(release, (device, where) =>
        {
            EndsWell(device, release.Version, where);
            Assert.IsFalse(device.Server.BytesRead.ContainsKey("1.1.0/app.bin"), $"fetched as a whole after: {where}");
        }));
    }

    [TestMethod]
    [DataRow(Behaviour.CrashesAtStart)]
    [DataRow(Behaviour.Unhealthy)]
    public void A_cut_at_any_flash_operation_of_a_revert_leaves_updatable_old_firmware(object behaviour)
    {
        var bad = Bad((Behaviour)behaviour);
        Report($"revert, {behaviour}", Sweep(bad, (device, where) => EndsWell(device, First.Version, where)));
    }

    [TestMethod]
    public void A_cut_while_a_revert_is_recorded_does_not_count_the_trial_twice()
    {
        for (int number = 1; number <= 4; number++)
        {
            var device = Offered(Bad(Behaviour.Silent));
            for (int trial = 1; trial <= 2; trial++)
            {
                Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == trial && device.State == BootState.Reverted));
                device.Flash.Arm(PowerCut.At(number, CutMoment.After));
                Assert.IsTrue(device.RunUntil(() => device.State == BootState.Confirmed));
                device.Flash.Arm(null);
            }

            Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.TooManyTrials));
            Assert.AreEqual(3, device.Count(UpdateEventKind.Trial), $"cut after operation {number}");
        }
    }

    [TestMethod]
    public void A_second_cut_during_the_recovery_changes_nothing()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        int operations = CountOperations(Good), fired = 0;
        for (int i = 0; i < SecondCuts; i++)
        {
            bool isGood = random.Next(3) != 0;
            var offered = isGood ? Good : Bad(Behaviour.CrashesAtStart);
            int first = random.Next(1, operations + 1), second = random.Next(1, operations + 1);
            var moments = (Moment(random), Moment(random));
            string where = $"seed {seed}: cut {i} at {first} {moments.Item1}, then at {second} {moments.Item2}, {offered.Behaviour}";
            var device = Offered(offered);
            var cut = PowerCut.At(first, moments.Item1, random.Next());
            device.Flash.Arm(cut);
            Assert.IsTrue(device.RunUntil(() => cut.Fired != null || HasEnded(device)), where);
            var again = PowerCut.At(second, moments.Item2, random.Next());
            device.Flash.Arm(again);
            EndsWell(device, isGood ? Good.Version : First.Version, where);
            if (cut.Fired != null && again.Fired != null) fired++;
        }

        Console.WriteLine($"{fired} double power cuts, seed {seed}");
        Assert.IsGreaterThan(SecondCuts / 2, fired, "most second cuts must happen");
    }

    private static CutMoment Moment(Random random) => (CutMoment)random.Next(1, 4);

    private static void Report(string what, int cuts) => Console.WriteLine($"{cuts} power cuts in one {what}");

    private static SimDevice Offered(SimRelease release)
    {
        // The inactive slot holds an older firmware, as it does from the second update on: there is something to erase.
        var device = new SimDevice(First);
        var old = SimRelease.Make("0.9.0", 1, 10);
        device.Know(old);
        device.Deploy(1, old);
        device.Publish(release);
        return device;
    }

    private static bool HasEnded(SimDevice device) =>
        device.Agent?.Phase == Phase.Idle && device.State == BootState.Confirmed
        && device.Count(UpdateEventKind.Confirmed) + device.Count(UpdateEventKind.Reverted) > 0;

    private static int CountOperations(SimRelease release)
    {
        var device = Offered(release);
        int before = device.Flash.Operations;
        Assert.IsTrue(device.RunUntil(() => HasEnded(device)));
        return device.Flash.Operations - before;
    }

    private static int Sweep(SimRelease release, Action<SimDevice, string> check)
    {
        int operations = CountOperations(release), cuts = 0;
        for (int number = 1; number <= operations; number++)
        {
            foreach (var (moment, tear) in Moments())
            {
                string where = $"{moment} operation {number} of {operations}, tear {tear}";
                var device = Offered(release);
                var cut = PowerCut.At(number, moment, tear);
                device.Flash.Arm(cut);
                check(device, where);
                Assert.IsNotNull(cut.Fired, $"power was never cut: {where}");
                cuts++;
            }
        }

        return cuts;
    }

    private static IEnumerable<(CutMoment, int)> Moments()
    {
        yield return (CutMoment.Before, 0);
        yield return (CutMoment.After, 0);
        for (int tear = 0; tear < TearsPerOperation; tear++) yield return (CutMoment.Torn, tear);
    }

    private static void EndsWell(SimDevice device, string version, string where)
    {
        Assert.IsTrue(device.RunUntil(() => HasEnded(device) || IsRefused(device)), $"stuck after: {where}");
        Assert.AreEqual(version, device.RunningVersion, where);
        device.PowerCycle();
        Assert.IsTrue(device.RunOneCheck(), $"no further check after: {where}");
        if (version == First.Version) Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal, $"lost after: {where}");
        Assert.IsLessThanOrEqualTo(1, device.Count(UpdateEventKind.Activated), $"activated again after: {where}");
        device.Publish(Next);
        Assert.IsTrue(device.RunUntilConfirmed(Next.Version), $"cannot update after: {where}");
        Assert.IsTrue(device.SlotHolds(device.Find(0) == Next ? 0 : 1, Next.Image), $"a mixture after: {where}");
    }

    // The cut may have hidden the confirmation or the revert itself; the next check then reports the device's state.
    private static bool IsRefused(SimDevice device) =>
        device.Agent?.Phase == Phase.Idle && device.State == BootState.Confirmed && device.Count(UpdateEventKind.Idle) > 0;
}
