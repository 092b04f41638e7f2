using NanoOta.Tests.Support;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>A trial without a verdict is counted once, and the third ends the release.</summary>
[TestClass]
public sealed class TrialCountTests
{
    private const int Tears = 6;

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Silent = SimRelease.Make("1.1.0", 2, 7, Behaviour.Silent);

    [TestMethod]
    public void A_cut_at_any_flash_operation_after_a_silent_trial_neither_loses_nor_doubles_it()
    {
        int operations = CountOperations();
        Assert.IsGreaterThanOrEqualTo(2, operations, "journal and boot record are written");
        for (int number = 1; number <= operations; number++)
            foreach (var (moment, tear) in Moments())
            {
                string where = $"{moment} operation {number} of {operations}, tear {tear}";
                var device = Rejected();
                var cut = PowerCut.At(number, moment, tear);
                device.Flash.Arm(cut);
                Assert.IsTrue(device.RunUntil(() => cut.Fired != null && IsSettled(device)), where);
                Assert.AreEqual(1, Trials(device), where);
                Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.TooManyTrials), where);
                Assert.AreEqual(3, device.Count(UpdateEventKind.Activated), where);
            }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(5)]
    public void The_application_sets_the_number_of_trials(int trials)
    {
        var device = SimDevice.Offered(First, Silent);
        device.Configure = options => options.MaxTrials = trials;
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.TooManyTrials));
        Assert.AreEqual(trials, device.Count(UpdateEventKind.Activated));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(256)]
    public void A_number_of_trials_out_of_range_is_refused_with_the_range(int trials)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new UpdateOptions { MaxTrials = trials });
        Assert.AreEqual($"MaxTrials must be 1 to 255, not {trials}", error.Message);
    }

    [TestMethod]
    public void A_release_that_is_confirmed_in_the_end_leaves_no_trial_behind()
    {
        var device = Rejected();
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.AreEqual(1, Trials(device));
        device.Publish(SimRelease.Make("1.2.0", 3, 4));
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
        Assert.AreEqual(0, Trials(device));
    }

    [TestMethod]
    [DataRow(UpdateError.HealthCheckTimedOut)]
    [DataRow(UpdateError.TooManyBlips)]
    public void A_trial_without_a_verdict_is_repeated_without_a_download(object reason)
    {
        bool isBlip = (UpdateError)reason == UpdateError.TooManyBlips;
        var device = SimDevice.Offered(First, Silent);
        var files = new List<string>();
        device.Server.OnOpen = (name, _) =>
        {
            if (!name.EndsWith(".cose")) files.Add(name);
            return UpdateError.None;
        };
        for (int trial = 1; trial <= 3; trial++)
        {
            Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Activated) == trial && device.State == BootState.Trial));
            int trials = device.Count(UpdateEventKind.Trial);
            while (isBlip && device.RunUntil(() => device.Count(UpdateEventKind.Trial) > trials || device.State != BootState.Trial)
                && device.State == BootState.Trial)
            {
                trials = device.Count(UpdateEventKind.Trial);
                device.PowerCycle();
            }

            Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == trial));
            Assert.AreEqual((UpdateError)reason, device.Events.FindLast(e => e.Kind == UpdateEventKind.Reverted).Code);
        }

        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.TooManyTrials));
        Assert.AreEqual(3, device.Count(UpdateEventKind.Activated));
        Assert.AreEqual("1.1.0/app.idx", files[0]);
        Assert.IsTrue(files.Skip(1).All(name => name == "1.1.0/app.bin"), string.Join(' ', files));
        Assert.AreEqual(TestImage.Index(Silent.Image).Length, device.Server.BytesRead["1.1.0/app.idx"]);
        Assert.AreEqual(Silent.Image.Length, device.Server.ImageBytesRead);
    }

    private static SimDevice Rejected()
    {
        var device = SimDevice.Offered(First, Silent);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Rejected) == 1));
        return device;
    }

    private static bool IsSettled(SimDevice device) => device.Agent?.Phase == Phase.Idle && device.State == BootState.Confirmed;

    private static int CountOperations()
    {
        var device = Rejected();
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

    private static int Trials(SimDevice device)
    {
        var flash = device.Flash.Snapshot();
        int start = SimDevice.Map.Records + FlashLayout.Journal;
        var copies = new[] { flash[start..(start + 512)], flash[(start + 4096)..(start + 4096 + 512)] };
        return copies.Where(c => Bytes.GetU32(c, 508) == Checksum.Crc32(c, 0, 508)).MaxBy(c => Bytes.GetU32(c, 8))![14];
    }
}
