using System;

namespace NanoOta
{
    /// <summary>
    /// What a broker has delivered, between a network thread and the agent's. All of its memory is taken at once, 6 KB, and a message is
    /// copied only when topic and size are right: a flood is counted, and costs nothing else. Nothing here survives a reset.
    /// </summary>
    public sealed class Inbox
    {
        private const int Commands = 4;

        private readonly Topics topics;
        private readonly object gate = new object();
        private readonly byte[] announcement = new byte[Manifest.MaxLength];
        private readonly MessageRing commands = new MessageRing(Commands, CommandReader.MaxLength);
        private int announcementLength = -1;
        private bool isNew;
        private int refused, repeated;

        /// <summary>An empty inbox for the offers and commands of a device.</summary>
        public Inbox(Topics topics)
        {
            this.topics = topics;
        }

        /// <summary>Messages that were thrown away for their topic or their size.</summary>
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
                if (topic == topics.Offer && count < Manifest.MaxLength) KeepAnnouncement(payload, count);
                else if (topic == topics.Command && count > 0 && count <= CommandReader.MaxLength) commands.Put(payload, count);
                else refused++;
            }
        }

        /// <summary>Copies the latest announcement out, once.</summary>
        /// <param name="buffer">4096 bytes.</param>
        /// <returns>Its length; 0: what was announced is withdrawn; −1: there is nothing new.</returns>
        internal int TakeAnnouncement(byte[] buffer)
        {
            lock (gate)
            {
                if (!isNew) return -1;
                isNew = false;
                Array.Copy(announcement, 0, buffer, 0, announcementLength);
                return announcementLength;
            }
        }

        /// <summary>Takes the oldest command out.</summary>
        /// <param name="buffer">512 bytes.</param>
        /// <returns>Its length, or −1 when there is none.</returns>
        internal int TakeCommand(byte[] buffer)
        {
            lock (gate)
            {
                int length = commands.Peek(buffer);
                commands.Remove(commands.FirstNumber);
                return length;
            }
        }

        private void KeepAnnouncement(byte[] payload, int count)
        {
            if (count == announcementLength && Bytes.Same(payload, 0, announcement, 0, count))
            {
                repeated++;
                return;
            }

            if (count > 0) Array.Copy(payload, 0, announcement, 0, count);
            announcementLength = count;
            isNew = true;
        }
    }
}
