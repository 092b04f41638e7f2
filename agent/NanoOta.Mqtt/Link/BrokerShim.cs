namespace NanoOta
{
    /// <summary>The client that a platform has by itself.</summary>
    internal static class BrokerShim
    {
        /// <summary>Makes clients of nanoFramework.M2Mqtt; null on .NET.</summary>
        public static BrokerMaker Default()
        {
#if NANOFRAMEWORK_1_0
            return () => new M2MqttBroker();
#else
            return null;
#endif
        }
    }
}
