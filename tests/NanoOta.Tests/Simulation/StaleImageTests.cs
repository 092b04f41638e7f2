namespace NanoOta.Tests.Simulation;

/// <summary>What was verified is what is activated, and what is on trial is the release that was signed.</summary>
[TestClass]
public sealed class StaleImageTests
{
    private const long Monday = 1_795_392_000; // 2026-11-23 00:00 UTC

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);
    private static readonly SimRelease Cable = SimRelease.Make("9.9.9-debug", 9, 3);

    [TestMethod]
    [DataRow(UpdateError.OutsideWindow, false)]
    [DataRow(UpdateError.SupplyLow, false)]
    [DataRow(UpdateError.ApplicationBusy, false)]
    [DataRow(UpdateError.Paused, false)]
    [DataRow(UpdateError.OutsideWindow, true)]
    [DataRow(UpdateError.SupplyLow, true)]
    [DataRow(UpdateError.ApplicationBusy, true)]
    [DataRow(UpdateError.Paused, true)]
    public void A_staged_image_that_changes_while_it_waits_is_not_activated(object waitsFor, bool isByCable)
    {
        var (device, goOn) = Waiting((UpdateError)waitsFor);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Delayed) == 1));
        Assert.AreEqual((UpdateEventKind.Delayed, "1.1.0", (UpdateError)waitsFor), device.Events[^1]);
        if (isByCable) SimFlash.Deploy(device.Flash, 1, Cable);
        else device.FlipBit(1, Second);
        goOn();
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Refused) == 1));
        Assert.AreEqual(UpdateError.ImageChanged, device.LastRefusal);
        Assert.AreEqual(0, device.Count(UpdateEventKind.Activated));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsTrue(device.SlotHolds(1, Second.Image));
    }

    [TestMethod]
    public void A_staged_image_that_waited_unchanged_is_activated_and_reported_once()
    {
        var (device, goOn) = Waiting(UpdateError.ApplicationBusy);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Delayed) == 1));
        goOn();
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(1, device.Count(UpdateEventKind.Staged));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Refused));
    }

    [TestMethod]
    [DataRow(false, DisplayName = "a bit of the image")]
    [DataRow(true, DisplayName = "its descriptor")]
    public void A_slot_that_changes_after_activation_is_rejected_on_trial_without_blame(bool isDescriptor)
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Activated) == 1));
        if (isDescriptor) device.Flip(SimDevice.Map.Index(1) + 20);
        else device.FlipBit(1, Second);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Confirmed));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Health), "the health check was not asked");
        Assert.AreEqual(UpdateError.SlotNotBootable, device.Events.Find(e => e.Kind == UpdateEventKind.Reverted).Code);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsTrue(device.SlotHolds(1, Second.Image));
    }

    [TestMethod]
    public void A_trial_whose_slot_cannot_be_hashed_is_not_confirmed_and_not_blamed()
    {
        var device = SimDevice.Offered(First, Second);
        bool isFailing = true;
        device.Break = ports => ports.Crypto = new FaultyHash(
            ports.Crypto, () => isFailing && device.State == BootState.Trial && device.Agent?.Phase == Phase.Settle);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.AreEqual((0, 1), (device.Count(UpdateEventKind.Confirmed), device.Count(UpdateEventKind.Trial)));
        isFailing = false;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    private static (SimDevice Device, Action GoOn) Waiting(UpdateError why)
    {
        var device = SimDevice.Offered(First, Second);
        int millivolts = 4000;
        bool isBusy = true;
        device.StartsAt = Monday;
        device.Break = ports =>
        {
            ports.Supply = new Cell(() => millivolts);
            ports.Preflight.Add(new Consent(step => step != UpdateStep.Activate || !isBusy));
        };
        device.Configure = options =>
        {
            if (why == UpdateError.OutsideWindow) options.Window = new MaintenanceWindow { StartMinute = 12 * 60, Minutes = 600 };
            if (why == UpdateError.SupplyLow) options.Supply = new SupplyLimits { Activate = 3300 };
        };
        isBusy = why == UpdateError.ApplicationBusy;
        device.OnStep = (phase, _) =>
        {
            if (phase != Phase.Verify || device.Agent!.Phase != Phase.Activate) return;
            device.OnStep = (_, _) => { };
            millivolts = 3000;
            if (why == UpdateError.Paused) Assert.AreEqual(UpdateError.None, device.Agent.Pause(true));
        };
        return (device, Permit);

        void Permit()
        {
            millivolts = 4000;
            isBusy = false;
            device.StartsAt = Monday + 12 * 3600;
            Assert.AreEqual(UpdateError.None, device.Agent!.Pause(false));
        }
    }
}
