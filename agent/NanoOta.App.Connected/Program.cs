namespace NanoOta.App.Connected
{
    /// <summary>The reference firmware with a broker: that of agent/NanoOta.App, which <see cref="Broker"/> joins.</summary>
    public static class Program
    {
        /// <summary>Never ends: a program that does waits in the debugger loop until the next reset.</summary>
        public static void Main() => Firmware.Run(Broker.Join);
    }
}
