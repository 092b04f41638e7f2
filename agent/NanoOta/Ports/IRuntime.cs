namespace NanoOta
{
    /// <summary>The firmware below the managed code: nanoCLR with its native assemblies.</summary>
    public interface IRuntime
    {
        /// <summary>The native checksum of an assembly that the firmware has the native part of, 0 to 2^32 − 1; −1 when it has none of that
        /// name. nanoCLR skips an assembly whose checksum is another (docs/platform/assemblies.md, "Loading").</summary>
        long GetNativeChecksum(string assembly);
    }
}
