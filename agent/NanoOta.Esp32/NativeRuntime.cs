using NanoOta.Native;

namespace NanoOta
{
    /// <summary>The native assemblies that nanoCLR contains, as the native module lists them.</summary>
    public sealed class NativeRuntime : IRuntime
    {
        // Longer than any name there is: one that did not fit would end the list.
        private const int MaxName = 128;

        /// <inheritdoc/>
        public long GetNativeChecksum(string assembly)
        {
            int length;
            var name = new byte[MaxName];
            for (int i = 0; (length = NativeModule.GetNativeAssembly(i, name)) != NativeModule.Refused; i++)
                if (Is(assembly, name, length)) return Unsigned(NativeModule.GetNativeChecksum(i));
            return -1;
        }

        private bool Is(string assembly, byte[] name, int length)
        {
            if (assembly.Length != length) return false;
            for (int i = 0; i < length; i++)
                if (assembly[i] != name[i]) return false;
            return true;
        }

        // In halves: on the device a conversion from uint to long would extend the sign (docs/platform/runtime.md, "Casts between signed
        // and unsigned").
        private static long Unsigned(int bits) => ((bits >> 16) & 0xFFFF) * 65536L + (bits & 0xFFFF);
    }
}
