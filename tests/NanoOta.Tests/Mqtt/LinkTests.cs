using System.Text;

namespace NanoOta.Tests.Mqtt;

/// <summary>The link over a broker that does what the test wants, under virtual time.</summary>
[TestClass]
public sealed class LinkTests
{
    [TestMethod]
    public void Queued_messages_are_published_in_order_and_the_status_is_retained()
    {
        var world = new FakeBroker();
        world.Bench.Control.On(new UpdateEvent { Kind = UpdateEventKind.Trial, Version = "1", Detail = "" });
        world.Bench.Control.Report();
        world.Run(10_000);
        Assert.AreEqual(1, world.Link.Connections);
        CollectionAssert.AreEqual(new[] { world.Bench.Topics.Offer, world.Bench.Topics.Command }, world.Subscribed);
        CollectionAssert.AreEqual(
            new[] { world.Bench.Topics.Status, world.Bench.Topics.Event }, world.Published.Select(p => p.Topic).ToArray());
        Assert.IsTrue(world.Published[0].Retain);
        Assert.IsFalse(world.Published[1].Retain);
        Assert.AreEqual(0, world.Bench.SendQueue.Count);
    }

    [TestMethod]
    public void Unpublished_messages_follow_on_the_next_connection_after_the_status()
    {
        var world = new FakeBroker();
        world.Bench.Control.Report();
        world.Run(10_000);
        world.Answer = UpdateError.BrokerLost;
        world.Bench.Control.On(new UpdateEvent { Kind = UpdateEventKind.Trial, Version = "1", Detail = "" });
        world.Run(1000);
        Assert.IsFalse(world.Link.IsConnected);
        world.Answer = UpdateError.None;
        world.Published.Clear();
        world.Run(60_000);
        CollectionAssert.AreEqual(
            new[] { world.Bench.Topics.Status, world.Bench.Topics.Event }, world.Published.Select(p => p.Topic).ToArray());
        Assert.IsGreaterThan(1, world.Link.Connections);
        Assert.AreEqual(world.Link.Connections, world.Made, "each connection has a client of its own");
    }

    [TestMethod]
    public void Reconnect_attempts_back_off_up_to_five_minutes_with_full_jitter()
    {
        var waits = new List<double>();
        foreach (int device in Enumerable.Range(0, 50))
        {
            var world = new FakeBroker(o => o.DeviceId = $"device {device}") { Connect = UpdateError.BrokerUnreachable };
            world.Run(86_400_000);
            Assert.IsInRange(400, 900, world.Made, "a day of two and a half minutes on average");
            Assert.AreEqual(UpdateError.BrokerUnreachable, world.Link.LastError);
            waits.AddRange(world.Attempts.Zip(world.Attempts.Skip(1), (a, b) => (b - a) / 1000.0).Skip(10));
        }

        Assert.IsLessThanOrEqualTo(301, waits.Max());
        foreach (var part in Enumerable.Range(0, 10))
            Assert.IsInRange(0.07, 0.13, waits.Count(w => w >= part * 30 && w < part * 30 + 30) / (double)waits.Count, $"tenth {part}");
    }

    [TestMethod]
    public void A_fleet_that_starts_together_does_not_connect_together()
    {
        var firsts = Enumerable.Range(0, 200).Select(i =>
        {
            var world = new FakeBroker(o => (o.DeviceId, o.ConnectSpreadMs) = ($"24:6F:28:00:00:{i:X2}", 10_000));
            world.Run(11_000);
            return world.Attempts[0] - 1_000_000;
        }).ToList();
        foreach (var second in Enumerable.Range(0, 10)) Assert.IsInRange(5, 40, firsts.Count(f => f / 1000 == second), $"second {second}");
    }

    [TestMethod]
    public void Two_clients_with_one_id_disconnect_each_other_less_and_less_often()
    {
        var world = new FakeBroker();
        world.StaysMs = 100;
        world.Run(3_600_000);
        Assert.IsInRange(10, 60, world.Made);
    }

    [TestMethod]
    public void After_a_minute_of_connection_a_loss_is_retried_soon()
    {
        var world = new FakeBroker { Connect = UpdateError.BrokerUnreachable };
        world.Run(3_600_000);
        world.Connect = UpdateError.None;
        world.Run(600_000);
        Assert.IsTrue(world.Link.IsConnected);
        world.IsUp = false;
        world.Run(1500);
        world.IsUp = true;
        world.Run(2001);
        Assert.IsTrue(world.Link.IsConnected);
    }

    [TestMethod]
    public void Without_a_network_no_attempt_is_made_and_the_next_one_is_prompt()
    {
        var world = new FakeBroker { IsReady = false };
        world.Run(86_400_000);
        Assert.AreEqual(0, world.Made);
        world.IsReady = true;
        world.Run(1001);
        Assert.IsTrue(world.Link.IsConnected);
    }

    [TestMethod]
    [DataRow(UpdateError.BrokerRefused)]
    [DataRow(UpdateError.BrokerUnreachable)]
    public void A_broker_that_denies_the_login_is_retried(UpdateError reason)
    {
        var world = new FakeBroker { Connect = reason };
        world.Run(30_000);
        Assert.AreEqual(reason, world.Link.LastError);
        Assert.IsGreaterThan(1, world.Made);
        Assert.AreEqual(world.Made, world.Closed, "no client is left behind");
    }

    [TestMethod]
    public void A_denied_subscription_disconnects_and_a_denied_publication_is_dropped()
    {
        var world = new FakeBroker { Subscription = false };
        world.Run(30_000);
        Assert.AreEqual(UpdateError.BrokerDenied, world.Link.LastError);
        Assert.AreEqual(0, world.Link.Connections);
        world = new FakeBroker { Answer = UpdateError.BrokerDenied };
        world.Bench.Control.Report();
        world.Run(30_000);
        Assert.AreEqual(UpdateError.BrokerDenied, world.Link.LastError);
        Assert.AreEqual(1, world.Link.Connections);
        Assert.AreEqual(0, world.Bench.SendQueue.Count);
    }

    [TestMethod]
    public void A_client_that_throws_is_a_lost_connection()
    {
        var world = new FakeBroker { Throws = true };
        world.Run(60_000);
        Assert.AreEqual(UpdateError.BrokerLost, world.Link.LastError);
        world.Throws = false;
        world.Run(300_000);
        Assert.IsTrue(world.Link.IsConnected);
    }

    [TestMethod]
    public void A_report_goes_last_and_is_dropped_after_ending_three_connections()
    {
        var world = new FakeBroker();
        world.Bench.SendQueue.PutReport(new byte[SupportReport.MaxLength], SupportReport.MaxLength);
        world.Bench.Control.Report();
        world.Run(10_000);
        CollectionAssert.AreEqual(
            new[] { world.Bench.Topics.Status, world.Bench.Topics.Report }, world.Published.Select(p => p.Topic).ToArray());
        Assert.IsFalse(world.Published[1].Retain);
        Assert.IsFalse(world.Bench.SendQueue.HasReport);

        world.Poison = world.Bench.Topics.Report;
        for (int i = 0; i < 2; i++)
        {
            int made = world.Made;
            world.Bench.SendQueue.PutReport(new byte[SupportReport.MaxLength], SupportReport.MaxLength);
            world.Run(600_000);
            Assert.AreEqual(3, world.Made - made);
            Assert.IsTrue(world.Link.IsConnected);
            Assert.AreEqual(0, world.Bench.SendQueue.Count);
        }
    }

    [TestMethod]
    public void A_clean_disconnect_sets_the_device_offline_at_once()
    {
        var world = new FakeBroker();
        world.Run(10_000);
        world.Link.Close();
        Assert.AreEqual((world.Bench.Topics.Status, RemoteLink.OfflineStatus, true), world.Published[^1]);
        Assert.AreEqual(1, world.Closed);
    }

    [TestMethod]
    public void A_client_whose_close_throws_is_dropped_and_the_next_one_connects()
    {
        var world = new FakeBroker { Answer = UpdateError.BrokerLost, CloseThrows = true };
        world.Bench.Control.Report();
        world.Run(10_000);
        Assert.IsGreaterThan(1, world.Made);
        world.CloseThrows = false;
        world.Answer = UpdateError.None;
        world.Run(600_000);
        Assert.IsTrue(world.Link.IsConnected);
    }

    [TestMethod]
    public void The_link_s_thread_survives_an_exception_in_its_fault_handler()
    {
        var world = new FakeBroker();
        using var isMade = new ManualResetEventSlim();
        var clock = new Failing();
        world.Bench.Options.MakeBroker = () =>
        {
            isMade.Set();
            return world;
        };
        var link = new RemoteLink(world.Bench.Options, world.Bench.ReceiveQueue, world.Bench.SendQueue, clock, () => true);
        clock.Failures = 3;
        new Thread(link.Run) { IsBackground = true }.Start();
        Assert.IsTrue(isMade.Wait(60_000));
        Assert.IsLessThan(0, clock.Failures);
    }

    // Lacks memory for the first calls.
    private sealed class Failing : IClock
    {
        public int Failures { get; set; }

        public long Milliseconds => Failures-- > 0 ? throw new OutOfMemoryException() : Environment.TickCount64;

        public long UnixSeconds => 0;
    }

    private sealed class FakeBroker : IBroker
    {
        private long connectedAt;

        public FakeBroker(Action<MqttOptions>? configure = null)
        {
            Bench = new MqttBench(configure);
            Bench.Options.MakeBroker = Make;
            Link = new RemoteLink(Bench.Options, Bench.ReceiveQueue, Bench.SendQueue, Bench.Clock, () => IsReady);
        }

        public MqttBench Bench { get; }
        public RemoteLink Link { get; }
        public UpdateError Connect { get; set; }
        public UpdateError Answer { get; set; }
        public string? Poison { get; set; }
        public bool Subscription { get; set; } = true;
        public bool IsReady { get; set; } = true;
        public bool IsUp { get; set; } = true;
        public bool Throws { get; set; }
        public bool CloseThrows { get; set; }
        public long StaysMs { get; set; } = long.MaxValue;
        public int Made { get; private set; }
        public int Closed { get; private set; }
        public List<long> Attempts { get; } = [];
        public List<string> Subscribed { get; } = [];
        public List<(string Topic, string Text, bool Retain)> Published { get; } = [];

        public bool IsConnected => IsUp && Bench.Clock.Milliseconds - connectedAt < StaysMs;

        public void Run(long milliseconds)
        {
            for (long end = Bench.Clock.Milliseconds + milliseconds; Bench.Clock.Milliseconds < end;)
                Bench.Clock.Milliseconds = Math.Min(end, Bench.Clock.Milliseconds + Math.Max(1, Link.Step()));
        }

        UpdateError IBroker.Connect(MqttOptions options, MessageHandler received)
        {
            if (Throws) throw new InvalidOperationException("this client fails in its own way");
            Assert.AreEqual("nanoota-" + Topics.Segment(Bench.Options.DeviceId), options.ClientId);
            Assert.AreEqual(Bench.Topics.Status, options.WillTopic);
            return Connect;
        }

        bool IBroker.Subscribe(string topic)
        {
            Subscribed.Add(topic);
            return Subscription;
        }

        UpdateError IBroker.Publish(string topic, byte[] buffer, int count, bool retain)
        {
            if (topic == Poison) return UpdateError.BrokerLost;
            if (Answer == UpdateError.None) Published.Add((topic, Encoding.ASCII.GetString(buffer, 0, count), retain));
            return Answer;
        }

        void IBroker.Close()
        {
            Closed++;
            if (CloseThrows) throw new OutOfMemoryException();
        }

        private IBroker Make()
        {
            Made++;
            connectedAt = Bench.Clock.Milliseconds;
            Attempts.Add(connectedAt);
            return this;
        }
    }
}
