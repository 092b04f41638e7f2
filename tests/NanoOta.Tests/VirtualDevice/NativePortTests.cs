using NanoOta.Native;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

[TestClass]
public sealed class NativePortTests
{
    private readonly byte[] buffer = [.. Enumerable.Range(1, 200).Select(i => (byte)i)];

    [TestMethod]
    public void Areas_lie_where_the_running_slot_puts_them()
    {
        var flash = TestFlash.With(TestFlash.Trial() with { State = BootState.Confirmed }, 0, 1);
        var port = Boot(flash);
        Assert.AreEqual(NativeModule.Ok, port.Write(NativeModule.InactiveSlot, 0x1000, buffer, 0, 4));
        Assert.AreEqual(NativeModule.Ok, port.Write(NativeModule.InactiveIndex, 0x5FFC, buffer, 0, 4));
        Assert.AreEqual(NativeModule.Ok, port.Write(NativeModule.Journal, 0x1FFC, buffer, 0, 4));
        Assert.AreEqual(NativeModule.Ok, port.Write(NativeModule.History, 0x1FFC, buffer, 0, 4));
        const int Records = 0x4000;
        foreach (int offset in new[] { 0x1000, Records + 0x9FFC, Records + 0x3FFC, Records + 0x11FFC })
            CollectionAssert.AreEqual(buffer[..4], flash.Snapshot()[offset..(offset + 4)], $"0x{offset:X}");
    }

    [TestMethod]
    public void Sizes_are_those_of_the_board()
    {
        var port = Boot(TestFlash.With(null, 0));
        int[] sizes = [.. Enumerable.Range(-1, 12).Select(port.GetAreaSize)];
        CollectionAssert.AreEqual(new[] { -1, 0x2000, 0x2000, 0x6000, 0x6000, 0x2000, 0x2000, -1, -1, -1, -1, -1 }, sizes);
    }

    [TestMethod]
    public void Values_report_the_state_of_the_boot()
    {
        var port = Boot(TestFlash.With(TestFlash.Trial(boots: 2, blips: 1), 0, 1), ResetReason.Brownout);
        int[] values = [.. Enumerable.Range(-1, 13).Select(port.GetValue)];
        CollectionAssert.AreEqual(new[] { -1, 1, 2, 0, 9, 3, 2, 0, 0, 0, 420, 5, -1 }, values);
    }

    [TestMethod]
    public void The_state_is_4_after_activation_and_2_after_the_reset()
    {
        var flash = TestFlash.With(null, 0, 1);
        var port = Boot(flash);
        Assert.AreEqual(1, port.GetValue(NativeModule.ValueBootState));
        Assert.AreEqual(NativeModule.Ok, port.Activate());
        Assert.AreEqual(4, port.GetValue(NativeModule.ValueBootState));
        Assert.AreEqual(NativeModule.Refused, port.Erase(NativeModule.InactiveSlot, 0), "it boots next");
        Assert.AreEqual(2, Boot(flash, ResetReason.Sw).GetValue(NativeModule.ValueBootState));
    }

    [TestMethod]
    [DataRow(BootState.Trial)]
    [DataRow(BootState.Reverted)]
    public void Only_journal_and_history_can_be_written_unless_the_state_is_confirmed(BootState state)
    {
        var port = Boot(TestFlash.With(TestFlash.Trial() with { State = state }, 0, 1));
        for (int area = NativeModule.RunningSlot; area <= NativeModule.History; area++)
        {
            int expected = area is NativeModule.Journal or NativeModule.History ? NativeModule.Ok : NativeModule.Refused;
            Assert.AreEqual(expected, port.Erase(area, 0), $"erase of area {area}");
            Assert.AreEqual(expected, port.Write(area, 0, buffer, 0, 4), $"write to area {area}");
        }
    }

    [TestMethod]
    public void A_write_is_padded_to_a_word_with_ones()
    {
        var flash = TestFlash.With(null, 0);
        Assert.AreEqual(NativeModule.Ok, Boot(flash).Write(NativeModule.InactiveSlot, 4, buffer, 1, 5));
        var written = flash.Snapshot()[TestFlash.Map.Slot1..];
        CollectionAssert.AreEqual(new byte[] { 0xFF, 2, 3, 4, 5, 6, 0xFF, 0xFF, 0xFF }, written[3..12]);
    }

    [TestMethod]
    [DataRow(2, 4, DisplayName = "misaligned")]
    [DataRow(4092, 5, DisplayName = "over the end of the sector")]
    [DataRow(0x2000, 1, DisplayName = "behind the end of the area")]
    [DataRow(8, 4, DisplayName = "not erased")]
    public void A_write_that_does_not_fit_is_refused(int offset, int count)
    {
        var flash = TestFlash.With(null, 0);
        var port = Boot(flash);
        port.Write(NativeModule.InactiveSlot, 8, buffer, 0, 4);
        var before = flash.Snapshot();
        Assert.AreEqual(NativeModule.Refused, port.Write(NativeModule.InactiveSlot, offset, buffer, 0, count));
        CollectionAssert.AreEqual(before, flash.Snapshot());
    }

    [TestMethod]
    public void After_a_restart_nothing_runs()
    {
        var port = Boot(TestFlash.With(null, 0, 1));
        Assert.ThrowsExactly<RestartException>(port.Restart);
        Assert.ThrowsExactly<RestartException>(() => port.Erase(NativeModule.Journal, 0));
        Assert.ThrowsExactly<RestartException>(() => port.Read(NativeModule.Journal, 0, buffer, 0, 1));
        Assert.ThrowsExactly<RestartException>(() => port.Activate());
        Assert.IsTrue(port.RestartRequested);
    }

    [TestMethod]
    public void After_a_sleep_nothing_runs_and_a_sleep_with_negative_numbers_is_refused()
    {
        var port = Boot(TestFlash.With(null, 0, 1));
        Assert.AreEqual(NativeModule.Refused, port.Sleep(-1, 0));
        Assert.AreEqual(NativeModule.Refused, port.Sleep(0, -1));
        Assert.AreEqual(NativeModule.Ok, port.ForgetCrashes());
        Assert.AreEqual(1000, Assert.ThrowsExactly<SleepException>(() => port.Sleep(1000, 7)).Milliseconds);
        Assert.ThrowsExactly<SleepException>(() => port.Activate());
        Assert.ThrowsExactly<SleepException>(() => port.Guard(1));
        Assert.ThrowsExactly<SleepException>(port.Restart);
        Assert.AreEqual(1000, port.SleepRequested);
    }

    [TestMethod]
    public void A_guard_has_one_second_to_an_hour_or_ends()
    {
        var guards = new List<int>();
        var flash = TestFlash.With(null, 0);
        var port = new NativePort(flash, TestFlash.Map, TestFlash.Boot(flash)) { OnGuard = guards.Add };
        foreach (int seconds in new[] { -1, 3601, int.MinValue, int.MaxValue })
            Assert.AreEqual(NativeModule.Refused, port.Guard(seconds), $"{seconds}");
        foreach (int seconds in new[] { 1, 3600, 0 }) Assert.AreEqual(NativeModule.Ok, port.Guard(seconds), $"{seconds}");
        CollectionAssert.AreEqual(new[] { 1, 3600, 0 }, guards);
    }

    [TestMethod]
    public void No_argument_changes_a_byte_outside_what_the_state_allows()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        foreach (var state in new[] { BootState.Confirmed, BootState.Trial, BootState.Reverted })
        {
            var flash = TestFlash.With(TestFlash.Trial() with { State = state }, 0, 1);
            var port = Boot(flash);
            var before = flash.Snapshot();
            for (int i = 0; i < 20_000; i++) AnyCall(random, port);
            var after = flash.Snapshot();
            for (int at = 0; at < after.Length; at++)
                if (after[at] != before[at]) Assert.IsTrue(MayChange(at, state), $"seed {seed}, state {state}, changed 0x{at:X}");
            Assert.IsGreaterThan(0, flash.EraseCounts.Sum(), $"seed {seed} never reached the flash");
        }
    }

    /// <summary>Slot 1 runs: slot 0 and index region 0 in a confirmed state, journal and history always.</summary>
    private static bool MayChange(int at, BootState state)
    {
        int record = at - TestFlash.Map.Records;
        bool isJournal = record is >= FlashLayout.Journal and < FlashLayout.IndexRegion;
        bool isInactive = at < TestFlash.Map.Slot1
            || record is >= FlashLayout.IndexRegion and < FlashLayout.IndexRegion + FlashLayout.IndexRegionSize;
        bool isHistory = record is >= FlashLayout.History and < FlashLayout.MinimumSize;
        return isJournal || isHistory || (isInactive && state == BootState.Confirmed);
    }

    private static void AnyCall(Random random, NativePort port)
    {
        int area = Any(random, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), offset = Any(random), start = Any(random), count = Any(random);
        var bytes = random.Next(4) switch { 0 => null, 1 => [], 2 => new byte[3], _ => new byte[9000] };
        switch (random.Next(5))
        {
            case 0: port.Read(area, offset, bytes, start, count); break;
            case 1: port.Erase(area, offset); break;
            case 2: port.Write(area, offset, bytes, start, count); break;
            case 3: port.GetValue(offset); break;
            default: port.GetAreaSize(offset); break;
        }
    }

    private static int Any(Random random, params int[] likely)
    {
        int[] corners = [int.MinValue, int.MinValue + 1, -4096, -4, -1, 0, 1, 3, 4, 4092, 4096, 8192, 0x5000, 0x6000,
            int.MaxValue - 4095, int.MaxValue];
        return random.Next(4) switch
        {
            0 => random.Next(int.MinValue, int.MaxValue),
            1 => random.Next(0x2000),
            _ when likely.Length > 0 => likely[random.Next(likely.Length)],
            _ => corners[random.Next(corners.Length)],
        };
    }

    private static NativePort Boot(NorFlash flash, ResetReason reset = ResetReason.PowerOn) =>
        new(flash, TestFlash.Map, TestFlash.Boot(flash, reset));
}
