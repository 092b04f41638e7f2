namespace NanoOta
{
    /// <summary>The collector of the device, which .NET runs by itself.</summary>
    internal static class MemoryShim
    {
        /// <summary>Collects garbage without compaction, which can crash the CLR while finalizers wait.</summary>
        public static void Collect()
        {
#if NANOFRAMEWORK_1_0
            nanoFramework.Runtime.Native.GC.Run(false);
#endif
        }
    }
}
