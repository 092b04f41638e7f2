namespace NanoOta
{
    /// <summary>Writes one JSON object into a buffer that is given once, in ASCII and without spaces. A field that does not fit is left out
    /// as a whole, with its content; later fields may still fit.</summary>
    public sealed class JsonWriter
    {
        private const string Digits = "0123456789abcdef";
        private const int MaxDigits = 19, MaxDepth = 8;

        private readonly byte[] buffer;
        private readonly byte[] reversed = new byte[MaxDigits];
        private readonly byte[] ends = new byte[MaxDepth];
        private int limit, length, depth, leftOut;
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

        /// <summary>Bytes that still fit into what is open.</summary>
        public int Room => limit - 1 - depth - length;

        /// <summary>Begins an object.</summary>
        /// <param name="limit">Bytes that the whole object may have, from 2 to the length of the buffer.</param>
        public void Begin(int limit)
        {
            this.limit = limit;
            IsCut = false;
            buffer[0] = (byte)'{';
            length = 1;
            depth = 0;
            leftOut = 0;
        }

        /// <summary>Ends the object.</summary>
        /// <returns>Its length in bytes.</returns>
        public int End()
        {
            buffer[length++] = (byte)'}';
            return length;
        }

        /// <summary>Begins an object in the present object or array; <see cref="Close"/> ends it. At most 8 are open at once.</summary>
        /// <param name="name">Of the field; null in an array.</param>
        public void OpenObject(string name) => Open(name, '{', '}');

        /// <summary>Begins an array in the present object or array; <see cref="Close"/> ends it.</summary>
        /// <param name="name">Of the field; null in an array.</param>
        public void OpenArray(string name) => Open(name, '[', ']');

        /// <summary>Ends what was opened last.</summary>
        public void Close()
        {
            if (leftOut > 0) leftOut--;
            else buffer[length++] = ends[--depth];
        }

        /// <summary>Takes back what was written behind a length, and that a field of it was left out; as much must be open as was
        /// then.</summary>
        public void Rewind(int length)
        {
            this.length = length;
            IsCut = false;
        }

        /// <summary>Writes a text; nothing for null.</summary>
        /// <param name="name">Of the field; null in an array.</param>
        /// <param name="value">The text.</param>
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
        /// <param name="name">Of the field; null in an array.</param>
        /// <param name="value">Not negative.</param>
        public void Number(string name, long value)
        {
            int start = Name(name);
            PutNumber(value);
            Finish(start);
        }

        /// <summary>Writes a number from 0; nothing for a negative one, which means not known.</summary>
        public void Known(string name, long value)
        {
            if (value >= 0) Number(name, value);
        }

        private int Name(string name)
        {
            int start = length;
            isFull = leftOut > 0;
            if (buffer[length - 1] != (byte)'{' && buffer[length - 1] != (byte)'[') Put(',');
            if (name == null) return start;
            Put('"');
            for (int i = 0; i < name.Length; i++) Put(name[i]);
            Put('"');
            Put(':');
            return start;
        }

        private void Open(string name, char begin, char end)
        {
            int start = Name(name);
            Put(begin);
            // Its end takes a byte too.
            if (length >= limit - 1 - depth) isFull = true;
            Finish(start);
            if (isFull) leftOut++;
            else ends[depth++] = (byte)end;
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

        // The last bytes are for the ends of what is open.
        private void Put(char c)
        {
            if (isFull || length >= limit - 1 - depth) isFull = true;
            else buffer[length++] = (byte)c;
        }
    }
}
