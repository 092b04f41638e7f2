using System.Globalization;
using System.Text.Json;

namespace NanoOta.Cli.Fleet;

/// <summary>Prints messages of devices as JSON objects, one per line, in ASCII.</summary>
internal sealed class FleetJson(TextWriter output) : IFleetView
{
    public Task ShowAsync(FleetState fleet, Func<Task> watch) => watch();

    public void On(FleetDevice device, DeviceMessage message, bool isRetained) => Write(new
    {
        time = Now(),
        kind = message.IsRemoval ? "removed" : message.Kind,
        product = message.Product,
        device = message.Id,
        retained = isRetained,
        message = message.IsRemoval ? null : message.Fields,
    });

    public void OnBroker(bool isConnected, string text) =>
        Write(new { time = Now(), kind = "broker", connected = isConnected, text });

    private static string Now() => DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private void Write(object line) => output.WriteLine(JsonSerializer.Serialize(line));
}
