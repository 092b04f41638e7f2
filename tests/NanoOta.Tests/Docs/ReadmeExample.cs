namespace NanoOta.Tests.Docs;

/// <summary>The C# of README.md, so that it is compiled. <see cref="ReadmeTests"/> compares the lines.</summary>
internal static class ReadmeExample
{
    public static void Start()
    {
        var ota = new OtaAgent("https://updates.example/lamp/");   // board, identity, slots, crypto, HTTP, clock, console events, default health probes
        ota.CaCertificate = Certificates.Root;                      // everything below is optional
        ota.Health.Add("sensor", new SensorProbe());
        ota.Preflight.Add(new TemperatureBelow(60));
        ota.Settings.Add("lamp.json");
        ota.UseMqtt(new MqttOptions("broker.example"));             // extension method in NanoOta.Mqtt
        ota.Start();                                                // own thread; the guard is armed first, before anything that can throw
    }
}

internal sealed class TemperatureBelow : IPreflightCheck
{
    private readonly int limit;

    public TemperatureBelow(int limit) => this.limit = limit;

    public PreflightAnswer Check(PreflightRequest request)
    {
        int now = Thermometer.Celsius();
        if (request.Step != UpdateStep.Activate || now < limit) return PreflightAnswer.GoOn;
        return request.Wait("temperature is " + now.ToString() + " °C, the limit is " + limit.ToString());
    }
}

// The application's.
internal static class Certificates
{
    public const string? Root = null;
}

internal static class Thermometer
{
    public static int Celsius() => 20;
}

internal sealed class SensorProbe : IHealthCheck
{
    public Health Check() => Health.Good;
}
