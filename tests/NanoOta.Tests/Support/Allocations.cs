namespace NanoOta.Tests.Support;

/// <summary>What code allocates.</summary>
internal static class Allocations
{
    /// <summary>The least of three measurements: a garbage collection between two readings can add to one.</summary>
    public static long Least(Func<long> measure) => Enumerable.Range(0, 3).Min(_ => measure());

    /// <summary>Bytes that an action allocates on this thread.</summary>
    public static long Of(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
