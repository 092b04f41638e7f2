namespace NanoOta
{
    /// <summary>The native heap, from which a TLS connection takes its buffers, and the managed one.</summary>
    public interface IMemory
    {
        /// <summary>Bytes that are free.</summary>
        int Free { get; }

        /// <summary>Bytes of the largest free block.</summary>
        int LargestBlock { get; }

        /// <summary>Bytes of the managed heap that are free, after a collection, which stops every thread meanwhile.</summary>
        int FreeManaged { get; }

        /// <summary>Asks the application for memory: to drop caches, pictures, connections that it can open again. Called when there is too
        /// little for a TLS connection or a trial; the collector runs behind it, and then it must do.</summary>
        void Release();
    }
}
