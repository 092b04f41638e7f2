using System.Text;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Mqtt;

/// <summary>The queues between the threads are bounded for any input.</summary>
[TestClass]
public sealed class QueueTests
{
    // An array of four bytes on 64 bits: two words, the length, the bytes.
    private const long FourBytes = 32;

    private static readonly Topics Topics = new("lamp", "board-a", "d");

    [TestMethod]
    public void The_latest_announcement_is_delivered_once_and_again_only_when_it_changes()
    {
        var bench = new MqttBench();
        Assert.IsNull(bench.Control.TakeAnnouncement());
        Announce(bench, [1, 2, 3]);
        Announce(bench, [4, 5]);
        CollectionAssert.AreEqual(new byte[] { 4, 5 }, bench.Control.TakeAnnouncement());
        bench.Clock.Milliseconds += 60_000;
        Announce(bench, [4, 5]);
        Assert.IsNull(bench.Control.TakeAnnouncement());
        Assert.AreEqual(1, bench.ReceiveQueue.Repeated);
        Announce(bench, []);
        Assert.IsEmpty(bench.Control.TakeAnnouncement(), "withdrawn");
    }

    [TestMethod]
    public void Announcements_are_checked_once_in_ten_seconds()
    {
        var bench = new MqttBench();
        int taken = 0;
        for (int i = 0; i < 600; i++)
        {
            Announce(bench, BitConverter.GetBytes(i));
            if (bench.Control.TakeAnnouncement() != null) taken++;
            bench.Clock.Milliseconds += 100;
        }

        Assert.AreEqual(6, taken);
    }

    [TestMethod]
    public void An_oversized_message_or_one_for_another_topic_is_counted_and_dropped()
    {
        var receiveQueue = new ReceiveQueue(Topics);
        var large = new byte[1_000_000];
        receiveQueue.Receive(Topics.Offer, large, 4096);
        receiveQueue.Receive(Topics.Offer, large, large.Length);
        receiveQueue.Receive(Topics.Command, large, 513);
        receiveQueue.Receive(Topics.Command, large, 0);
        receiveQueue.Receive(Topics.Status, large, 1);
        receiveQueue.Receive("", large, 1);
        Assert.AreEqual(6, receiveQueue.Refused);
        Assert.IsNull(receiveQueue.TakeAnnouncement());
        Assert.IsNull(receiveQueue.TakeCommand());
        receiveQueue.Receive(Topics.Offer, large, 4095);
        receiveQueue.Receive(Topics.Command, large, 512);
        Assert.HasCount(4095, receiveQueue.TakeAnnouncement());
        Assert.HasCount(512, receiveQueue.TakeCommand());
    }

    [TestMethod]
    public void A_message_without_memory_is_counted_and_ends_no_thread()
    {
        var ring = new MessageRing(2);
        Assert.IsNull(ring.Put([1], int.MaxValue));
        Assert.AreEqual((1, 0), (ring.Dropped, ring.Count));
        CollectionAssert.AreEqual(new byte[] { 1 }, ring.Put([1], 1));
    }

    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(1, 1)]
    [DataRow(4095, 4095)]
    [DataRow(4096, -1)]
    [DataRow(5120, -1)]
    [DataRow(65536, -1)]
    public void An_announcement_of_any_size_is_delivered_whole_or_counted(int length, int expected)
    {
        var receiveQueue = new ReceiveQueue(Topics);
        receiveQueue.Receive(Topics.Offer, new byte[length], length);
        Assert.AreEqual(expected, receiveQueue.TakeAnnouncement()?.Length ?? -1);
        Assert.AreEqual(expected < 0 ? 1 : 0, receiveQueue.Refused);
    }

    [TestMethod]
    public void An_empty_or_null_payload_withdraws_the_announcement()
    {
        var receiveQueue = new ReceiveQueue(Topics);
        receiveQueue.Receive(Topics.Offer, null!, 0);
        receiveQueue.Receive(Topics.Command, null!, 0);
        Assert.IsEmpty(receiveQueue.TakeAnnouncement());
        Assert.AreEqual(1, receiveQueue.Refused);
    }

    [TestMethod]
    public void Of_ten_thousand_messages_only_the_last_four_commands_are_copied_and_kept()
    {
        var receiveQueue = new ReceiveQueue(Topics);
        var small = new byte[400];
        var large = new byte[100_000];
        receiveQueue.Receive(Topics.Command, small, 4);
        receiveQueue.Receive(Topics.Offer, large, 400);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            Bytes.PutU32(small, 0, (uint)i);
            receiveQueue.Receive(Topics.Command, small, 4);
            receiveQueue.Receive(Topics.Offer, large, 400);
            receiveQueue.Receive(Topics.Offer, large, large.Length);
        }

        Assert.AreEqual(10_000 * FourBytes, GC.GetAllocatedBytesForCurrentThread() - before, "a copy of each command, and no more");
        Assert.AreEqual(10_000, receiveQueue.Refused);
        Assert.AreEqual(10_000, receiveQueue.Repeated);
        Assert.AreEqual(9_997, receiveQueue.Dropped);
        for (uint i = 9_996; i < 10_000; i++) Assert.AreEqual(i, Bytes.GetU32(receiveQueue.TakeCommand(), 0));
        Assert.IsNull(receiveQueue.TakeCommand());
    }

    [TestMethod]
    public void Publishing_allocates_the_queued_messages_and_nothing_else()
    {
        var bench = new MqttBench();
        var e = new UpdateEvent { Kind = UpdateEventKind.Staging, Version = "1.1.0", Detail = "", ImageSize = 100_000 };
        // The runtime itself allocates once in a while, as when it compiles a method again; more than the messages would show each time.
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++) Publish(bench, e);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.IsLessThan(1000 * (DownloadTelemetry.MaxLength + SendQueue.MaxEventLength + SendQueue.MaxLength), least);
        Assert.IsLessThan(20_000, DeviceHeap.BytesOf(bench.SendQueue), "what waits is bounded");
    }

    [TestMethod]
    public void A_message_replaced_during_its_transmission_is_sent_as_well()
    {
        var sendQueue = new SendQueue();
        var message = new OutgoingMessage();
        sendQueue.Put(MessageKind.Status, [1], 1);
        Assert.IsTrue(sendQueue.Peek(message));
        sendQueue.Put(MessageKind.Status, [2], 1);
        sendQueue.Remove(message);
        Assert.IsTrue(sendQueue.Peek(message));
        Assert.AreEqual(2, message.Bytes[0]);
        sendQueue.Remove(message);
        Assert.IsFalse(sendQueue.Peek(message));
        sendQueue.RepeatStatus();
        Assert.IsTrue(sendQueue.Peek(message));
        Assert.AreEqual(2, message.Bytes[0]);
    }

    [TestMethod]
    public void Status_goes_first_then_answers_events_progress_and_a_report()
    {
        var sendQueue = new SendQueue();
        sendQueue.PutReport([1, 2, 3], 3);
        foreach (var kind in Enum.GetValues<MessageKind>().Where(kind => kind != MessageKind.Report).Reverse())
            sendQueue.Put(kind, Encoding.ASCII.GetBytes(kind.ToString()), 3);
        var message = new OutgoingMessage();
        foreach (var kind in Enum.GetValues<MessageKind>())
        {
            Assert.IsTrue(sendQueue.Peek(message));
            Assert.AreEqual(kind, message.Kind);
            sendQueue.Remove(message);
        }
    }

    [TestMethod]
    public void A_report_is_not_copied_and_is_released_once_it_is_sent()
    {
        var sendQueue = new SendQueue();
        var message = new OutgoingMessage();
        var document = new byte[SupportReport.MaxLength];
        sendQueue.PutReport(document, 8000);
        Assert.IsTrue(sendQueue.Peek(message));
        Assert.AreSame(document, message.Bytes);
        Assert.AreEqual((8000, 1, true), (message.Length, sendQueue.Count, sendQueue.HasReport));
        sendQueue.Remove(message);
        Assert.AreNotSame(document, message.Bytes);
        Assert.AreEqual((0, false), (sendQueue.Count, sendQueue.HasReport));
    }

    [TestMethod]
    public async Task Two_threads_lose_only_messages_that_the_queue_counts_as_dropped()
    {
        var sendQueue = new SendQueue();
        const int count = 200_000;
        var writer = Task.Run(() =>
        {
            var bytes = new byte[4];
            for (int i = 0; i < count; i++)
            {
                Bytes.PutU32(bytes, 0, (uint)i);
                sendQueue.Put(MessageKind.Event, bytes, 4);
            }
        });
        var message = new OutgoingMessage();
        int taken = 0;
        long last = -1;
        while (!writer.IsCompleted || sendQueue.Count > 0)
        {
            if (!sendQueue.Peek(message)) continue;
            long number = Bytes.GetU32(message.Bytes, 0);
            Assert.IsGreaterThan(last, number);
            last = number;
            sendQueue.Remove(message);
            taken++;
        }

        await writer;
        // What was peeked at and replaced in the same moment is counted as dropped, and was taken.
        Assert.IsGreaterThanOrEqualTo(count, taken + sendQueue.Dropped);
        Assert.AreEqual(count - 1, last);
    }

    private static void Announce(MqttBench bench, byte[] payload) => bench.ReceiveQueue.Receive(bench.Topics.Offer, payload, payload.Length);

    private static void Publish(MqttBench bench, UpdateEvent e)
    {
        e.BytesStaged = (e.BytesStaged + 4096) % e.ImageSize;
        e.Kind = e.Kind == UpdateEventKind.Staging ? UpdateEventKind.Progress : UpdateEventKind.Staging;
        bench.Control.On(e);
        bench.Control.Status.Phase = bench.Control.Status.Phase == Phase.Idle ? Phase.Stage : Phase.Idle;
        bench.Control.Report();
        bench.Clock.Milliseconds += 1500;
    }
}
