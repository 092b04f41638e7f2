using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>
/// A developer deploys by cable while an update is activated or on trial: what was deployed stays, the release is let go
/// without blame, and the device reports that.
/// </summary>
[TestClass]
public sealed class CableTests
{
    private const int Tears = 6;

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);
    private static readonly SimRelease Cable = SimRelease.Make("9.9.9-debug", 9, 3);

    [TestMethod]
    [DataRow(1, Behaviour.Good)]
    [DataRow(1, Behaviour.Silent)]
    [DataRow(0, Behaviour.Good)]
    public void A_deployment_during_a_trial_stays_and_the_release_is_dropped(int slot, object behaviour)
    {
        var device = OnTrial(Second with { Behaviour = (Behaviour)behaviour });
        device.Deploy(slot, Cable);
        AssertYielded(device, "1.1.0");
        Assert.AreEqual(slot, device.Find(0) == Cable ? 0 : 1);
        AssertStays(device);
    }

    [TestMethod]
    public void A_deployment_into_the_running_slot_after_activation_cancels_the_trial()
    {
        var device = Know(SimDevice.Offered(First, Second));
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Activated) == 1));
        device.Deploy(0, Cable);
        AssertYielded(device, "1.1.0");
        Assert.AreEqual(0, device.Count(UpdateEventKind.Trial));
        AssertStays(device);
    }

    [TestMethod]
    public void The_release_is_not_in_quarantine_and_none_of_its_trials_is_counted()
    {
        var device = OnTrial(Second);
        for (int i = 1; i <= 5; i++) // more than the trials that a release may end without a verdict
        {
            device.Deploy(i % 2, Cable); // the slot of the trial: they alternate
            Assert.IsTrue(device.RunUntil(() => CableEvents(device).Count == i));
            Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == i + 1), $"trial {i + 1}");
        }

        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_deployment_after_a_rejection_does_not_change_the_verdict()
    {
        var device = OnTrial(Second with { Behaviour = Behaviour.Unhealthy });
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Rejected) == 1));
        device.Deploy(0, Cable);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);
        Assert.AreEqual(Cable.Version, device.RunningVersion);
    }

    [TestMethod]
    public void A_cut_at_any_flash_operation_after_the_deployment_neither_loses_nor_repeats_it()
    {
        int operations = CountOperations(), silent = 0;
        Assert.IsGreaterThanOrEqualTo(5, operations, "boot record, journal and boot record are written, most after an erase");
        for (int number = 1; number <= operations; number++)
            foreach (var (moment, tear) in Moments())
            {
                string where = $"{moment} operation {number} of {operations}, tear {tear}";
                var device = OnTrial(Second);
                device.Deploy(1, Cable);
                var cut = PowerCut.At(number, moment, tear);
                device.Flash.Arm(cut);
                Assert.IsTrue(device.RunUntil(() => cut.Fired != null), where);
                Assert.IsTrue(device.RunUntil(() => IsSettled(device)), where);
                Assert.AreEqual(Cable.Version, device.RunningVersion, where);
                Assert.AreEqual((UpdateError.CableDeployment, false, true), LastError(device), where);
                Assert.IsLessThanOrEqualTo(1, CableEvents(device).Count, where);
                if (CableEvents(device).Count == 0) silent++;
                device.PowerCycle();
                Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == 2), $"let go for good after: {where}");
                Assert.IsLessThanOrEqualTo(1, CableEvents(device).Count, $"reported again after: {where}");
            }

        Assert.IsLessThanOrEqualTo(3 * (2 + Tears), silent, "only a cut in the three operations of the acknowledgement may do that");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(4096)]
    public void With_a_dead_boot_record_sector_the_deployment_runs_and_nothing_is_staged_or_worn(int sector)
    {
        var device = OnTrial(Second);
        device.Flash.WearOut(SimDevice.Map.Records + FlashLayout.BootRecord + sector);
        device.Deploy(1, Cable);
        long start = device.Milliseconds;
        int journal = JournalWrites(device), staging = device.Count(UpdateEventKind.Staging);
        Assert.IsTrue(device.RunUntil(() => device.Milliseconds - start > 24 * 3_600_000L));
        Assert.AreEqual(Cable.Version, device.RunningVersion);
        Assert.AreEqual((BootState.Reverted, staging), (device.State, device.Count(UpdateEventKind.Staging)));
        Assert.IsLessThanOrEqualTo(2, JournalWrites(device) - journal);
    }

    private static SimDevice Know(SimDevice device)
    {
        device.Know(Cable);
        return device;
    }

    private static SimDevice OnTrial(SimRelease release)
    {
        var device = Know(SimDevice.Offered(First, release));
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == 1));
        return device;
    }

    private static bool IsSettled(SimDevice device) =>
        device.Agent?.Phase == Phase.Idle && device.State == BootState.Confirmed && device.RunningVersion == Cable.Version;

    private static void AssertYielded(SimDevice device, string version)
    {
        Assert.IsTrue(device.RunUntil(() => IsSettled(device)));
        CollectionAssert.AreEqual(new[] { version }, CableEvents(device));
        Assert.AreEqual((UpdateError.CableDeployment, false, true), LastError(device));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Reverted) + device.Count(UpdateEventKind.Confirmed));
    }

    /// <summary>Nothing is on offer any more: resets of any kind leave the deployed firmware where it is.</summary>
    private static void AssertStays(SimDevice device)
    {
        device.Server.OnOpen = (_, _) => UpdateError.FileNotFound;
        foreach (var reset in Enum.GetValues<ResetReason>())
        {
            device.PowerCycle();
            device.NextReset = reset;
            Assert.IsTrue(device.RunOneCheck(), $"{reset}");
            Assert.AreEqual(Cable.Version, device.RunningVersion, $"{reset}");
        }

        Assert.HasCount(1, CableEvents(device));
    }

    /// <summary>The versions that events named as let go for a deployment by cable.</summary>
    private static List<string> CableEvents(SimDevice device) =>
        [.. device.Events.Where(e => e is (UpdateEventKind.Refused, _, UpdateError.CableDeployment)).Select(e => e.Version)];

    /// <summary>The journal's last error, whether a release is in hand, and whether the error is about the second release.</summary>
    private static (UpdateError, bool, bool) LastError(SimDevice device)
    {
        var flash = device.Flash.Snapshot();
        int start = SimDevice.Map.Records + FlashLayout.Journal;
        var copies = new[] { flash[start..(start + 512)], flash[(start + 4096)..(start + 4096 + 512)] };
        var journal = copies.Where(c => Bytes.GetU32(c, 508) == Checksum.Crc32(c, 0, 508)).MaxBy(c => Bytes.GetU32(c, 8))!;
        var digest = System.Security.Cryptography.SHA256.HashData(Second.Image);
        return ((UpdateError)Bytes.GetU16(journal, 12), !Bytes.All(journal, 16, 32, 0), Bytes.Same(journal, 48, digest, 0, 8));
    }

    private static int CountOperations()
    {
        var device = OnTrial(Second);
        device.Deploy(1, Cable);
        int before = device.Flash.Operations;
        Assert.IsTrue(device.RunUntil(() => IsSettled(device)));
        return device.Flash.Operations - before;
    }

    private static IEnumerable<(CutMoment, int)> Moments()
    {
        yield return (CutMoment.Before, 0);
        yield return (CutMoment.After, 0);
        for (int tear = 0; tear < Tears; tear++) yield return (CutMoment.Torn, tear);
    }

    private static int JournalWrites(SimDevice device)
    {
        int first = (SimDevice.Map.Records + FlashLayout.Journal) / 4096;
        return device.Flash.ProgramCounts[first] + device.Flash.ProgramCounts[first + 1];
    }
}
