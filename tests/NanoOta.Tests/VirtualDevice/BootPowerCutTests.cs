using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

/// <summary>Power fails at each operation of each change of the boot record, and again while the next boot recovers.</summary>
[TestClass]
public sealed class BootPowerCutTests
{
    private const int Seeds = 40;

    public static IEnumerable<object[]> EveryChange
    {
        get
        {
            yield return Change("first activation", null, f => Run(f).Activate());
            yield return Change("later activation", BootRecord.None, f => Run(f).Activate());
            yield return Change("first boot of a trial", TestFlash.Trial(0), f => TestFlash.Boot(f, ResetReason.Sw));
            yield return Change("blip", TestFlash.Trial(), f => TestFlash.Boot(f));
            yield return Change("too many blips", TestFlash.Trial(6, 5), f => TestFlash.Boot(f));
            yield return Change("panic", TestFlash.Trial(), f => TestFlash.Boot(f, ResetReason.Panic));
            yield return Change("blip and confirmation", TestFlash.Trial(), f => Run(f).Confirm());
            yield return Change("blip and rejection", TestFlash.Trial(), f => Run(f).Reject(6004));
            yield return Change("acknowledged revert", TestFlash.Trial() with { State = BootState.Reverted }, f => Run(f).Confirm());
            yield return Change("chosen slot gone", TestFlash.Trial(), f => TestFlash.Boot(f), 0);
            yield return Change("slot 0 gone without a record", null, f => TestFlash.Boot(f), 1);
            yield return Change("cable into the chosen slot", Known(1, 2), f => TestFlash.Boot(f, ResetReason.Panic));
            yield return Change("crash loop", Proven, f => TestFlash.Boot(f, ResetReason.Panic, TestFlash.AfterCrashes(4)));
            yield return Change("crash loop, acknowledged", Proven, f => RunAfterCrashes(f).Confirm());
            yield return Change("rejected by command", Proven, f => Run(f).Reject(6013));
            yield return Change("rejected by command, acknowledged", Rejected, f => Run(f).Confirm());
            yield return Change("chosen slot gone, the other proven", Proven with { ChosenFingerprint = 1 }, f => TestFlash.Boot(f), 0);
            yield return Change("chosen slot gone, safe mode acknowledged", BootRecord.None, f => Run(f).Confirm(), 1);
            yield return Change("cable into the previous slot, acknowledged", Known(0, 1), f => Run(f).Confirm());
        }
    }

    [TestMethod]
    [DynamicData(nameof(EveryChange))]
    public void A_cut_anywhere_leaves_the_old_or_the_new_record_and_a_slot_that_boots(
        string name, byte[] start, Action<NorFlash> change)
    {
        int operations = CountOperations(start, change);
        Assert.IsGreaterThan(0, operations, $"{name} writes nothing");
        for (int number = 1; number <= operations; number++)
        {
            var before = AfterOperations(start, change, number - 1);
            var after = AfterOperations(start, change, number);
            foreach (var moment in new[] { CutMoment.Before, CutMoment.Torn, CutMoment.After })
                for (int seed = 0; seed < (moment == CutMoment.Torn ? Seeds : 1); seed++)
                    CutAt(start, change, new PowerCut(o => o.Number == number ? moment : CutMoment.None, seed), before, after,
                        $"{name}, operation {number}, {moment}, seed {seed}");
        }
    }

    private static void CutAt(
        byte[] start, Action<NorFlash> change, PowerCut cut, BootRecord? before, BootRecord? after, string id)
    {
        var flash = new NorFlash(start);
        flash.Arm(cut);
        Assert.ThrowsExactly<PowerLostException>(() => change(flash), id);
        Assert.IsNotNull(cut.Fired, id);
        var left = TestFlash.RecordIn(flash);
        Assert.IsTrue(left == before || left == after, $"{id}: {left}");
        Recover(flash.Snapshot(), id);
    }

    /// <summary>The next power-on boots, and so does the one after it if power fails in its record write too.</summary>
    private static void Recover(byte[] content, string id)
    {
        AssertBoots(new NorFlash(content), id);
        int operations = CountOperations(content, f => TestFlash.Boot(f));
        for (int number = 1; number <= operations; number++)
        {
            var flash = new NorFlash(content);
            flash.Arm(PowerCut.At(number, CutMoment.Torn, number));
            Assert.ThrowsExactly<PowerLostException>(() => TestFlash.Boot(flash), id);
            flash.PowerOn();
            AssertBoots(flash, $"{id}, then again at {number}");
        }
    }

    private static void AssertBoots(NorFlash flash, string id)
    {
        var boot = TestFlash.Boot(flash);
        Assert.IsTrue(boot.Slot is { } slot && TestFlash.Map.IsPlausible(flash, slot), id);
        Assert.IsTrue(boot.Saved, id);
    }

    private static int CountOperations(byte[] start, Action<NorFlash> change)
    {
        var flash = new NorFlash(start);
        change(flash);
        return flash.Operations;
    }

    private static BootRecord? AfterOperations(byte[] start, Action<NorFlash> change, int count)
    {
        var flash = new NorFlash(start);
        flash.Arm(PowerCut.At(count, CutMoment.After));
        if (count == 0) return TestFlash.RecordIn(flash);
        Assert.ThrowsExactly<PowerLostException>(() => change(flash));
        return TestFlash.RecordIn(flash);
    }

    private static object[] Change(string name, BootRecord? record, Action<NorFlash> change, params int[] plausible) =>
        [name, TestFlash.With(record, plausible.Length > 0 ? plausible : [0, 1]).Snapshot(), change];

    /// <summary>A release that is confirmed, with what ran before it.</summary>
    private static BootRecord Proven { get; } = TestFlash.Trial() with
    {
        State = BootState.Confirmed,
        TrialBoots = 0,
        ChosenFingerprint = TestFlash.Fingerprint,
        PreviousFingerprint = TestFlash.Fingerprint,
    };

    private static BootRecord Rejected { get; } = Proven.RevertTo(0, UpdateError.RevertedByOperator);

    private static BootCalls RunAfterCrashes(NorFlash flash) =>
        new(flash, TestFlash.Map, TestFlash.Boot(flash, ResetReason.Panic, TestFlash.AfterCrashes(4)));

    private static BootRecord Known(uint chosen, uint previous) =>
        TestFlash.Trial() with { ChosenFingerprint = chosen, PreviousFingerprint = previous };

    private static BootCalls Run(NorFlash flash) => new(flash, TestFlash.Map, TestFlash.Boot(flash));
}
