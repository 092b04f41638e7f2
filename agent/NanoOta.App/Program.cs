namespace NanoOta.App
{
    /// <summary>The reference firmware without a broker.</summary>
    public static class Program
    {
        /// <summary>Never ends: a program that does waits in the debugger loop until the next reset.</summary>
        public static void Main() => Firmware.Run(null);
    }
}
