namespace NanoOta.Tests.Simulation;

/// <summary>Health checks of the agent: how long they must pass, how probes are combined, and what is reported.</summary>
[TestClass]
public sealed class HealthTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    private readonly Dictionary<UpdateEventKind, string> details = [];
    private Health memory = Health.Good;
    private long trialSince = -1;

    [TestMethod]
    public void Good_counts_only_after_the_shortest_trial_and_bad_at_once()
    {
        var device = Device(score => score.Add("memory", new Probe(() => memory), 1, true), 20_000);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsInRange(20_000, 20_600, device.Milliseconds - trialSince);

        memory = Health.Good;
        device = Device(score => score.Add("memory", new Probe(() => memory), 1, true), 20_000);
        Assert.IsTrue(device.RunUntil(() => IsOnTrialFor(device, 15_000)));
        memory = Health.Bad;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Rejected) == 1));
        Assert.IsInRange(15_000, 16_000, device.Milliseconds - trialSince);
        Assert.AreEqual(0, device.Count(UpdateEventKind.Confirmed));
    }

    [TestMethod]
    public void A_reset_in_the_trial_restarts_the_shortest_trial()
    {
        var device = Device(score => score.Add("memory", new Probe(() => memory), 1, true), 20_000);
        Assert.IsTrue(device.RunUntil(() => IsOnTrialFor(device, 15_000)));
        trialSince = -1;
        device.PowerCycle();
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsGreaterThanOrEqualTo(20_000, device.Milliseconds - trialSince);
    }

    [TestMethod]
    public void A_probe_that_throws_once_costs_a_good_release_nothing()
    {
        int asked = 0;
        var device = Device(score => score.Add("memory", new Probe(() => asked++ == 0 ? throw new OutOfMemoryException() : Health.Good), 1, true));
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual((0, 1), (device.Count(UpdateEventKind.Rejected), device.Count(UpdateEventKind.Trial)));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_probe_that_always_throws_ends_the_trial_at_the_deadline_without_blame(bool isProbe)
    {
        var device = Device(score => score.Add("memory", new Probe(() => throw new OutOfMemoryException()), 1, true));
        if (!isProbe)
        {
            device = SimDevice.Offered(First, Second with { Behaviour = Behaviour.Throws });
            device.Break = ports => ports.Events.Add(new Listener(details));
        }

        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.AreEqual(UpdateError.HealthCheckTimedOut, device.Events.Find(e => e.Kind == UpdateEventKind.Reverted).Code);
        string named = isProbe ? "memory unknown (OutOfMemoryException)" : "InvalidOperationException";
        Assert.AreEqual(named, details[UpdateEventKind.Health]);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Trial) == 2), "it is tried again");
    }

    [TestMethod]
    public void An_answer_outside_of_Health_does_not_confirm()
    {
        var device = SimDevice.Offered(First, Second);
        device.Break = ports => ports.Health = new Probe(() => (Health)3);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Confirmed));
    }

    [TestMethod]
    [DataRow(600_000, 500)]
    [DataRow(30_000, 600_000)]
    public void Times_beyond_the_trial_watchdog_are_cut_and_reported(int deadline, int shortest)
    {
        var device = SimDevice.Offered(First, Second);
        device.Configure = options => (options.HealthDeadlineMs, options.ShortestTrialMs) = (deadline, shortest);
        Assert.IsTrue(device.RunUntil(() => device.Agent?.Phase == Phase.Idle));
        Assert.AreEqual((UpdateEventKind.Notice, "1.0.0", UpdateError.TrialTooLong), device.Events[^1], "at the first start");
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));

        device = SimDevice.Offered(First, Second with { Behaviour = Behaviour.Silent });
        device.Configure = options => (options.HealthDeadlineMs, options.ShortestTrialMs) = (deadline, shortest);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.AreEqual(UpdateError.HealthCheckTimedOut, device.Events.Find(e => e.Kind == UpdateEventKind.Reverted).Code);
    }

    [TestMethod]
    public void By_default_a_trial_lasts_half_a_minute_and_its_deadline_comes_later()
    {
        var options = new UpdateOptions();
        Assert.AreEqual(30_000, options.ShortestTrialMs);
        Assert.IsGreaterThan(options.ShortestTrialMs, options.HealthDeadlineMs);
    }

    [TestMethod]
    public void Bad_and_missing_probes_are_named_with_the_verdict()
    {
        var device = Device(Probes);
        memory = Health.Bad;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.AreEqual(UpdateError.HealthCheckFailed, device.Events.Find(e => e.Kind == UpdateEventKind.Rejected).Code);
        Assert.AreEqual("server unknown, memory bad", details[UpdateEventKind.Health]);
        Assert.AreEqual("server unknown, memory bad", details[UpdateEventKind.Rejected]);
        Assert.IsFalse(details.ContainsKey(UpdateEventKind.Reverted));

        memory = Health.Good;
        device = Device(Probes);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == 1));
        Assert.AreEqual(UpdateError.HealthCheckTimedOut, device.Events.Find(e => e.Kind == UpdateEventKind.Rejected).Code);
        Assert.AreEqual("server unknown", details[UpdateEventKind.Rejected]);

        void Probes(HealthScore score)
        {
            score.Add("server", new Probe(() => Health.Unknown), 1, true);
            score.Add("memory", new Probe(() => memory), 1, false);
        }
    }

    [TestMethod]
    public void A_rejection_without_trusted_keys_names_no_probes_that_never_ran()
    {
        var device = Device(score => score.Add("memory", new Probe(() => memory), 1, true), Second with { Behaviour = Behaviour.TrustsNoKey });
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Rejected) == 1));
        Assert.AreEqual(UpdateError.NoTrustedKey, device.Events.Find(e => e.Kind == UpdateEventKind.Rejected).Code);
        Assert.IsEmpty(details);
    }

    [TestMethod]
    public void Firmware_confirmed_despite_a_failed_probe_reports_the_probe()
    {
        memory = Health.Bad;
        var device = Device(score =>
        {
            score.NeededScore = 2;
            score.Add("server", new Probe(() => Health.Good), 2, true);
            score.Add("memory", new Probe(() => memory), 1, false);
        });
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual("memory bad", details[UpdateEventKind.Health]);
    }

    [TestMethod]
    public void The_probes_of_the_reference_firmware_confirm_it_only_with_a_server()
    {
        Assert.IsTrue(Reference(() => 90_000).RunUntilConfirmed("1.1.0"));

        var device = Reference(() => 90_000);
        Assert.IsTrue(device.RunUntil(() => device.State == BootState.Trial));
        device.Server.Remove("1.1.0/app.bin");
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Rejected) == 1));
        Assert.AreEqual("server unknown", details[UpdateEventKind.Rejected]);

        device = Reference(() => 10_000);
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Rejected) == 1));
        Assert.AreEqual("memory unknown", details[UpdateEventKind.Rejected]);
    }

    [TestMethod]
    public void Memory_of_the_probe_s_own_connection_does_not_count_against_a_release()
    {
        SimDevice? device = null;
        device = Reference(() => device!.State == BootState.Trial && device.Server.IsOpen ? 10_000 : 90_000);
        device.Server.PieceSize = 100;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Rejected));
    }

    [TestMethod]
    public void Memory_below_its_floor_is_bad_after_a_minute_without_recovery()
    {
        var clock = new Stopped();
        int free = 20_000, largest = 8_000;
        var floor = new MemoryFloor(new UpdatePorts { Memory = new Heap(() => free, () => largest), Clock = clock }, 20_000, 8_000);
        Assert.AreEqual(Health.Good, floor.Check());
        free--;
        Assert.AreEqual(Health.Unknown, floor.Check());
        clock.Milliseconds = 59_999;
        Assert.AreEqual(Health.Unknown, floor.Check());
        free++;
        Assert.AreEqual(Health.Good, floor.Check());
        largest--;
        Assert.AreEqual(Health.Unknown, floor.Check());
        clock.Milliseconds += 59_999;
        Assert.AreEqual(Health.Unknown, floor.Check());
        clock.Milliseconds++;
        Assert.AreEqual(Health.Bad, floor.Check());
    }

    [TestMethod]
    public void A_managed_heap_below_its_floor_is_bad_after_a_minute_of_sparse_checks()
    {
        var clock = new Stopped();
        var heap = new Heap(() => 90_000, () => 90_000) { FreeManaged = MemoryFloor.ManagedNeed };
        var floor = new MemoryFloor(new UpdatePorts { Memory = heap, Clock = clock }, 20_000, 8_000);
        Assert.AreEqual(Health.Good, floor.Check());
        heap.FreeManaged--;
        int reads = heap.Reads;
        for (int i = 0; i < 240; i++)
        {
            clock.Milliseconds += 250;
            Assert.AreNotEqual(Health.Bad, floor.Check());
        }

        Assert.AreEqual(Health.Unknown, floor.Check());
        Assert.IsInRange(1, 13, heap.Reads - reads, "each is a collection");
        clock.Milliseconds += 5_000;
        Assert.AreEqual(Health.Bad, floor.Check());
        heap.FreeManaged++;
        clock.Milliseconds += 5_000;
        Assert.AreEqual(Health.Good, floor.Check());
    }

    [TestMethod]
    public void A_release_waits_until_the_managed_heap_has_room_for_a_trial()
    {
        var heap = new Simulation.Heap { Free = 90_000, LargestBlock = 60_000, FreeManaged = 2_000 };
        var device = SimDevice.Offered(First, Second);
        device.Break = ports => ports.Memory = heap;
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.ManagedMemoryLow));
        Assert.AreEqual(0, device.Count(UpdateEventKind.Activated));
        Assert.AreEqual(1, heap.Releases, "the application is asked");
        heap.GivesManaged = 20_000;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(Second.Image.Length, device.Server.ImageBytesRead, "what is staged stays");
    }

    private bool IsOnTrialFor(SimDevice device, int milliseconds) => trialSince >= 0 && device.Milliseconds - trialSince > milliseconds;

    private SimDevice Reference(Func<int> free)
    {
        var device = SimDevice.Offered(First, Second);
        // The network is there when the time of day is.
        device.StartsAt = 1_800_000_000;
        device.Break = ports =>
        {
            ports.Memory = new Heap(free, free);
            ports.Health = device.Ota!.Health;
            ports.Events.Add(new Listener(details));
        };
        return device;
    }

    private SimDevice Device(Action<HealthScore> add, int shortestTrialMs = 0) => Device(add, Second, shortestTrialMs);

    private SimDevice Device(Action<HealthScore> add, SimRelease release, int shortestTrialMs = 0)
    {
        details.Clear();
        trialSince = -1;
        var device = SimDevice.Offered(First, release);
        device.Break = ports =>
        {
            var score = new HealthScore();
            add(score);
            ports.Health = score;
            ports.Events.Add(new Listener(details));
        };
        device.Configure = options => options.ShortestTrialMs = shortestTrialMs;
        device.OnStep = (phase, _) =>
        {
            if (phase == Phase.Trial && trialSince < 0) trialSince = device.Milliseconds;
        };
        return device;
    }

    private sealed class Probe(Func<Health> answer) : IHealthCheck
    {
        public Health Check() => answer();
    }

    private sealed class Stopped : IClock
    {
        public long Milliseconds { get; set; }

        public long UnixSeconds => 0;
    }

    private sealed class Heap(Func<int> free, Func<int> largest) : IMemory
    {
        public int Free => free();

        public int LargestBlock => largest();

        private int managed = 50_000;

        public int Reads { get; private set; }

        public int FreeManaged
        {
            get
            {
                Reads++;
                return managed;
            }
            set => managed = value;
        }

        public void Release()
        {
        }
    }

    private sealed class Listener(Dictionary<UpdateEventKind, string> details) : IUpdateEvents
    {
        public void On(UpdateEvent e)
        {
            if (e.Detail != "") details[e.Kind] = e.Detail;
        }
    }
}
