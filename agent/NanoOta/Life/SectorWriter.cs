namespace NanoOta
{
    /// <summary>
    /// Brings one sector to a wanted content: never erases what is blank already, never writes what is there already, and
    /// believes only what it reads back.
    /// </summary>
    internal sealed class SectorWriter
    {
        private const int Tries = 2;

        private readonly IFlash flash;
        private readonly ICrypto crypto;
        private readonly byte[] blankDigest = new byte[32];
        private readonly byte[] wanted = new byte[32];
        private readonly byte[] actual = new byte[32];

        /// <param name="ports">Flash and crypto are used.</param>
        /// <param name="scratch">One sector; its content is lost.</param>
        public SectorWriter(UpdatePorts ports, byte[] scratch)
        {
            flash = ports.Flash;
            crypto = ports.Crypto;
            for (int i = 0; i < FlashLayout.SectorSize; i++) scratch[i] = 0xFF;
            Hash(scratch, FlashLayout.SectorSize, blankDigest);
        }

        /// <summary>
        /// Makes the sector at an offset hold the first <paramref name="count"/> bytes of a buffer and 0xFF behind them.
        /// </summary>
        /// <param name="area">Where.</param>
        /// <param name="offset">A multiple of 4096.</param>
        /// <param name="sector">4096 bytes; those behind count are set to 0xFF.</param>
        /// <param name="count">1 to 4096.</param>
        public UpdateError Put(FlashArea area, int offset, byte[] sector, int count)
        {
            for (int i = count; i < FlashLayout.SectorSize; i++) sector[i] = 0xFF;
            if (!Hash(sector, FlashLayout.SectorSize, wanted)) return UpdateError.FlashReadFailed;
            if (Holds(area, offset, FlashLayout.SectorSize, wanted)) return UpdateError.None;
            for (int i = 0; i < Tries; i++)
            {
                UpdateError error = Blank(area, offset);
                if (error != UpdateError.None) return error;
                if (flash.Write(area, offset, sector, 0, FlashLayout.SectorSize)
                    && Holds(area, offset, FlashLayout.SectorSize, wanted)) return UpdateError.None;
            }

            return UpdateError.FlashWriteFailed;
        }

        /// <summary>Makes a sector blank, if it is not.</summary>
        public UpdateError Blank(FlashArea area, int offset)
        {
            if (IsBlank(area, offset)) return UpdateError.None;
            return flash.Erase(area, offset) && IsBlank(area, offset) ? UpdateError.None : UpdateError.FlashEraseFailed;
        }

        /// <summary>
        /// Makes the inactive slot one that cannot boot, before anything of it is changed (SPEC.md, section 5.3): no cut may
        /// leave a mixture that looks like firmware.
        /// </summary>
        public UpdateError Unseal() => Blank(FlashArea.InactiveSlot, 0);

        public bool IsBlank(FlashArea area, int offset) => Holds(area, offset, FlashLayout.SectorSize, blankDigest);

        /// <summary>Whether a range of flash, at most 65536 bytes, has a SHA-256.</summary>
        public bool Holds(FlashArea area, int offset, int count, byte[] digest)
        {
            crypto.HashStart();
            return crypto.HashFlash(area, offset, count) && crypto.HashFinish(actual) && Bytes.Same(actual, 0, digest, 0, 32);
        }

        private bool Hash(byte[] buffer, int count, byte[] digest)
        {
            crypto.HashStart();
            crypto.HashBytes(buffer, 0, count);
            return crypto.HashFinish(digest);
        }
    }
}
