using System;
using System.Threading;

namespace NanoOta
{
    /// <summary>Which topic a message goes to; the lower ones go first.</summary>
    public enum MessageKind
    {
        /// <summary>Where the device stands: the latest only.</summary>
        Status = 0,
        /// <summary>What became of a command: the last 4.</summary>
        Answer = 1,
        /// <summary>What has happened: the last 16.</summary>
        Event = 2,
        /// <summary>A download in work: the latest only.</summary>
        Progress = 3,
        /// <summary>A report that was asked for: one, until it is published.</summary>
        Report = 4,
    }

    /// <summary>
    /// What waits to be published, between the agent's thread, which never waits for it, and the link's. What waits takes memory as long
    /// as it does, 6.5 KB at most, and a report, which brings its own. What it holds does not survive a reset.
    /// </summary>
    public sealed class SendQueue
    {
        /// <summary>Bytes of the longest message of any kind but a report.</summary>
        public const int MaxLength = 512;

        /// <summary>Bytes of an event or an answer at most.</summary>
        public const int MaxEventLength = 256;

        private const int Kinds = 4, Answers = 4, Events = 16;

        private readonly object gate = new object();
        private readonly AutoResetEvent news = new AutoResetEvent(false);
        private readonly MessageRing[] rings = new MessageRing[Kinds];
        private byte[] status, report;
        private int reportLength, reports;

        /// <summary>An empty outbox.</summary>
        public SendQueue()
        {
            rings[(int)MessageKind.Status] = new MessageRing(1);
            rings[(int)MessageKind.Answer] = new MessageRing(Answers);
            rings[(int)MessageKind.Event] = new MessageRing(Events);
            rings[(int)MessageKind.Progress] = new MessageRing(1);
        }

        /// <summary>Events and answers that gave way to later ones before they could be published, or that memory was lacking for.</summary>
        public int Dropped
        {
            get
            {
                lock (gate) return rings[(int)MessageKind.Answer].Dropped + rings[(int)MessageKind.Event].Dropped;
            }
        }

        /// <summary>Messages that wait.</summary>
        public int Count
        {
            get
            {
                lock (gate) return rings[0].Count + rings[1].Count + rings[2].Count + rings[3].Count + (report == null ? 0 : 1);
            }
        }

        /// <summary>Whether a report waits, or is on its way.</summary>
        public bool HasReport
        {
            get
            {
                lock (gate) return report != null;
            }
        }

        /// <summary>The last status that was put in, to be read only; null before that.</summary>
        internal byte[] LastStatus => status;

        /// <summary>Copies a message in. Returns at once.</summary>
        public void Put(MessageKind kind, byte[] message, int length)
        {
            lock (gate)
            {
                byte[] copy = rings[(int)kind].Put(message, length);
                if (kind == MessageKind.Status && copy != null) status = copy;
            }

            news.Set();
        }

        /// <summary>Takes a report over: one at a time (<see cref="HasReport"/>). Returns at once.</summary>
        /// <param name="document">Not to be changed from now on; let go of when it is published or given up.</param>
        /// <param name="length">Its bytes.</param>
        public void PutReport(byte[] document, int length)
        {
            lock (gate)
            {
                report = document;
                reportLength = length;
                reports++;
            }

            news.Set();
        }

        /// <summary>Puts the last status in again: the broker may hold another one, such as the last will.</summary>
        public void RepeatStatus()
        {
            lock (gate)
            {
                if (status != null && rings[0].Count == 0) rings[0].Add(status);
            }
        }

        /// <summary>Gives what goes next, which stays; false when nothing waits.</summary>
        internal bool Peek(OutgoingMessage message)
        {
            lock (gate)
            {
                for (int kind = 0; kind < Kinds; kind++)
                {
                    message.Bytes = rings[kind].Peek();
                    if (message.Bytes == null) continue;
                    message.Length = message.Bytes.Length;
                    message.Kind = (MessageKind)kind;
                    message.Number = rings[kind].FirstNumber;
                    return true;
                }

                if (report == null) return false;
                message.Bytes = report;
                message.Length = reportLength;
                message.Kind = MessageKind.Report;
                message.Number = reports;
                return true;
            }
        }

        /// <summary>Removes what was published; a later message of its kind stays.</summary>
        internal void Remove(OutgoingMessage message)
        {
            message.Bytes = null;
            lock (gate)
            {
                if (message.Kind != MessageKind.Report) rings[(int)message.Kind].Remove(message.Number);
                else if (message.Number == reports) report = null;
            }
        }

        /// <summary>Waits for a message to be put in.</summary>
        internal void Wait(int milliseconds) => news.WaitOne(milliseconds, false);
    }

    /// <summary>A message on its way out.</summary>
    internal sealed class OutgoingMessage
    {
        /// <summary>The outbox's own, to be read only.</summary>
        public byte[] Bytes;
        public int Length, Number;
        public MessageKind Kind;
    }
}
