using NanoOta.Tests.Support;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>Updates of runtime and app as one, on a device with two runtime slots: ESP-IDF's bootloader as recorded, the boot rules of the
/// virtual device, and the agent of the product.</summary>
[TestClass]
public sealed class RuntimeUpdateTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRuntime OldRuntime = SimRuntime.Make("clr-1", 6, 1);
    private static readonly SimRuntime NewRuntime = SimRuntime.Make("clr-2", 7, 2);
    private static readonly SimRelease Both = SimRelease.Make("1.1.0", 2, 6).With(NewRuntime);
    private static readonly SimRelease Alone = SimRelease.Of("1.1.0", 2, NewRuntime);

    [TestMethod]
    public void Runtime_and_app_are_installed_and_confirmed_as_one()
    {
        var device = Offered(Both);
        Assert.IsTrue(device.RunUntilConfirmed(Both.Version));
        AssertPairs(device, ("1.0.0", "clr-1"), ("1.1.0", "clr-2"));
        Assert.AreEqual((1, (byte)1), (device.Record.Chosen, device.Record.ClrSlot));
        Assert.IsTrue(device.Runtimes!.IsConfirmed, "otadata has the confirmation, too");
        Assert.AreEqual("1.1.0", device.Agent!.RunningVersion);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(0, device.Count(UpdateEventKind.Refused), "it is up to date");
        Assert.AreEqual(1, device.Count(UpdateEventKind.Confirmed));
    }

    [TestMethod]
    public void A_runtime_alone_keeps_the_app_and_its_slot()
    {
        var device = Offered(Alone);
        int[] erases = EraseCounts(device);
        RunUntilRuntimeConfirmed(device, NewRuntime);
        AssertPairs(device, ("1.0.0", "clr-1"), ("1.0.0", "clr-2"));
        Assert.AreEqual(0, device.Server.AppBytesRead);
        CollectionAssert.AreEqual(erases, EraseCounts(device), "erases of the app slots");
        Assert.AreEqual(("1.1.0", 2L), (device.Agent!.RunningVersion, device.Agent.RunningSequence), "the release that runs");
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(0, device.Count(UpdateEventKind.Refused));
    }

    [TestMethod]
    public void An_app_alone_moves_no_byte_of_a_runtime()
    {
        var device = Offered(SimRelease.Make("1.1.0", 2, 6));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        AssertPairs(device, ("1.0.0", "clr-1"), ("1.1.0", "clr-1"));
        Assert.AreEqual(0, device.Server.RuntimeBytesRead);
        AssertRuntimeUntouched(device);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void An_unchanged_runtime_is_neither_fetched_nor_written(bool isDescribed)
    {
        var device = new SimDevice(First, OldRuntime, isDescribed);
        device.Publish(SimRelease.Make("1.1.0", 2, 6).With(OldRuntime));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(0, device.Server.RuntimeBytesRead);
        AssertRuntimeUntouched(device);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(0, device.Count(UpdateEventKind.Refused), "it is up to date");
    }

    [TestMethod]
    public void An_unchanged_app_is_neither_fetched_nor_written()
    {
        var device = Offered((First with { Version = "1.1.0", Sequence = 2 }).With(NewRuntime));
        int[] erases = EraseCounts(device);
        RunUntilRuntimeConfirmed(device, NewRuntime);
        Assert.AreEqual(0, device.Server.AppBytesRead);
        CollectionAssert.AreEqual(erases, EraseCounts(device), "erases of the app slots");
    }

    [TestMethod]
    public void A_runtime_that_lies_in_its_slot_is_neither_fetched_nor_erased()
    {
        var device = Offered(Alone);
        RunUntilRuntimeConfirmed(device, NewRuntime);
        device.Publish(SimRelease.Of("1.2.0", 3, SimRuntime.Make("clr-3", 5, 3)));
        RunUntilRuntimeConfirmed(device, "clr-3");
        int read = device.Server.RuntimeBytesRead;
        int[] erases = RuntimeErases(device);
        device.Publish(SimRelease.Of("1.3.0", 4, NewRuntime));
        RunUntilRuntimeConfirmed(device, NewRuntime);
        Assert.AreEqual(read, device.Server.RuntimeBytesRead);
        CollectionAssert.AreEqual(erases, RuntimeErases(device));
        Assert.AreEqual(4L, device.Agent!.RunningSequence, "and yet it is the newest release");
    }

    [TestMethod]
    public void A_packed_runtime_is_unpacked_from_the_running_one()
    {
        var fix = OldRuntime.Fix("clr-1.1");
        var device = Offered(SimRelease.Of("1.1.0", 2, fix, OldRuntime.Image));
        RunUntilRuntimeConfirmed(device, fix);
        Assert.AreEqual((1, 0), (device.PackedUpdates, device.FellBack));
        Assert.AreEqual(0, device.Server.ImageBytesRead);
        Assert.IsLessThan(2000, device.Server.PackedBytesRead);
    }

    [TestMethod]
    [DataRow(RuntimeBehaviour.Crashes, true)]
    [DataRow(RuntimeBehaviour.Crashes, false)]
    [DataRow(RuntimeBehaviour.CrashesEarly, true)]
    [DataRow(RuntimeBehaviour.CrashesEarly, false)]
    public void A_runtime_that_crashes_at_its_start_takes_its_app_back(object behaviour, bool withApp)
    {
        var crashing = NewRuntime with { Behaviour = (RuntimeBehaviour)behaviour };
        var device = Offered(withApp ? Both.With(crashing) : SimRelease.Of("1.1.0", 2, crashing));
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.TooManyTrials));
        Assert.AreEqual(UpdateError.TooManyBlips, device.Events.Find(e => e.Kind == UpdateEventKind.Reverted).Code);
        Assert.AreEqual(3, device.Count(UpdateEventKind.Activated), "as often as a release may end without a verdict");
        Assert.AreEqual(crashing.Image.Length, device.Server.BytesRead["1.1.0/clr.bin"], "fetched once");
        AssertPairs(device, ("1.0.0", "clr-1"));
        UpdatesTo(device, "1.2.0", "clr-3");
    }

    [TestMethod]
    public void A_pair_that_panics_goes_back_and_does_not_come_again()
    {
        var device = Offered(Both with { Behaviour = Behaviour.CrashesAtStart });
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.AreEqual(UpdateError.TrialPanic, device.Events.Find(e => e.Kind == UpdateEventKind.Reverted).Code);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);
        AssertPairs(device, ("1.0.0", "clr-1"), ("1.1.0", "clr-2"), ("1.0.0", "clr-1"));
        UpdatesTo(device, "1.2.0", "clr-3");
    }

    [TestMethod]
    public void An_app_that_is_unhealthy_takes_its_runtime_back()
    {
        var device = Offered(Both with { Behaviour = Behaviour.Unhealthy });
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);
        AssertPairs(device, ("1.0.0", "clr-1"), ("1.1.0", "clr-2"), ("1.0.0", "clr-1"));
        UpdatesTo(device, "1.2.0", "clr-3");
    }

    [TestMethod]
    public void Power_blips_on_trial_activate_the_pair_again_without_a_download()
    {
        var device = Offered(Both);
        for (int blip = 0; blip < 3; blip++)
        {
            Assert.IsTrue(device.RunUntil(() => device.State == BootState.Trial));
            device.PowerCycle();
        }

        Assert.IsTrue(device.RunUntilConfirmed(Both.Version));
        AssertPairs(device, ("1.0.0", "clr-1"), ("1.1.0", "clr-2"));
        Assert.AreEqual(1, device.Count(UpdateEventKind.Activated));
        Assert.AreEqual(Both.Runtime!.Image.Length, device.Server.BytesRead["1.1.0/clr.bin"]);
    }

    [TestMethod]
    public void Too_many_power_blips_give_both_up_without_blame()
    {
        var device = Offered(Both);
        for (int blip = 0; blip < 6; blip++)
        {
            Assert.IsTrue(device.RunUntil(() => device.State == BootState.Trial));
            device.PowerCycle();
        }

        Assert.IsTrue(device.RunUntilConfirmed(Both.Version), "its second trial");
        Assert.AreEqual(UpdateError.TooManyBlips, device.Events.Find(e => e.Kind == UpdateEventKind.Reverted).Code);
        Assert.AreEqual(Both.Runtime!.Image.Length, device.Server.BytesRead["1.1.0/clr.bin"], "fetched once");
    }

    [TestMethod]
    public void A_runtime_without_the_native_code_of_the_present_app_is_refused()
    {
        var app = First with { Image = (byte[])First.Image.Clone() };
        Bytes.PutU32(app.Image, AssemblyHeader.NativeChecksumOffset, 0x44332211);
        Bytes.PutU32(app.Image, AssemblyHeader.HeaderCrcOffset, AssemblyHeader.ComputeHeaderCrc(app.Image));
        var device = new SimDevice(app, OldRuntime);
        device.Publish(Alone);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.WrongRuntime, device.LastRefusal);
        Assert.Contains("0x44332211", device.LastDetail);
        AssertRuntimeUntouched(device);

        device.Publish(SimRelease.Of("1.2.0", 3, NewRuntime with { Natives = [9, 9, 9, 9, 0x11, 0x22, 0x33, 0x44] }));
        RunUntilRuntimeConfirmed(device, NewRuntime);
    }

    [TestMethod]
    public void Needs_of_an_app_are_compared_with_the_runtime_that_comes_with_it()
    {
        var release = Both with { Manifest = Needs(0x04030201) };
        var device = Offered(release);
        Assert.IsTrue(device.RunUntilConfirmed(release.Version));

        device = Offered(Both with { Manifest = Needs(0x04030202) });
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.WrongRuntime, device.LastRefusal);
        Assert.AreEqual("Lamp.Driver: 0x04030202 needed, not in the runtime of the release", device.LastDetail);
    }

    [TestMethod]
    public void An_app_without_runtime_updates_that_comes_with_a_runtime_fails_its_trial()
    {
        var device = Offered(Both);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Activated) == 1));
        device.UpdatesRuntimes = false;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Rejected) == 1));
        device.UpdatesRuntimes = true;
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.Quarantined));
        Assert.AreEqual(UpdateError.RuntimeNotUpdatable, device.Events.Find(e => e.Kind == UpdateEventKind.Reverted).Code);
        Assert.AreEqual(("1.0.0", "clr-1"), device.Pairs[^1]);
    }

    [TestMethod]
    public void A_release_with_a_runtime_is_refused_where_none_can_be_installed()
    {
        var device = SimDevice.Offered(First, Both);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.RuntimeNotUpdatable, device.LastRefusal, "one runtime slot");

        device = Offered(Both);
        device.UpdatesRuntimes = false;
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.RuntimeNotUpdatable, device.LastRefusal, "firmware without runtime updates");
        Assert.AreEqual(0, device.Server.RuntimeBytesRead + device.Server.AppBytesRead);
    }

    [TestMethod]
    [DataRow("chip", "chip_id is that of another chip")]
    [DataRow("secure version", "secure_version is below that of the running runtime")]
    [DataRow("checksum", "its checksum is wrong")]
    public void A_runtime_that_would_not_boot_is_not_activated(string what, string reason)
    {
        var secured = SimRuntime.Make("clr-1", 6, 1, secureVersion: 3);
        var bad = SimRuntime.Make("clr-2", 7, 2, secureVersion: what == "secure version" ? 2u : 3u, chip: what == "chip" ? (byte)5 : (byte)0);
        if (what == "checksum") bad.Image[5000] ^= 1;
        var device = new SimDevice(First, secured);
        device.Publish(Both.With(bad));
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual((UpdateError.RuntimeImageInvalid, reason), (device.LastRefusal, device.LastDetail));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Activated));
        UpdatesTo(device, "1.2.0", "clr-3", secureVersion: 4);
    }

    [TestMethod]
    [DataRow(UpdateError.RevertedByOperator)]
    [DataRow(UpdateError.CrashLoop)]
    public void Confirmed_firmware_that_is_given_up_goes_back_as_a_pair_and_does_not_come_again(object reason)
    {
        bool crashes = (UpdateError)reason == UpdateError.CrashLoop;
        var device = Offered(crashes ? Both with { Behaviour = Behaviour.CrashesLater } : Both);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Confirmed) == 1 && device.Agent?.Phase == Phase.Idle));
        if (!crashes) Assert.AreEqual(UpdateError.None, device.Agent!.Revert());
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.AreEqual(("1.0.0", "clr-1"), device.Pairs[^1]);
        var reverted = device.Events.Single(e => e.Kind == UpdateEventKind.Reverted);
        Assert.AreEqual(("1.1.0", (UpdateError)reason), (reverted.Version, reverted.Code));
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.Quarantined, device.LastRefusal);
        UpdatesTo(device, "1.2.0", "clr-3");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void An_image_that_changes_while_the_activation_waits_is_not_activated(bool isRuntime)
    {
        var device = Offered(Both);
        device.OnStep = (phase, _) =>
        {
            if (phase != Phase.Verify || device.Agent!.Phase != Phase.Activate) return;
            device.OnStep = (_, _) => Assert.AreEqual(UpdateError.None, device.Agent!.Pause(false));
            Assert.AreEqual(UpdateError.None, device.Agent.Pause(true));
            device.Flip((isRuntime ? SimFlash.Table.Slots[1].Offset : SimDevice.Map.Slot(1)) + 2 * 4096 + 17);
        };
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Refused) == 1));
        Assert.AreEqual(UpdateError.ImageChanged, device.LastRefusal);
        Assert.AreEqual(0, device.Count(UpdateEventKind.Activated));
        Assert.IsTrue(device.RunUntilConfirmed(Both.Version), "it is staged again");
    }

    [TestMethod]
    public void A_runtime_alone_leaves_the_schema_of_the_settings()
    {
        var settings = new SchemaLog();
        var manifest = TestManifest.For(Both.Image, "1.1.0", 2, TestManifest.SharedKey);
        manifest.Change = map => map.Add((15L, 3L));
        var device = Offered(SimRelease.Make("1.1.0", 2, 6) with { Image = Both.Image, Manifest = manifest.Sign() });
        device.Break = ports => ports.Settings = settings;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        device.Publish(SimRelease.Of("1.2.0", 3, NewRuntime));
        RunUntilRuntimeConfirmed(device, NewRuntime);
        CollectionAssert.AreEqual(new[] { (0, 3), (3, 3) }, settings.Kept);
    }

    [TestMethod]
    public void A_failed_pair_does_not_quarantine_its_app_with_another_runtime()
    {
        var device = Offered(Both.With(NewRuntime with { Behaviour = RuntimeBehaviour.Crashes }));
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.TooManyTrials));
        device.Publish((Both with { Version = "1.1.1", Sequence = 3 }).With(SimRuntime.Make("clr-2.1", 7, 4)));
        RunUntilRuntimeConfirmed(device, "clr-2.1");
    }

    [TestMethod]
    public void A_planned_sleep_is_refused_while_a_runtime_is_on_trial()
    {
        var device = Offered(Both);
        Assert.IsTrue(device.RunUntil(() => device.Agent?.Phase == Phase.Trial));
        Assert.IsFalse(device.Agent!.Sleep(1000));
        Assert.IsTrue(device.RunUntilConfirmed(Both.Version));
        Assert.ThrowsExactly<SleepException>(() => device.Agent!.Sleep(1000));
    }

    [TestMethod]
    public void A_step_erases_at_most_one_sector_of_a_slot()
    {
        var device = Offered(Both);
        int steps = 0, erased = 0;
        device.OnStep = (phase, _) =>
        {
            int now = EraseCounts(device).Sum() + RuntimeErases(device).Sum();
            Assert.IsLessThanOrEqualTo(1, now - erased, $"erases in one step of {phase}");
            erased = now;
            steps++;
        };
        device.Deploy(1, SimRelease.Make("0.9.0", 1, 10));
        erased = EraseCounts(device).Sum();
        Assert.IsTrue(device.RunUntilConfirmed(Both.Version));
        Assert.IsGreaterThan(30, steps);
        Assert.IsGreaterThan(5, erased);
    }

    [TestMethod]
    public void A_runtime_that_a_cable_has_flashed_can_be_a_base()
    {
        var device = new SimDevice(First, OldRuntime, isDescribed: false);
        var fix = OldRuntime.Fix("clr-1.1");
        device.Publish(SimRelease.Of("1.1.0", 2, fix, OldRuntime.Image));
        RunUntilRuntimeConfirmed(device, fix);
        Assert.AreEqual((1, 0), (device.PackedUpdates, device.Server.ImageBytesRead));
    }

    private sealed class SchemaLog : ISettings
    {
        public List<(int, int)> Kept { get; } = [];

        public bool Keep(byte[] release, int schema, int nextSchema)
        {
            Kept.Add((schema, nextSchema));
            return true;
        }

        public RestoreOutcome Restore(byte[] release, bool onlyIfUnreadable) => RestoreOutcome.Nothing;
    }

    private static byte[] Needs(long checksum)
    {
        var manifest = TestManifest.For(Both.Image, Both.Version, Both.Sequence, TestManifest.SharedKey);
        manifest.MoreImages = [TestManifest.RuntimeImage(NewRuntime.Image, NewRuntime.Natives, Both.Version)];
        manifest.Change = map => map.Add((11L, new object[] { new object[] { "Lamp.Driver", checksum } }));
        return manifest.Sign();
    }

    private static SimDevice Offered(SimRelease release)
    {
        var device = new SimDevice(First, OldRuntime);
        device.Publish(release);
        return device;
    }

    private static void RunUntilRuntimeConfirmed(SimDevice device, SimRuntime runtime) => RunUntilRuntimeConfirmed(device, runtime.Version);

    private static void RunUntilRuntimeConfirmed(SimDevice device, string runtime) => Assert.IsTrue(device.RunUntil(() =>
        device.RunningRuntime?.Version == runtime && device.Agent?.Phase == Phase.Idle && device.State == BootState.Confirmed));

    private static void UpdatesTo(SimDevice device, string version, string runtime, uint secureVersion = 0)
    {
        device.Publish(SimRelease.Make(version, 9, 4).With(SimRuntime.Make(runtime, 5, 9, secureVersion: secureVersion)));
        Assert.IsTrue(device.RunUntilConfirmed(version), "the next update is possible");
        Assert.AreEqual((version, runtime), device.Pairs[^1]);
    }

    private static void AssertPairs(SimDevice device, params (string App, string Runtime)[] expected)
    {
        var seen = device.Pairs.Where((pair, i) => i == 0 || pair != device.Pairs[i - 1]).ToList();
        CollectionAssert.AreEqual(expected, seen, string.Join(", ", seen));
    }

    private static void AssertRuntimeUntouched(SimDevice device)
    {
        Assert.AreEqual(0, RuntimeErases(device).Sum() + RuntimePrograms(device).Sum());
        int otaData = SimFlash.Table.OtaData!.Value / 4096;
        Assert.AreEqual(1, device.Flash.EraseCounts[otaData] + device.Flash.EraseCounts[otaData + 1], "the bootloader's own, at its first start");
    }

    private static int[] EraseCounts(SimDevice device) => device.Flash.EraseCounts[..(2 * SimDevice.SlotSectors)];

    private static int[] RuntimeErases(SimDevice device) => device.Flash.EraseCounts[(SimFlash.Table.Slots[0].Offset / 4096)..];

    private static int[] RuntimePrograms(SimDevice device) => device.Flash.ProgramCounts[(SimFlash.Table.Slots[0].Offset / 4096)..];
}
