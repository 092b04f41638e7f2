namespace NanoOta
{
    /// <summary>
    /// Writes one flat JSON object into a buffer that is given once, in ASCII and without spaces. A field that does not fit is left out
    /// as a whole; what follows may still fit.
    /// </summary>
    public sealed class JsonWriter
    {
        private const string Digits = "0123456789abcdef";
        private const int MaxDigits = 19;

        private readonly byte[] buffer;
        private readonly byte[] reversed = new byte[MaxDigits];
        private int limit, length;
        private bool isFull;

        /// <summary>A writer into a buffer, which it keeps.</summary>
        public JsonWriter(byte[] buffer)
        {
            this.buffer = buffer;
        }

        /// <summary>Whether a field was left out since Begin.</summary>
        public bool IsCut { get; private set; }

        /// <summary>Bytes so far.</summary>
        public int Length => length;

        /// <summary>Begins an object.</summary>
        /// <param name="limit">Bytes that the whole object may have, from 2 to the length of the buffer.</param>
        public void Begin(int limit)
        {
            this.limit = limit;
            IsCut = false;
            buffer[0] = (byte)'{';
            length = 1;
        }

        /// <summary>Ends the object.</summary>
        /// <returns>Its length in bytes.</returns>
        public int End()
        {
            buffer[length++] = (byte)'}';
            return length;
        }

        /// <summary>Writes a text; nothing for null.</summary>
        public void Text(string name, string value)
        {
            if (value == null) return;
            int start = Name(name);
            Put('"');
            for (int i = 0; i < value.Length && !isFull; i++) PutEscaped(value[i]);
            Put('"');
            Finish(start);
        }

        /// <summary>Writes a text that is not empty.</summary>
        public void Known(string name, string value)
        {
            if (!string.IsNullOrEmpty(value)) Text(name, value);
        }

        /// <summary>Writes a number.</summary>
        /// <param name="name">Of the field.</param>
        /// <param name="value">Not negative.</param>
        public void Number(string name, long value)
        {
            int start = Name(name);
            PutNumber(value);
            Finish(start);
        }

        /// <summary>Writes a number from 0; nothing for one below, which stands for not known.</summary>
        public void Known(string name, long value)
        {
            if (value >= 0) Number(name, value);
        }

        private int Name(string name)
        {
            int start = length;
            isFull = false;
            if (length > 1) Put(',');
            Put('"');
            for (int i = 0; i < name.Length; i++) Put(name[i]);
            Put('"');
            Put(':');
            return start;
        }

        private void Finish(int start)
        {
            if (!isFull) return;
            length = start;
            IsCut = true;
        }

        private void PutNumber(long value)
        {
            int count = 0;
            do
            {
                reversed[count++] = (byte)('0' + (int)(value % 10));
                value /= 10;
            }
            while (value > 0 && count < MaxDigits);
            while (count > 0) Put((char)reversed[--count]);
        }

        // RFC 8259, section 7; the rest of Unicode is escaped too, so that the text is ASCII and a cut one cannot be invalid UTF-8.
        private void PutEscaped(char c)
        {
            if (c >= ' ' && c <= '~')
            {
                if (c == '"' || c == '\\') Put('\\');
                Put(c);
                return;
            }

            Put('\\');
            Put('u');
            for (int divisor = 4096; divisor > 0; divisor /= 16) Put(Digits[c / divisor % 16]);
        }

        // The last byte is for the end of the object.
        private void Put(char c)
        {
            if (length >= limit - 1) isFull = true;
            else buffer[length++] = (byte)c;
        }
    }
}
