using System;

namespace NanoOta
{
    /// <summary>
    /// The last few messages of one kind, each in an array of its own length, so that what is not there costs nothing. The oldest gives
    /// way. Not for several threads by itself.
    /// </summary>
    internal sealed class MessageRing
    {
        private readonly byte[][] slots;
        private int first, count;

        public MessageRing(int capacity)
        {
            slots = new byte[capacity][];
        }

        /// <summary>Messages that gave way before anyone took them, and those that memory was lacking for.</summary>
        public int Dropped { get; private set; }

        /// <summary>Messages that were taken or gave way; that of the first one here.</summary>
        public int FirstNumber { get; private set; }

        public int Count => count;

        /// <summary>Copies a message in.</summary>
        /// <returns>The copy, which nobody changes any more; null when there is no memory for it, and it is counted as dropped.</returns>
        public byte[] Put(byte[] message, int length)
        {
            byte[] copy;
            try
            {
                copy = new byte[length];
            }
            catch (OutOfMemoryException)
            {
                Dropped++;
                return null;
            }

            Array.Copy(message, 0, copy, 0, length);
            Add(copy);
            return copy;
        }

        /// <summary>Puts a message in that nobody changes any more.</summary>
        public void Add(byte[] message)
        {
            if (count == slots.Length)
            {
                Dropped++;
                RemoveFirst();
            }

            slots[(first + count) % slots.Length] = message;
            count++;
        }

        /// <summary>The oldest message, which stays; null when there is none.</summary>
        public byte[] Peek() => count == 0 ? null : slots[first];

        /// <summary>Removes the oldest message, unless it gave way since it was peeked at under this number.</summary>
        public void Remove(int number)
        {
            if (count > 0 && number == FirstNumber) RemoveFirst();
        }

        private void RemoveFirst()
        {
            slots[first] = null;
            first = (first + 1) % slots.Length;
            count--;
            FirstNumber++;
        }
    }
}
