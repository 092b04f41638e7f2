using System;

namespace NanoOta.DeviceTests
{
    /// <summary>
    /// The two sectors of a journal in RAM, and a hash over them. The hash is 32-bit FNV-1a: nothing here is secret, and a board
    /// interprets every instruction.
    /// </summary>
    internal sealed class JournalFlash : IFlash, ICrypto
    {
        private uint hash;

        public JournalFlash()
        {
            Content = new byte[2 * FlashLayout.SectorSize];
            Clear();
        }

        public byte[] Content { get; }

        public int Writes { get; private set; }

        /// <summary>Whether writes fail.</summary>
        public bool IsBroken { get; set; }

        /// <summary>Sector that cannot be read, or −1.</summary>
        public int Unreadable { get; set; } = -1;

        /// <summary>Sector that takes no write, or −1.</summary>
        public int Worn { get; set; } = -1;

        public void Clear()
        {
            for (int i = 0; i < Content.Length; i++) Content[i] = 0xFF;
        }

        public int GetSize(FlashArea area) => Content.Length;

        public bool Read(FlashArea area, int offset, byte[] buffer, int start, int count)
        {
            if (offset / FlashLayout.SectorSize == Unreadable) return false;
            Array.Copy(Content, offset, buffer, start, count);
            return true;
        }

        public bool Erase(FlashArea area, int offset)
        {
            for (int i = 0; i < FlashLayout.SectorSize; i++) Content[offset + i] = 0xFF;
            return true;
        }

        public bool Write(FlashArea area, int offset, byte[] buffer, int start, int count)
        {
            if (IsBroken || offset / FlashLayout.SectorSize == Worn) return false;
            Writes++;
            Array.Copy(buffer, start, Content, offset, count);
            return true;
        }

        public void HashStart()
        {
            hash = 0x811C9DC5u;
        }

        public void HashBytes(byte[] buffer, int start, int count)
        {
            uint state = hash;
            for (int i = start; i < start + count; i++) state = (state ^ buffer[i]) * 0x01000193u;
            hash = state;
        }

        public bool HashFlash(FlashArea area, int offset, int count)
        {
            HashBytes(Content, offset, count);
            return offset / FlashLayout.SectorSize != Unreadable;
        }

        public bool HashFinish(byte[] digest)
        {
            Array.Clear(digest, 0, 32);
            Bytes.PutU32(digest, 0, hash);
            return true;
        }

        public bool VerifyEcdsaP256(byte[] publicKey, byte[] hash, byte[] signature) => throw new NotSupportedException();
    }
}
