namespace NanoOta
{
    /// <summary>The SHA-256 of an image as it lies in flash, computed in steps of bounded time. No other hash may come between.</summary>
    internal sealed class ImageHash
    {
        private const int BytesPerStep = 65536;

        private readonly ICrypto crypto;
        private readonly byte[] digest = new byte[32];
        private FlashArea area;
        private int size, hashed;

        public ImageHash(ICrypto crypto)
        {
            this.crypto = crypto;
        }

        /// <summary>False after a step that could not read the flash.</summary>
        public bool IsRead;

        public void Begin(FlashArea area, int size)
        {
            this.area = area;
            this.size = size;
            hashed = 0;
            IsRead = true;
            crypto.HashStart();
        }

        /// <summary>Hashes the next part; true when there is nothing more to do.</summary>
        public bool Step()
        {
            int rest = size - hashed;
            int count = rest < BytesPerStep ? rest : BytesPerStep;
            IsRead = crypto.HashFlash(area, hashed, count);
            hashed += count;
            return !IsRead || hashed >= size;
        }

        /// <summary>Ends it: whether all was read and has this digest.</summary>
        public bool Is(byte[] expected) => crypto.HashFinish(digest) && IsRead && Bytes.Same(digest, 0, expected, 0, 32);
    }
}
