namespace NanoOta.App
{
    /// <content>The broker of <see cref="BrokerSettings"/>; compiled with <c>WithBroker</c> only.</content>
    public static partial class Program
    {
        static partial void UseBroker(OtaAgent ota) => ota.UseMqtt(BrokerSettings.Options());
    }
}
