using System;
using System.Text;
using System.Threading;

namespace NanoOta
{
    /// <summary>
    /// Keeps a connection to the broker, on a thread of its own: publishes the messages of the send queue, and adds received ones to the
    /// receive queue. The agent's thread never waits for it. While the broker is away, the oldest messages of the send queue are dropped.
    /// </summary>
    public sealed class RemoteLink
    {
        /// <summary>The retained status of a device without a connection.</summary>
        public const string OfflineStatus = "{\"on\":0}";

        private const int MaxBackoffMs = 300000, OfflineWaitMs = 1000, IdleMs = 1000, FaultWaitMs = 1000;

        // Times that the connection may end while a report is published.
        private const int ReportTries = 3;

        // A connection that ends sooner counts as failed: two clients of one id would otherwise disconnect each other without a pause.
        private const int SteadyMs = 60000;

        private readonly MqttOptions options;
        private readonly Topics topics;
        private readonly ReceiveQueue receiveQueue;
        private readonly SendQueue sendQueue;
        private readonly IClock clock;
        private readonly NetworkProbe isReady;
        private readonly Jitter jitter;
        private readonly OutgoingMessage message = new OutgoingMessage();
        private IBroker broker;
        private long openedAt, nextAttempt;
        private int failures, triedReport, tries;

        /// <summary>A link that is not connected yet.</summary>
        /// <param name="options">Kept; the link sets client id and topic of the last will. Clients are made on the link's thread.</param>
        /// <param name="receiveQueue">Receives the messages.</param>
        /// <param name="sendQueue">Its messages are published.</param>
        /// <param name="clock">Measures the waits.</param>
        /// <param name="isReady">While it answers false, there is no attempt, and none counts as failed.</param>
        /// <exception cref="ArgumentException">The platform has no client of its own, and the options give none.</exception>
        public RemoteLink(MqttOptions options, ReceiveQueue receiveQueue, SendQueue sendQueue, IClock clock, NetworkProbe isReady)
        {
            if (options.MakeBroker == null) throw new ArgumentException("there is no client for a broker: set MqttOptions.MakeBroker");
            this.options = options;
            this.receiveQueue = receiveQueue;
            this.sendQueue = sendQueue;
            this.clock = clock;
            this.isReady = isReady;
            topics = receiveQueue.Topics;
            options.ClientId = "nanoota-" + Topics.Segment(options.DeviceId);
            options.WillTopic = topics.Status;
            jitter = new Jitter(options.DeviceId, clock.Milliseconds);
            nextAttempt = clock.Milliseconds + jitter.Next(options.ConnectSpreadMs + 1);
        }

        /// <summary>Whether there is a connection now over which offers and commands come.</summary>
        public bool IsConnected { get; private set; }

        /// <summary>Connections since the start.</summary>
        public int Connections { get; private set; }

        /// <summary>Why the last connection failed or ended; None before that.</summary>
        public UpdateError LastError { get; private set; }

        /// <summary>Works for ever; give it a thread.</summary>
        public void Run()
        {
            while (true)
            {
                int wait = FaultWaitMs;
                try
                {
                    wait = Step();
                    if (IsConnected)
                    {
                        sendQueue.Wait(wait);
                        continue;
                    }
                }
                catch (Exception)
                {
                    // Without memory even the handling of an exception may throw, and the link must connect again.
                }

                // Not in the try: finalizers, which release memory, run only while all threads sleep.
                Thread.Sleep(wait);
            }
        }

        /// <summary>Connects, or publishes the next message. Never throws; may take a minute.</summary>
        /// <returns>Milliseconds until the next step; a connected link may step sooner when there is something to publish.</returns>
        public int Step()
        {
            try
            {
                if (broker != null) return broker.IsConnected ? Publish() : Lose(UpdateError.BrokerLost);
                long wait = nextAttempt - clock.Milliseconds;
                if (wait > 0) return (int)wait;
                return isReady() ? Open() : OfflineWaitMs;
            }
            catch (Exception)
            {
                return Lose(UpdateError.BrokerLost);
            }
        }

        /// <summary>Publishes the offline status and ends the connection. For the thread that steps.</summary>
        public void Close()
        {
            try
            {
                if (broker == null) return;
                byte[] status = Encoding.UTF8.GetBytes(OfflineStatus);
                broker.Publish(topics.Status, status, status.Length, true);
            }
            catch (Exception)
            {
            }

            Lose(UpdateError.None);
        }

        private int Open()
        {
            broker = options.MakeBroker();
            openedAt = clock.Milliseconds;
            UpdateError error = broker.Connect(options, receiveQueue.Receive);
            if (error != UpdateError.None) return Lose(error);
            openedAt = clock.Milliseconds;
            if (!broker.Subscribe(topics.Offer) || !broker.Subscribe(topics.Command)) return Lose(UpdateError.BrokerDenied);
            Connections++;
            IsConnected = true;
            sendQueue.RepeatStatus();
            return 0;
        }

        // A message that the broker denies is dropped: it would be denied again.
        private int Publish()
        {
            if (clock.Milliseconds - openedAt >= SteadyMs) failures = 0;
            if (!sendQueue.Peek(message)) return IdleMs;
            if (MustDrop())
            {
                sendQueue.Remove(message);
                return 0;
            }

            UpdateError error = broker.Publish(TopicOf(message.Kind), message.Bytes, message.Length, message.Kind == MessageKind.Status);
            if (error != UpdateError.None) LastError = error;
            if (error != UpdateError.None && error != UpdateError.BrokerDenied) return Lose(error);
            sendQueue.Remove(message);
            return 0;
        }

        // For a message that is too large a broker ends the connection; a client without memory throws. Both would repeat forever.
        private bool MustDrop()
        {
            if (message.Kind != MessageKind.Report) return false;
            if (message.Number != triedReport) tries = 0;
            triedReport = message.Number;
            return tries++ >= ReportTries;
        }

        private int Lose(UpdateError error)
        {
            IsConnected = false;
            IBroker lost = broker;
            broker = null;
            LastError = error;
            int wait = jitter.Next(Backoff.Delay(options.ConnectSpreadMs, failures++, MaxBackoffMs) + 1);
            nextAttempt = clock.Milliseconds + wait;
            if (lost != null) lost.Close();
            return wait;
        }

        private string TopicOf(MessageKind kind)
        {
            switch (kind)
            {
                case MessageKind.Status: return topics.Status;
                case MessageKind.Answer: return topics.Answer;
                case MessageKind.Event: return topics.Event;
                case MessageKind.Progress: return topics.Progress;
                default: return topics.Report;
            }
        }
    }
}
