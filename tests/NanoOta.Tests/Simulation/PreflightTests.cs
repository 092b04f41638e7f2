using NanoOta.Tests.Support;

namespace NanoOta.Tests.Simulation;

/// <summary>The preflight checks of supply and memory before a step.</summary>
[TestClass]
public sealed class PreflightTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    private static SimDevice Battery(ISupply supply)
    {
        var device = SimDevice.Offered(First, Second);
        device.CheckIntervalMs = 600_000;
        device.Configure = options => options.Supply = new SupplyLimits { Download = 3300, Write = 3400, Activate = 3500 };
        device.Break = ports => ports.Supply = supply;
        return device;
    }

    [TestMethod]
    public void A_full_battery_permits_an_update()
    {
        Assert.IsTrue(Battery(new Cell(() => 3500)).RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    [DataRow(3299, 0, "nothing is asked of the server")]
    [DataRow(3399, 1, "the manifest and the index, not the image")]
    public void A_weak_battery_postpones_an_update_before_it_costs_anything(int millivolts, int isAsked, string what)
    {
        var device = Battery(new Cell(() => millivolts));
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.SupplyLow, device.LastRefusal);
        Assert.AreEqual(0, device.Server.ImageBytesRead, what);
        Assert.AreEqual(isAsked > 0, device.Server.Opens > 0, what);
    }

    [TestMethod]
    public void A_sinking_battery_pauses_staging_and_resumes_it_above_the_hysteresis()
    {
        int millivolts = 3600;
        var device = Battery(new Cell(() => millivolts));
        var writes = new List<int>();
        device.OnStep = (_, _) =>
        {
            if (device.Count(UpdateEventKind.Delayed) > 0) writes.Add(device.Server.ImageBytesRead);
        };
        Assert.IsTrue(device.RunUntil(() => device.Server.ImageBytesRead > 3 * 4096));
        millivolts = 3390;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Delayed) == 1));
        millivolts = 3450;
        int before = device.Server.ImageBytesRead;
        Assert.IsLessThan(Second.Image.Length, before, "it was asked again for this block");
        Assert.IsFalse(device.Server.IsOpen, "a server does not keep a connection for as long as this may take");
        long waited = device.Milliseconds + 60_000;
        Assert.IsTrue(device.RunUntil(() => device.Milliseconds > waited));
        Assert.AreEqual(before, device.Server.ImageBytesRead, "above the limit, but not by the hysteresis");
        millivolts = 3600;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(Second.Image.Length, device.Server.ImageBytesRead, "nothing was fetched twice");
    }

    [TestMethod]
    public void A_supply_that_was_too_low_for_one_step_must_recover_for_that_step_alone()
    {
        int millivolts = 3390;
        var device = Battery(new Cell(() => millivolts));
        device.Configure = options => options.Supply = new SupplyLimits { Download = 3300, Write = 3400, Activate = 3450 };
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Delayed) == 1));
        millivolts = 3340;
        Assert.IsTrue(device.RunOneCheck());
        int offers = device.Count(UpdateEventKind.Offer);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Offer) > offers), "above its own limit of 3300");
        millivolts = 3490;
        long until = device.Milliseconds + 60_000;
        Assert.IsTrue(device.RunUntil(() => device.Milliseconds > until));
        Assert.AreEqual(0, device.Server.ImageBytesRead, "above 3400, but not by the hysteresis, although the network was used in between");
        millivolts = 3500;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_battery_that_is_full_only_at_rest_is_detected_under_load()
    {
        SimDevice? device = null;
        int Sagging() => device!.Agent?.Phase is Phase.Offer or Phase.Stage or Phase.Seal && device.Server.Opens > 0 ? 3420 : 3700;
        device = Battery(new Cell(Sagging));
        for (int check = 1; check <= 5; check++)
        {
            Assert.IsTrue(device.RunOneCheck());
            Assert.AreEqual(UpdateError.SupplyLow, device.LastRefusal);
            Assert.AreEqual(check, device.Count(UpdateEventKind.Staged), "staged, and not activated");
        }

        Assert.AreEqual(0, device.Count(UpdateEventKind.Activated));
    }

    [TestMethod]
    public void External_power_is_enough()
    {
        Assert.IsTrue(Battery(new Cell(() => 0, isExternal: true)).RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_board_that_cannot_measure_its_supply_reports_it_once_and_updates()
    {
        var device = Battery(new Cell(() => -1));
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Activated) == 1));
        Assert.AreEqual(1, device.Events.Count(e => e is { Kind: UpdateEventKind.Notice, Code: UpdateError.SupplyNotMeasured }));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(0)]
    public void A_limit_of_0_disables_the_check_and_the_supply_is_not_measured(int millivolts)
    {
        var device = Battery(new Cell(() => millivolts));
        device.Configure = options => options.Supply = new SupplyLimits();
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsFalse(device.Events.Exists(e => e.Kind is UpdateEventKind.Notice or UpdateEventKind.Delayed));
    }

    [TestMethod]
    public void Without_memory_for_TLS_a_release_of_memory_is_requested_and_the_check_retried()
    {
        var heap = new Heap { Free = 30_000, LargestBlock = 16_000 };
        var device = SimDevice.Offered(First, Second);
        device.Address = "https://updates.example/lamp/";
        device.Server.Mirror = device.Address;
        device.Break = ports => ports.Memory = heap;
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.MemoryLow, device.LastRefusal);
        Assert.AreEqual(0, device.Server.Opens, "no handshake is tried");
        Assert.AreEqual(1, heap.Releases);
        heap.Free = 60_000;
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(0, device.Server.Opens, "enough, but in pieces");

        heap.Gives = 60_000;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void Without_memory_for_TLS_no_https_mirror_is_contacted()
    {
        const string mirror = "https://mirror.example/";
        var heap = new Heap { Free = 30_000, LargestBlock = 16_000 };
        var mirrored = Mirrored(mirror);
        var asked = new List<string>();
        mirrored.Server.OnMirror = asked.Add;
        mirrored.Server.OnOpen = (name, _) => name.EndsWith(".cose") ? UpdateError.None : UpdateError.FileNotFound;
        mirrored.Break = ports => ports.Memory = heap;
        Assert.IsTrue(mirrored.RunOneCheck());
        Assert.AreEqual(UpdateError.MemoryLow, mirrored.LastRefusal);
        Assert.IsEmpty(asked);
        Assert.AreEqual(1, heap.Releases);
        heap.Gives = 60_000;
        Assert.IsTrue(mirrored.RunUntilConfirmed("1.1.0"));
        Assert.IsNotEmpty(asked);
    }

    [TestMethod]
    public void An_http_mirror_serves_a_device_without_memory_for_TLS()
    {
        var heap = new Heap { Free = 60_000, LargestBlock = 60_000 };
        var mirrored = Mirrored("http://mirror.example/");
        mirrored.Address = SimServer.SecureAddress;
        mirrored.Break = ports => ports.Memory = heap;
        Assert.IsTrue(mirrored.RunUntil(() => mirrored.Agent?.Phase == Phase.Index));
        heap.Free = 30_000;
        Assert.IsTrue(mirrored.RunUntil(() => mirrored.Count(UpdateEventKind.Activated) == 1));
        Assert.Contains((UpdateEventKind.Error, "1.1.0", UpdateError.MemoryLow), mirrored.Events);
    }

    // A device whose release has one mirror.
    private static SimDevice Mirrored(string mirror)
    {
        var manifest = TestManifest.For(Second.Image, "1.1.0", 2, TestManifest.SharedKey);
        manifest.Change = map => map.Add((10L, new object[] { mirror }));
        var device = SimDevice.Offered(First, Second with { Manifest = manifest.Sign() });
        device.Server.Mirror = mirror;
        return device;
    }

    [TestMethod]
    public void A_slot_that_cannot_be_erased_is_detected_before_any_download()
    {
        var device = SimDevice.Offered(First, Second);
        device.Flash.Program(SimDevice.Map.Slot(1), new byte[4]);
        device.Flash.WearOut(SimDevice.Map.Slot(1));
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.FlashEraseFailed, device.LastRefusal);
        CollectionAssert.AreEqual(new[] { "manifest.cose" }, device.Server.BytesRead.Keys);
    }

    [TestMethod]
    public void Without_TLS_no_memory_check_is_made()
    {
        var heap = new Heap();
        var device = SimDevice.Offered(First, Second);
        device.Break = ports => ports.Memory = heap;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(0, heap.Releases);
    }
}
