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
    /// What waits to be published, between the agent's thread, which never waits for it, and the link's. All of its memory is taken at
    /// once, 6.5 KB, but for a report, which brings its own. What it holds does not survive a reset.
    /// </summary>
    public sealed class Outbox
    {
        /// <summary>Bytes of the longest message of any kind but a report.</summary>
        public const int MaxLength = 512;

        /// <summary>Bytes of an event or an answer at most.</summary>
        public const int MaxEventLength = 256;

        private const int Kinds = 4, Answers = 4, Events = 16;

        private readonly object gate = new object();
        private readonly AutoResetEvent news = new AutoResetEvent(false);
        private readonly MessageRing[] rings = new MessageRing[Kinds];
        private readonly byte[] status = new byte[MaxLength];
        private byte[] report;
        private int statusLength, reportLength, reports;

        /// <summary>An empty outbox.</summary>
        public Outbox()
        {
            rings[(int)MessageKind.Status] = new MessageRing(1, MaxLength);
            rings[(int)MessageKind.Answer] = new MessageRing(Answers, MaxEventLength);
            rings[(int)MessageKind.Event] = new MessageRing(Events, MaxEventLength);
            rings[(int)MessageKind.Progress] = new MessageRing(1, DownloadNews.MaxLength);
        }

        /// <summary>Events and answers that gave way to later ones before they could be published.</summary>
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

        /// <summary>Copies a message in. Returns at once.</summary>
        public void Put(MessageKind kind, byte[] message, int length)
        {
            lock (gate)
            {
                rings[(int)kind].Put(message, length);
                if (kind == MessageKind.Status)
                {
                    Array.Copy(message, 0, status, 0, length);
                    statusLength = length;
                }
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
                if (statusLength > 0 && rings[0].Count == 0) rings[0].Put(status, statusLength);
            }
        }

        /// <summary>Copies out what goes next, which stays; false when nothing waits.</summary>
        internal bool Peek(OutgoingMessage message)
        {
            lock (gate)
            {
                message.Bytes = message.Own;
                for (int kind = 0; kind < Kinds; kind++)
                {
                    message.Length = rings[kind].Peek(message.Bytes);
                    message.Kind = (MessageKind)kind;
                    message.Number = rings[kind].FirstNumber;
                    if (message.Length >= 0) return true;
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
            message.Bytes = message.Own;
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
        /// <summary>Room for every message but a report, which is not copied.</summary>
        public readonly byte[] Own = new byte[Outbox.MaxLength];
        public byte[] Bytes;
        public int Length, Number;
        public MessageKind Kind;
    }
}
