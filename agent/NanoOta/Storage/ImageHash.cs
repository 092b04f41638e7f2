namespace NanoOta
{
    /// <summary>The SHA-256 of an image as it lies in flash, computed in steps of bounded time. No other hash may come between.</summary>
    internal sealed class ImageHash
    {
        private const int BytesPerStep = 65536;

        private readonly ICrypto crypto;
        private readonly SectorWriter writer;
        private FlashArea area;
        private int size, hashed;
        private bool isRead;

        public ImageHash(ICrypto crypto, SectorWriter writer)
        {
            this.crypto = crypto;
            this.writer = writer;
        }

        public void Begin(FlashArea area, int size)
        {
            this.area = area;
            this.size = size;
            hashed = 0;
            crypto.HashStart();
        }

        /// <summary>Hashes the next part; true when there is nothing more to do.</summary>
        public bool Step()
        {
            int rest = size - hashed;
            int count = rest < BytesPerStep ? rest : BytesPerStep;
            isRead = crypto.HashFlash(area, hashed, count);
            hashed += count;
            return !isRead || hashed >= size;
        }

        /// <summary>Ends it: None when the image has this digest, ImageCorrupt when it has another, else why that is not known.</summary>
        public UpdateError End(byte[] expected)
        {
            if (!isRead) return writer.WhyNotHashed(area, 0);
            UpdateError state = writer.FinishHash(expected);
            return state == SectorWriter.Differs ? UpdateError.ImageCorrupt : state;
        }
    }
}
