using System;

namespace NanoOta
{
    /// <summary>Time since the start of the device.</summary>
    public sealed class SystemClock : IClock
    {
        /// <inheritdoc/>
        public long Milliseconds => Environment.TickCount64;
    }
}
