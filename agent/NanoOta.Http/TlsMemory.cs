namespace NanoOta
{
    /// <summary>The memory that an https connection takes.</summary>
    public static class TlsMemory
    {
        // Bytes of the native heap while a connection is made: twice a record of 16 KB with its overhead, and the handshake beside them
        // (docs/platform/memory.md, "TLS").
        private const int Free = 45000, LargestBlock = 17000;

        /// <summary>Whether there is enough for a connection; if not, asks the application for memory once.</summary>
        /// <param name="memory">Null: there is enough.</param>
        /// <param name="address">Where the connection leads: only https needs memory.</param>
        public static bool IsEnough(IMemory memory, string address)
        {
            if (memory == null || !address.StartsWith("https://") || IsEnough(memory)) return true;
            memory.Release();
            return IsEnough(memory);
        }

        private static bool IsEnough(IMemory memory) => memory.Free >= Free && memory.LargestBlock >= LargestBlock;
    }
}
