namespace NanoOta.App
{
    /// <content>Updates of nanoCLR; compiled with <c>WithRuntimeUpdates</c> only.</content>
    public static partial class Program
    {
        static partial void UseRuntimes(OtaAgent ota) => ota.Ports.RuntimeUpdates = new RuntimeUpdates(ota.Ports);
    }
}
