using NanoOta.Native;

namespace NanoOta
{
    /// <summary>Flash through the native module, which refuses to change the running slot.</summary>
    public sealed class NativeFlash : IFlash
    {
        /// <inheritdoc/>
        public int GetSize(FlashArea area) => NativeModule.GetAreaSize((int)area);

        /// <inheritdoc/>
        public bool Read(FlashArea area, int offset, byte[] buffer, int start, int count)
        {
            return NativeModule.Read((int)area, offset, buffer, start, count) == NativeModule.Ok;
        }

        /// <inheritdoc/>
        public bool Erase(FlashArea area, int offset) => NativeModule.Erase((int)area, offset) == NativeModule.Ok;

        /// <inheritdoc/>
        public bool Write(FlashArea area, int offset, byte[] buffer, int start, int count)
        {
            return NativeModule.Write((int)area, offset, buffer, start, count) == NativeModule.Ok;
        }
    }
}
