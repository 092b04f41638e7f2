using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Runtime;

/// <summary>Power fails at each flash operation of each change of runtime and app, clean and torn, and again while the next boot
/// recovers. Runtime and app always are those before or those after the change.</summary>
[TestClass]
public sealed class PairPowerCutTests
{
    // NANO_OTA_CAMPAIGN multiplies them (docs/TESTING.md).
    private static readonly int Seeds = 6 * int.Parse(Environment.GetEnvironmentVariable("NANO_OTA_CAMPAIGN") ?? "1");

    private static readonly Pair Old = new(0, 0);
    private static readonly Pair New = new(1, 1);
    private static readonly Pair NewRuntime = new(1, 0);

    public static IEnumerable<object[]> EveryChange
    {
        get
        {
            foreach (bool withApp in new[] { true, false })
            {
                var (name, target) = withApp ? ("runtime and app", New) : ("runtime alone", NewRuntime);
                yield return Change($"{name}: activation", Running, d => d.Activate(withApp), target);
                yield return Change($"{name}: first boot", () => Activated(withApp), d => d.Boot(ResetReason.Sw), target);
                yield return Change($"{name}: confirmation", () => OnTrial(withApp), d => d.Confirm(), target);
                yield return Change($"{name}: rejection", () => OnTrial(withApp), d => Reject(d, 6004), target);
                yield return Change($"{name}: acknowledged rejection", () => Rejected(withApp), d => d.Confirm(), target);
                yield return Change($"{name}: blip", () => OnTrial(withApp), d => d.Boot(), target);
                yield return Change($"{name}: too many blips", () => AfterBlips(withApp), d => d.Boot(), target);
                yield return Change($"{name}: panic", () => OnTrial(withApp), d => d.Boot(ResetReason.Panic), target);
                yield return Change($"{name}: crash loop", () => Confirmed(withApp), d => d.Crash(5), target);
                yield return Change($"{name}: reverted by command", () => Confirmed(withApp), d => Reject(d, 6013), target);
                yield return Change($"{name}: runtime that cannot start", () => Bad(withApp), d => d.Boot(ResetReason.Sw), target);
                yield return Change($"{name}: runtime lost later", () => Lost(withApp), d => d.Boot(), target);
                yield return Change($"{name}: next runtime released", () => Confirmed(withApp), d => d.Release(), target);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(EveryChange))]
    public void A_cut_anywhere_leaves_the_pair_before_or_after(string name, object course, object target)
    {
        var (start, change) = ((Func<PairDevice>, Action<PairDevice>))course;
        int operations = CountOperations(start, change, (Pair)target);
        Assert.IsGreaterThan(0, operations, $"{name} writes nothing");
        for (int number = 1; number <= operations; number++)
            foreach (var moment in new[] { CutMoment.Before, CutMoment.Torn, CutMoment.After })
                for (int seed = 0; seed < (moment == CutMoment.Torn ? Seeds : 1); seed++)
                    CutAt(start, change, PowerCut.At(number, moment, seed), (Pair)target, $"{name}, operation {number}, {moment}, seed {seed}");
    }

    private static void CutAt(Func<PairDevice> start, Action<PairDevice> change, PowerCut cut, Pair target, string id)
    {
        var device = start();
        device.Allowed = [Old, target];
        device.Flash.Arm(cut);
        Assert.ThrowsExactly<PowerLostException>(() => change(device), id);
        byte[] left = device.Flash.Snapshot();
        Recover(left, target, id);
        int operations = CountRecovery(left);
        for (int number = 1; number <= operations; number++)
        {
            var again = PairDevice.From(left);
            again.Flash.Arm(PowerCut.At(number, CutMoment.Torn, number));
            Assert.ThrowsExactly<PowerLostException>(() => again.Boot(), id);
            Recover(again.Flash.Snapshot(), target, $"{id}, then again at {number}");
        }
    }

    /// <summary>The next boots run one of the two pairs, and whatever is on trial or reverted can be settled.</summary>
    private static void Recover(byte[] content, Pair target, string id)
    {
        var device = PairDevice.From(content);
        device.Allowed = [Old, target];
        var pair = device.Boot();
        if (device.Calls.State != BootState.Confirmed) device.Confirm();
        Assert.AreEqual(pair, device.Boot(), $"{id}: settled, {device.Record}");
        Assert.AreEqual(BootState.Confirmed, device.Calls.State, id);
        Assert.IsFalse(device.IsRuntimePending, id);
        device.Release();
        Assert.IsTrue(device.Calls.MayWriteRuntime, $"{id}: the next update is possible");
    }

    private static int CountRecovery(byte[] content)
    {
        var device = PairDevice.From(content);
        device.Boot();
        return device.Flash.Operations;
    }

    private static int CountOperations(Func<PairDevice> start, Action<PairDevice> change, Pair target)
    {
        var device = start();
        device.Allowed = [Old, target];
        int before = device.Flash.Operations;
        change(device);
        return device.Flash.Operations - before;
    }

    private static void Reject(PairDevice device, int reason)
    {
        device.Reject(reason);
        device.Boot(ResetReason.Sw);
    }

    private static object[] Change(string name, Func<PairDevice> start, Action<PairDevice> change, Pair target) =>
        [name, (start, change), target];

    private static PairDevice Running() => After(new PairDevice(), d => Assert.AreEqual(Old, d.Boot()));

    private static PairDevice Activated(bool withApp) => After(Running(), d => d.Activate(withApp));

    private static PairDevice OnTrial(bool withApp) =>
        After(Activated(withApp), d => Assert.AreEqual(withApp ? New : NewRuntime, d.Boot(ResetReason.Sw)));

    private static PairDevice Confirmed(bool withApp) => After(OnTrial(withApp), d => d.Confirm());

    private static PairDevice Rejected(bool withApp) => After(OnTrial(withApp), d => Reject(d, 6004));

    private static PairDevice AfterBlips(bool withApp) => After(OnTrial(withApp), d =>
    {
        for (int i = 0; i < 5; i++) Assert.AreEqual(withApp ? New : NewRuntime, d.Boot());
    });

    private static PairDevice Bad(bool withApp) => After(Activated(withApp), d => d.DamageRuntime(1));

    private static PairDevice Lost(bool withApp) => After(Confirmed(withApp), d => d.DamageRuntime(1));

    private static PairDevice After(PairDevice device, Action<PairDevice> what)
    {
        what(device);
        return device;
    }
}
