using System.Text;

namespace NanoOta.Tests.Mqtt;

/// <summary>The link over a broker that the test controls, under virtual time.</summary>
[TestClass]
public sealed class LinkTests
{
    [TestMethod]
    public void Queued_messages_are_published_in_order_and_the_status_is_retained()
    {
        var broker = new FakeBroker();
        broker.Bench.Control.On(new UpdateEvent { Kind = UpdateEventKind.Trial, Version = "1", Detail = "" });
        broker.Bench.Control.Report();
        broker.Run(10_000);
        Assert.AreEqual(1, broker.Link.Connections);
        CollectionAssert.AreEqual(new[] { broker.Bench.Topics.Offer, broker.Bench.Topics.Command }, broker.Subscribed);
        CollectionAssert.AreEqual(
            new[] { broker.Bench.Topics.Status, broker.Bench.Topics.Event }, broker.Published.Select(p => p.Topic).ToArray());
        Assert.IsTrue(broker.Published[0].Retain);
        Assert.IsFalse(broker.Published[1].Retain);
        Assert.AreEqual(0, broker.Bench.SendQueue.Count);
    }

    [TestMethod]
    public void Unpublished_messages_follow_on_the_next_connection_after_the_status()
    {
        var broker = new FakeBroker();
        broker.Bench.Control.Report();
        broker.Run(10_000);
        broker.Answer = UpdateError.BrokerLost;
        broker.Bench.Control.On(new UpdateEvent { Kind = UpdateEventKind.Trial, Version = "1", Detail = "" });
        broker.Run(1000);
        Assert.IsFalse(broker.Link.IsConnected);
        broker.Answer = UpdateError.None;
        broker.Published.Clear();
        broker.Run(60_000);
        CollectionAssert.AreEqual(
            new[] { broker.Bench.Topics.Status, broker.Bench.Topics.Event }, broker.Published.Select(p => p.Topic).ToArray());
        Assert.IsGreaterThan(1, broker.Link.Connections);
        Assert.AreEqual(broker.Link.Connections, broker.Made, "each connection has a client of its own");
    }

    [TestMethod]
    public void Reconnect_attempts_back_off_up_to_five_minutes_with_full_jitter()
    {
        var waits = new List<double>();
        foreach (int device in Enumerable.Range(0, 50))
        {
            var broker = new FakeBroker(o => o.DeviceId = $"device {device}") { Connect = UpdateError.BrokerUnreachable };
            broker.Run(86_400_000);
            Assert.IsInRange(400, 900, broker.Made, "a day of two and a half minutes on average");
            Assert.AreEqual(UpdateError.BrokerUnreachable, broker.Link.LastError);
            waits.AddRange(broker.Attempts.Zip(broker.Attempts.Skip(1), (a, b) => (b - a) / 1000.0).Skip(10));
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
            var broker = new FakeBroker(o => (o.DeviceId, o.ConnectSpreadMs) = ($"24:6F:28:00:00:{i:X2}", 10_000));
            broker.Run(11_000);
            return broker.Attempts[0] - 1_000_000;
        }).ToList();
        foreach (var second in Enumerable.Range(0, 10)) Assert.IsInRange(5, 40, firsts.Count(f => f / 1000 == second), $"second {second}");
    }

    [TestMethod]
    public void Two_clients_with_one_id_disconnect_each_other_less_and_less_often()
    {
        var broker = new FakeBroker();
        broker.StaysMs = 100;
        broker.Run(3_600_000);
        Assert.IsInRange(10, 60, broker.Made);
    }

    [TestMethod]
    public void After_a_minute_of_connection_a_loss_is_retried_soon()
    {
        var broker = new FakeBroker { Connect = UpdateError.BrokerUnreachable };
        broker.Run(3_600_000);
        broker.Connect = UpdateError.None;
        broker.Run(600_000);
        Assert.IsTrue(broker.Link.IsConnected);
        broker.IsUp = false;
        broker.Run(1500);
        broker.IsUp = true;
        broker.Run(2001);
        Assert.IsTrue(broker.Link.IsConnected);
    }

    [TestMethod]
    public void Without_a_network_no_attempt_is_made_and_the_next_one_is_prompt()
    {
        var broker = new FakeBroker { IsReady = false };
        broker.Run(86_400_000);
        Assert.AreEqual(0, broker.Made);
        broker.IsReady = true;
        broker.Run(1001);
        Assert.IsTrue(broker.Link.IsConnected);
    }

    [TestMethod]
    [DataRow(UpdateError.BrokerRefused)]
    [DataRow(UpdateError.BrokerUnreachable)]
    public void A_broker_that_denies_the_login_is_retried(UpdateError reason)
    {
        var broker = new FakeBroker { Connect = reason };
        broker.Run(30_000);
        Assert.AreEqual(reason, broker.Link.LastError);
        Assert.IsGreaterThan(1, broker.Made);
        Assert.AreEqual(broker.Made, broker.Closed, "no client is left behind");
    }

    [TestMethod]
    public void A_denied_subscription_disconnects_and_a_denied_publication_is_dropped()
    {
        var broker = new FakeBroker { Subscription = false };
        broker.Run(30_000);
        Assert.AreEqual(UpdateError.BrokerDenied, broker.Link.LastError);
        Assert.AreEqual(0, broker.Link.Connections);
        broker = new FakeBroker { Answer = UpdateError.BrokerDenied };
        broker.Bench.Control.Report();
        broker.Run(30_000);
        Assert.AreEqual(UpdateError.BrokerDenied, broker.Link.LastError);
        Assert.AreEqual(1, broker.Link.Connections);
        Assert.AreEqual(0, broker.Bench.SendQueue.Count);
    }

    [TestMethod]
    public void A_client_that_throws_is_a_lost_connection()
    {
        var broker = new FakeBroker { Throws = true };
        broker.Run(60_000);
        Assert.AreEqual(UpdateError.BrokerLost, broker.Link.LastError);
        broker.Throws = false;
        broker.Run(300_000);
        Assert.IsTrue(broker.Link.IsConnected);
    }

    [TestMethod]
    public void A_report_goes_last_and_is_dropped_after_ending_three_connections()
    {
        var broker = new FakeBroker();
        broker.Bench.SendQueue.PutReport(new byte[SupportReport.MaxLength], SupportReport.MaxLength);
        broker.Bench.Control.Report();
        broker.Run(10_000);
        CollectionAssert.AreEqual(
            new[] { broker.Bench.Topics.Status, broker.Bench.Topics.Report }, broker.Published.Select(p => p.Topic).ToArray());
        Assert.IsFalse(broker.Published[1].Retain);
        Assert.IsFalse(broker.Bench.SendQueue.HasReport);

        broker.Poison = broker.Bench.Topics.Report;
        for (int i = 0; i < 2; i++)
        {
            int made = broker.Made;
            broker.Bench.SendQueue.PutReport(new byte[SupportReport.MaxLength], SupportReport.MaxLength);
            broker.Run(600_000);
            Assert.AreEqual(3, broker.Made - made);
            Assert.IsTrue(broker.Link.IsConnected);
            Assert.AreEqual(0, broker.Bench.SendQueue.Count);
        }
    }

    [TestMethod]
    public void A_clean_disconnect_sets_the_device_offline_at_once()
    {
        var broker = new FakeBroker();
        broker.Run(10_000);
        broker.Link.Close();
        Assert.AreEqual((broker.Bench.Topics.Status, RemoteLink.OfflineStatus, true), broker.Published[^1]);
        Assert.AreEqual(1, broker.Closed);
    }

    [TestMethod]
    public void A_client_whose_close_throws_is_dropped_and_the_next_one_connects()
    {
        var broker = new FakeBroker { Answer = UpdateError.BrokerLost, CloseThrows = true };
        broker.Bench.Control.Report();
        broker.Run(10_000);
        Assert.IsGreaterThan(1, broker.Made);
        broker.CloseThrows = false;
        broker.Answer = UpdateError.None;
        broker.Run(600_000);
        Assert.IsTrue(broker.Link.IsConnected);
    }

    [TestMethod]
    public void The_link_s_thread_survives_an_exception_in_its_fault_handler()
    {
        var broker = new FakeBroker();
        using var isMade = new ManualResetEventSlim();
        var clock = new Failing();
        broker.Bench.Options.MakeBroker = () =>
        {
            isMade.Set();
            return broker;
        };
        var link = new RemoteLink(broker.Bench.Options, broker.Bench.ReceiveQueue, broker.Bench.SendQueue, clock, () => true);
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
