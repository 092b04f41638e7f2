using System;

namespace NanoOta
{
    /// <summary>The last few messages of one kind, each in an array of its own length, so that an empty place costs nothing. A new message
    /// replaces the oldest. Not thread-safe.</summary>
    internal sealed class MessageRing
    {
        private readonly byte[][] slots;
        private int first, count;

        public MessageRing(int capacity)
        {
            slots = new byte[capacity][];
        }

        /// <summary>Messages that were replaced before they were taken, and those that had no memory.</summary>
        public int Dropped { get; private set; }

        /// <summary>Messages that were taken or replaced; the number of the first one here.</summary>
        public int FirstNumber { get; private set; }

        public int Count => count;

        /// <summary>Adds a copy of a message.</summary>
        /// <returns>The copy, read-only; null without memory for it, which counts as dropped.</returns>
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

        /// <summary>Adds a message that is not changed any more.</summary>
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

        /// <summary>Removes the oldest message, unless it was replaced since Peek gave it under this number.</summary>
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
