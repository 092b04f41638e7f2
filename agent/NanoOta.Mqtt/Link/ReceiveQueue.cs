using System;

namespace NanoOta
{
    /// <summary>
    /// What a broker has delivered, between a network thread and the agent's. A message is copied only when topic and size are right:
    /// a flood is counted, and holds no more than one announcement and four commands. Nothing here survives a reset.
    /// </summary>
    public sealed class ReceiveQueue
    {
        private const int Commands = 4;

        private readonly object gate = new object();
        private readonly MessageRing commands = new MessageRing(Commands);
        private byte[] announcement;
        private bool isNew;
        private int refused, repeated;

        /// <summary>An empty inbox for the offers and commands of a device.</summary>
        public ReceiveQueue(Topics topics)
        {
            Topics = topics;
        }

        internal Topics Topics { get; }

        /// <summary>Messages that were thrown away for their topic or their size, or for want of memory.</summary>
        public int Refused
        {
            get
            {
                lock (gate) return refused;
            }
        }

        /// <summary>Announcements that said what the one before did, as after each connection.</summary>
        public int Repeated
        {
            get
            {
                lock (gate) return repeated;
            }
        }

        /// <summary>Commands that gave way to later ones before the agent looked at them.</summary>
        public int Dropped
        {
            get
            {
                lock (gate) return commands.Dropped;
            }
        }

        /// <summary>Takes a message from the network; a <see cref="MessageHandler"/>. An empty payload may be null.</summary>
        public void Receive(string topic, byte[] payload, int count)
        {
            lock (gate)
            {
                if (topic == Topics.Offer && count < Manifest.MaxLength) KeepAnnouncement(payload, count);
                else if (topic == Topics.Command && count > 0 && count <= CommandReader.MaxLength) commands.Put(payload, count);
                else refused++;
            }
        }

        /// <summary>Gives the latest announcement, once; nobody changes it any more.</summary>
        /// <returns>Of no bytes: what was announced is withdrawn; null: there is nothing new.</returns>
        internal byte[] TakeAnnouncement()
        {
            lock (gate)
            {
                if (!isNew) return null;
                isNew = false;
                return announcement;
            }
        }

        /// <summary>Takes the oldest command out; null when there is none.</summary>
        internal byte[] TakeCommand()
        {
            lock (gate)
            {
                byte[] command = commands.Peek();
                commands.Remove(commands.FirstNumber);
                return command;
            }
        }

        private void KeepAnnouncement(byte[] payload, int count)
        {
            if (announcement != null && count == announcement.Length && Bytes.Same(payload, 0, announcement, 0, count))
            {
                repeated++;
                return;
            }

            byte[] copy;
            try
            {
                copy = new byte[count];
            }
            catch (OutOfMemoryException)
            {
                refused++;
                return;
            }

            if (count > 0) Array.Copy(payload, 0, copy, 0, count);
            announcement = copy;
            isNew = true;
        }
    }
}
