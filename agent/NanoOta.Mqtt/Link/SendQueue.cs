using System;
using System.Threading;

namespace NanoOta
{
    /// <summary>Which topic a message goes to; the lower ones go first.</summary>
    public enum MessageKind
    {
        /// <summary>The status: the latest only.</summary>
        Status = 0,
        /// <summary>Results of commands: the last 4.</summary>
        Answer = 1,
        /// <summary>Events: the last 16.</summary>
        Event = 2,
        /// <summary>Progress of a download: the latest only.</summary>
        Progress = 3,
        /// <summary>A requested report: one, until it is published.</summary>
        Report = 4,
    }

    /// <summary>Messages that wait to be published: the agent's thread adds them and never waits, the link's thread takes them. They take
    /// at most 6.5 KB of memory, and a report its own length. The queue does not survive a reset.</summary>
    public sealed class SendQueue
    {
        /// <summary>Bytes of the longest message of any kind but a report.</summary>
        public const int MaxLength = 512;

        /// <summary>Bytes of an event or an answer at most.</summary>
        public const int MaxEventLength = 256;

        private const int Kinds = 4, Answers = 4, Events = 16;

        private readonly object gate = new object();
        private readonly AutoResetEvent added = new AutoResetEvent(false);
        private readonly MessageRing[] rings = new MessageRing[Kinds];
        private byte[] status, report;
        private int reportLength, reports;

        /// <summary>An empty queue.</summary>
        public SendQueue()
        {
            rings[(int)MessageKind.Status] = new MessageRing(1);
            rings[(int)MessageKind.Answer] = new MessageRing(Answers);
            rings[(int)MessageKind.Event] = new MessageRing(Events);
            rings[(int)MessageKind.Progress] = new MessageRing(1);
        }

        /// <summary>Events and answers that were replaced by later ones before they were published, or had no memory.</summary>
        public int Dropped
        {
            get
            {
                lock (gate) return rings[(int)MessageKind.Answer].Dropped + rings[(int)MessageKind.Event].Dropped;
            }
        }

        /// <summary>Messages in the queue.</summary>
        public int Count
        {
            get
            {
                lock (gate) return rings[0].Count + rings[1].Count + rings[2].Count + rings[3].Count + (report == null ? 0 : 1);
            }
        }

        /// <summary>Whether a report is in the queue or being published.</summary>
        public bool HasReport
        {
            get
            {
                lock (gate) return report != null;
            }
        }

        /// <summary>The last status that was added, read-only; null before that.</summary>
        internal byte[] LastStatus => status;

        /// <summary>Adds a copy of a message. Returns at once.</summary>
        public void Put(MessageKind kind, byte[] message, int length)
        {
            lock (gate)
            {
                byte[] copy = rings[(int)kind].Put(message, length);
                if (kind == MessageKind.Status && copy != null) status = copy;
            }

            added.Set();
        }

        /// <summary>Adds a report, one at a time (<see cref="HasReport"/>). Returns at once.</summary>
        /// <param name="document">Not to be changed from now on; released when it is published or dropped.</param>
        /// <param name="length">Its bytes.</param>
        public void PutReport(byte[] document, int length)
        {
            lock (gate)
            {
                report = document;
                reportLength = length;
                reports++;
            }

            added.Set();
        }

        /// <summary>Adds the last status again: the broker may hold another one, such as the last will.</summary>
        public void RepeatStatus()
        {
            lock (gate)
            {
                if (status != null && rings[0].Count == 0) rings[0].Add(status);
            }
        }

        /// <summary>Gives the next message, which stays in the queue; false when it is empty.</summary>
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

        /// <summary>Removes a published message; a later one of its kind stays.</summary>
        internal void Remove(OutgoingMessage message)
        {
            message.Bytes = null;
            lock (gate)
            {
                if (message.Kind != MessageKind.Report) rings[(int)message.Kind].Remove(message.Number);
                else if (message.Number == reports) report = null;
            }
        }

        /// <summary>Waits until a message is added.</summary>
        internal void Wait(int milliseconds) => added.WaitOne(milliseconds, false);
    }

    /// <summary>A message that is being published.</summary>
    internal sealed class OutgoingMessage
    {
        /// <summary>The queue's own, read-only.</summary>
        public byte[] Bytes;
        public int Length, Number;
        public MessageKind Kind;
    }
}
