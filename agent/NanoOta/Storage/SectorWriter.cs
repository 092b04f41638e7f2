namespace NanoOta
{
    /// <summary>Brings one sector to a wanted content: never erases what is blank already, never writes what is there already, and believes
    /// only what it reads back. What cannot be read or hashed is left as it is.</summary>
    internal sealed class SectorWriter
    {
        /// <summary>What <see cref="Compare"/> answers when the content is another one.</summary>
        public const UpdateError Differs = UpdateError.BlockCorrupt;

        private const int Tries = 2;

        private readonly UpdatePorts ports;
        private readonly byte[] wanted = new byte[32];
        private readonly byte[] actual = new byte[32];
        private readonly byte[] blankDigest = new byte[32];
        private bool isBlankKnown;

        /// <param name="ports">Flash and crypto are used; erases of the inactive slot are counted.</param>
        public SectorWriter(UpdatePorts ports)
        {
            this.ports = ports;
        }

        /// <summary>Makes the sector at an offset hold the first <paramref name="count"/> bytes of a buffer and 0xFF behind them.</summary>
        /// <param name="area">Where.</param>
        /// <param name="offset">A multiple of 4096.</param>
        /// <param name="sector">4096 bytes; those behind count are set to 0xFF.</param>
        /// <param name="count">1 to 4096.</param>
        public UpdateError Put(FlashArea area, int offset, byte[] sector, int count)
        {
            for (int i = count; i < FlashLayout.SectorSize; i++) sector[i] = 0xFF;
            ports.Crypto.HashStart();
            ports.Crypto.HashBytes(sector, 0, FlashLayout.SectorSize);
            if (!ports.Crypto.HashFinish(wanted)) return UpdateError.HashFailed;
            UpdateError state = Compare(area, offset, FlashLayout.SectorSize, wanted);
            for (int i = 0; i < Tries && state == Differs; i++)
            {
                state = Blank(area, offset);
                if (state != UpdateError.None) return state;
                state = ports.Flash.Write(area, offset, sector, 0, FlashLayout.SectorSize)
                    ? Compare(area, offset, FlashLayout.SectorSize, wanted) : Differs;
            }

            return state == Differs ? UpdateError.FlashWriteFailed : state;
        }

        /// <summary>Makes a sector blank, if it is not.</summary>
        public UpdateError Blank(FlashArea area, int offset)
        {
            UpdateError state = CompareBlank(area, offset);
            if (state != Differs) return state;
            if (ports.Flash.Erase(area, offset))
            {
                if (area == FlashArea.InactiveSlot) ports.SlotErases++;
                state = CompareBlank(area, offset);
            }

            return state == Differs ? UpdateError.FlashEraseFailed : state;
        }

        /// <summary>None when a sector is blank; else as <see cref="Compare"/>.</summary>
        public UpdateError CompareBlank(FlashArea area, int offset)
        {
            if (!isBlankKnown) isBlankKnown = HashBlank();
            return isBlankKnown ? Compare(area, offset, FlashLayout.SectorSize, blankDigest) : UpdateError.HashFailed;
        }

        /// <summary>None when a range of flash, at most 65536 bytes, has a SHA-256; <see cref="Differs"/> when it has another; else why
        /// that is not known.</summary>
        public UpdateError Compare(FlashArea area, int offset, int count, byte[] digest)
        {
            ports.Crypto.HashStart();
            if (!ports.Crypto.HashFlash(area, offset, count)) return WhyNotHashed(area, offset);
            return FinishHash(digest);
        }

        /// <summary>Ends a computation: None when the SHA-256 is <paramref name="digest"/>, <see cref="Differs"/> when it is another, else
        /// HashFailed.</summary>
        public UpdateError FinishHash(byte[] digest)
        {
            if (!ports.Crypto.HashFinish(actual)) return UpdateError.HashFailed;
            return Bytes.Same(actual, 0, digest, 0, 32) ? UpdateError.None : Differs;
        }

        /// <summary>Whether flash or SHA-256 failed when a range could not be hashed.</summary>
        public UpdateError WhyNotHashed(FlashArea area, int offset)
        {
            return ports.Flash.Read(area, offset, actual, 0, 32) ? UpdateError.HashFailed : UpdateError.FlashReadFailed;
        }

        private bool HashBlank()
        {
            for (int i = 0; i < 32; i++) actual[i] = 0xFF;
            ports.Crypto.HashStart();
            for (int i = 0; i < FlashLayout.SectorSize; i += 32) ports.Crypto.HashBytes(actual, 0, 32);
            return ports.Crypto.HashFinish(blankDigest);
        }
    }
}
