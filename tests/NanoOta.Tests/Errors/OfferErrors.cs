using NanoOta.Tests.Mqtt;
using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Errors;

/// <summary>4001 and on: a good release that is not for this device, or not now.</summary>
internal static class OfferErrors
{
    private const long Monday = 1_795_392_000; // 2026-11-23 00:00 UTC

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);
    private static readonly object[] Needs = [new object[] { "mscorlib", 1L }];

    public static Dictionary<UpdateError, Func<UpdateError>> Scenarios { get; } = new()
    {
        { UpdateError.WrongProduct, () => Refusal(manifest => manifest.Product = "heater") },
        { UpdateError.WrongBoard, () => Refusal(manifest => manifest.Board = "board-b") },
        { UpdateError.NotNewer, () => Refusal(manifest => manifest.Sequence = 1L) },
        { UpdateError.Quarantined, () => RefusalAfterTrials(Behaviour.Unhealthy) },
        { UpdateError.ImageTooBig, () => Refusal(manifest => manifest.Size = SimDevice.Map.SlotSize + 1L) },
        { UpdateError.IndexTooBig, () => Refusal(manifest => manifest.Size = 764L * 4096, With(p => p.Flash = new LargeSlot(p.Flash))) },
        { UpdateError.TooManyTrials, () => RefusalAfterTrials(Behaviour.Silent) },
        { UpdateError.NeedsEarlierRelease, () => Refusal(Field(8, 2L)) },
        { UpdateError.Expired, () => Refusal(Field(7, Monday), device => device.StartsAt = Monday + 1) },
        { UpdateError.NotInWave, () => Refusal(Field(9, 99L)) },
        { UpdateError.ClockNotSet, () => ObservedError.Refusal(Offered(SetWindow)) },
        { UpdateError.OutsideWindow, () => ObservedError.First(Offered(SetWindow, d => d.StartsAt = Monday), UpdateEventKind.Delayed) },
        { UpdateError.ApplicationBusy, () => ObservedError.First(Offered(With(p => p.Preflight.Add(new Consent(_ => false)))), UpdateEventKind.Delayed) },
        { UpdateError.Paused, DelayedByOperator },
        { UpdateError.Downgrade, RefusalAfterRevert },
        { UpdateError.ByteLimitReached, () => ObservedError.First(Offered(d => d.Configure = o => o.MaxBytesPerDay = 5000), UpdateEventKind.Delayed) },
        { UpdateError.WrongRuntime, () => Refusal(Field(11, Needs), With(p => p.Runtime = new Natives())) },
        { UpdateError.RuntimeNotUpdatable, () => ObservedError.Refusal(SimDevice.Offered(First, SimRelease.Of("1.1.0", 2, SimRuntime.Make("clr", 3, 1)))) },
        { UpdateError.AgentTooOld, () => Refusal(Field(12, UpdateAgent.Level + 1L)) },
        { UpdateError.WrongChip, () => Refusal(Field(13, "esp32s3"), device => device.Configure = options => options.Chip = "esp32") },
        { UpdateError.WrongLayout, () => Refusal(Field(14, SimDevice.Map.SlotSize + 4096L)) },
        { UpdateError.SupplyLow, () => ObservedError.Refusal(OnBattery(3299)) },
        { UpdateError.SupplyNotMeasured, () => ObservedError.First(OnBattery(-1), UpdateEventKind.Notice) },
        { UpdateError.ManagedMemoryLow, () => ObservedError.Refusal(Offered(With(p => p.Memory = new Heap { FreeManaged = 2_000 }))) },
        { UpdateError.MemoryLow, () => ObservedError.Refusal(Offered(d => d.Address = SimServer.SecureAddress, With(p => p.Memory = new Heap()))) },
    };

    private static UpdateError DelayedByOperator()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.AreEqual(UpdateError.None, new SimMqtt(device).Execute(CommandKind.Pause));
        return ObservedError.First(device, UpdateEventKind.Delayed);
    }

    private static UpdateError RefusalAfterRevert()
    {
        var device = SimDevice.Offered(First, SimRelease.Make("1.2.0", 3, 4));
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));
        Assert.AreEqual(UpdateError.None, device.Agent!.Revert());
        device.Publish(Second);
        return ObservedError.Refusal(device);
    }

    private static UpdateError RefusalAfterTrials(Behaviour behaviour) =>
        ObservedError.Refusal(SimDevice.Offered(First, Second with { Behaviour = behaviour }));

    private static UpdateError Refusal(Action<TestManifest> change, params Action<SimDevice>[] settings)
    {
        var manifest = TestManifest.For(Second.Image, "1.1.0", 2, TestManifest.SharedKey);
        change(manifest);
        return ObservedError.Refusal(Offered([device => device.Server.Put("manifest.cose", manifest.Sign()), .. settings]));
    }

    private static SimDevice Offered(params Action<SimDevice>[] settings)
    {
        var device = SimDevice.Offered(First, Second);
        foreach (var set in settings) set(device);
        return device;
    }

    private static Action<TestManifest> Field(long key, object value) => manifest => manifest.Change = map => map.Add((key, value));

    private static Action<SimDevice> With(Action<UpdatePorts> change) => device => device.Break = change;

    private static void SetWindow(SimDevice device) =>
        device.Configure = options => options.Window = new MaintenanceWindow { StartMinute = 23 * 60 };

    private static SimDevice OnBattery(int millivolts)
    {
        var device = Offered(With(ports => ports.Supply = new Cell(() => millivolts)));
        device.Configure = options => options.Supply = new SupplyLimits { Download = 3300, Write = 3300, Activate = 3300 };
        return device;
    }
}
