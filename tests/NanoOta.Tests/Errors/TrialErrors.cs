using NanoOta.Tests.Mqtt;
using NanoOta.Tests.Simulation;
using NanoOta.Tests.VirtualDevice;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Errors;

/// <summary>6001 and on, 7001 and on: how a trial ends, what a boot decides, and records that cannot be written.</summary>
internal static class TrialErrors
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    public static Dictionary<UpdateError, Func<UpdateError>> Scenarios { get; } = new()
    {
        { UpdateError.TrialPanic, () => Reverted(Behaviour.CrashesAtStart) },
        { UpdateError.TrialWatchdog, () => Reverted(Behaviour.Hangs) },
        { UpdateError.TrialReset, () => Reverted(Behaviour.Restarts) },
        { UpdateError.HealthCheckFailed, () => Reverted(Behaviour.Unhealthy) },
        { UpdateError.HealthCheckTimedOut, () => Reverted(Behaviour.Silent) },
        { UpdateError.TooManyBlips, RevertedByBlips },
        { UpdateError.SlotNotBootable, RevertedByLostSlot },
        { UpdateError.WrongRuntimeSlot, () => TestFlash.Boot(OnTrial(clrSlot: 1)).Record.Reason },
        { UpdateError.CableDeployment, RefusedForCable },
        { UpdateError.CrashLoop, () => Reverted(Behaviour.CrashesLater) },
        { UpdateError.SafeMode, NoticedAfterCrashes },
        { UpdateError.RejectedByOperator, RejectedByOperator },
        { UpdateError.RevertedByOperator, RevertedByOperator },
        { UpdateError.RunningUnknown, NoticedAfterBitRot },
        { UpdateError.TrialTooLong, NoticedOfOptions },
        { UpdateError.SettingsNotKept, () => ObservedError.Refusal(WithSettings(Behaviour.Good)) },
        { UpdateError.SettingsNotRestored, () => ObservedError.First(WithSettings(Behaviour.Unhealthy), UpdateEventKind.Error) },
        { UpdateError.JournalFailed, RefusedWithoutJournal },
        { UpdateError.BootRecordFailed, BootedWithoutRecord },
    };

    private static UpdateError Reverted(Behaviour behaviour) =>
        ObservedError.First(SimDevice.Offered(First, Second with { Behaviour = behaviour }), UpdateEventKind.Reverted);

    private static UpdateError RevertedByOperator()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(UpdateError.None, device.Agent!.Revert());
        return ObservedError.First(device, UpdateEventKind.Reverted);
    }

    private static UpdateError RejectedByOperator()
    {
        var device = SimDevice.Offered(First, Second with { Behaviour = Behaviour.Silent });
        var remote = new SimMqtt(device);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == 1));
        Assert.AreEqual(UpdateError.None, remote.Execute(CommandKind.RejectTrial));
        return ObservedError.First(device, UpdateEventKind.Reverted);
    }

    private static UpdateError RevertedByBlips()
    {
        var device = SimDevice.Offered(First, Second);
        for (int boot = 1; boot <= 6; boot++)
        {
            Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == boot), $"trial, boot {boot}");
            device.PowerCycle();
        }

        return ObservedError.First(device, UpdateEventKind.Reverted);
    }

    private static UpdateError RevertedByLostSlot()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        device.Flash.EraseSector(SimDevice.Map.Slot(1));
        device.PowerCycle();
        return ObservedError.First(device, UpdateEventKind.Reverted);
    }

    private static UpdateError NoticedAfterCrashes()
    {
        var device = new SimDevice(First with { Behaviour = Behaviour.CrashesLater });
        device.Publish(First);
        return ObservedError.First(device, UpdateEventKind.Notice);
    }

    private static UpdateError NoticedAfterBitRot()
    {
        var device = SimDevice.Offered(First, First);
        Assert.IsTrue(device.RunOneCheck());
        device.FlipBit(0, First);
        device.PowerCycle();
        return ObservedError.First(device, UpdateEventKind.Notice);
    }

    private static UpdateError NoticedOfOptions()
    {
        var device = new SimDevice(First) { Configure = options => options.HealthDeadlineMs = 600_000 };
        return ObservedError.First(device, UpdateEventKind.Notice);
    }

    private static SimDevice WithSettings(Behaviour behaviour)
    {
        var device = SimDevice.Offered(First, Second with { Behaviour = behaviour });
        device.Break = ports => ports.Settings = new FullDisk(mayKeep: behaviour != Behaviour.Good);
        return device;
    }

    private static UpdateError RefusedForCable()
    {
        var device = SimDevice.Offered(First, Second);
        var cable = SimRelease.Make("9.9.9-debug", 9, 3);
        device.Know(cable);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == 1));
        device.Deploy(1, cable);
        return ObservedError.Refusal(device);
    }

    private static UpdateError RefusedWithoutJournal()
    {
        var device = SimDevice.Offered(First, Second);
        foreach (int sector in new[] { 0, 4096 }) device.Flash.WearOut(SimDevice.Map.Records + FlashLayout.Journal + sector);
        return ObservedError.Refusal(device);
    }

    private static NorFlash OnTrial(byte clrSlot) => TestFlash.With(TestFlash.Trial() with { ClrSlot = clrSlot }, 0, 1);

    private static UpdateError BootedWithoutRecord()
    {
        var flash = OnTrial(clrSlot: 0xFF);
        flash.WearOut(TestFlash.Map.Records + NorFlash.SectorSize);
        return TestFlash.Boot(flash).Record.Reason;
    }

    private sealed class FullDisk(bool mayKeep) : ISettings
    {
        public bool Keep(byte[] release, int schema, int nextSchema) => mayKeep;

        public RestoreOutcome Restore(byte[] release, bool onlyIfUnreadable) => RestoreOutcome.Failed;
    }
}
