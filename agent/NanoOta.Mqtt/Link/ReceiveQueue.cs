using System;

namespace NanoOta
{
    /// <summary>
    /// Messages from the broker: a network thread adds them, the agent's thread takes them. Only a message of the right topic and size is
    /// copied. A flood is counted and leaves at most one announcement and four commands. The queue does not survive a reset.
    /// </summary>
    public sealed class ReceiveQueue
    {
        private const int Commands = 4;

        private readonly object gate = new object();
        private readonly MessageRing commands = new MessageRing(Commands);
        private byte[] announcement;
        private bool isNew;
        private int refused, repeated;

        /// <summary>An empty queue for the offers and commands of a device.</summary>
        public ReceiveQueue(Topics topics)
        {
            Topics = topics;
        }

        internal Topics Topics { get; }

        /// <summary>Messages that were discarded because of their topic or size, or without memory.</summary>
        public int Refused
        {
            get
            {
                lock (gate) return refused;
            }
        }

        /// <summary>Announcements equal to the one before, as after each connection.</summary>
        public int Repeated
        {
            get
            {
                lock (gate) return repeated;
            }
        }

        /// <summary>Commands that were replaced by later ones before the agent took them.</summary>
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

        /// <summary>Gives the latest announcement once; it is not changed any more.</summary>
        /// <returns>Empty: the announcement is withdrawn; null: there is nothing new.</returns>
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
