using System;

namespace NanoOta
{
    /// <summary>
    /// The last few messages of one kind, in buffers that are made once. The oldest gives way. Not for several threads by itself.
    /// </summary>
    internal sealed class MessageRing
    {
        private readonly byte[][] slots;
        private readonly int[] lengths;
        private int first, count;

        public MessageRing(int capacity, int maxLength)
        {
            slots = new byte[capacity][];
            lengths = new int[capacity];
            for (int i = 0; i < capacity; i++) slots[i] = new byte[maxLength];
        }

        /// <summary>Messages that gave way before anyone took them.</summary>
        public int Dropped { get; private set; }

        /// <summary>Messages that were taken or gave way; that of the first one here.</summary>
        public int FirstNumber { get; private set; }

        public int Count => count;

        /// <summary>Copies a message in, which must not be longer than the ring was made for.</summary>
        public void Put(byte[] message, int length)
        {
            if (count == slots.Length)
            {
                Dropped++;
                RemoveFirst();
            }

            int slot = (first + count) % slots.Length;
            Array.Copy(message, 0, slots[slot], 0, length);
            lengths[slot] = length;
            count++;
        }

        /// <summary>Copies the oldest message out, which stays; −1 when there is none.</summary>
        public int Peek(byte[] buffer)
        {
            if (count == 0) return -1;
            Array.Copy(slots[first], 0, buffer, 0, lengths[first]);
            return lengths[first];
        }

        /// <summary>Removes the oldest message, unless it gave way since it was peeked at under this number.</summary>
        public void Remove(int number)
        {
            if (count > 0 && number == FirstNumber) RemoveFirst();
        }

        private void RemoveFirst()
        {
            first = (first + 1) % slots.Length;
            count--;
            FirstNumber++;
        }
    }
}
