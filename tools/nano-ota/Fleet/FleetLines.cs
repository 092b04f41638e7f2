using System.Globalization;

namespace NanoOta.Cli.Fleet;

/// <summary>Prints a line for each change of a device, each quarter of a download, and each event.</summary>
internal sealed class FleetLines(TextWriter output) : IFleetView
{
    private readonly Dictionary<FleetDevice, string> shown = [];
    private readonly Dictionary<FleetDevice, int> quarters = [];

    public async Task ShowAsync(FleetState fleet, Func<Task> watch)
    {
        await watch();
        if (fleet.Dropped > 0) output.WriteLine($"{fleet.Dropped} messages were not valid and were dropped");
    }

    public void On(FleetDevice device, DeviceMessage message, bool isRetained)
    {
        var text = message switch
        {
            { IsRemoval: true } => "removed from the broker",
            { Kind: "progress" } => Progress(device),
            { Kind: "event" } => Event(message),
            _ => Status(device),
        };
        if (text != null) output.WriteLine($"{DateTime.Now.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}  {device.Name}  {text}");
        if (message.IsRemoval) shown.Remove(device);
    }

    public void OnBroker(bool isConnected, string text)
    {
        output.WriteLine(text);
        if (!isConnected) shown.Clear();
    }

    private string? Status(FleetDevice device)
    {
        var problem = device.IsOnline == true ? device.Problem() : "";
        var text = device.IsOnline != true ? "offline"
            : $"{device.Version ?? "?"}  {device.State ?? "?"}  {device.Phase ?? "?"}{(problem == "" ? "" : "  ")}{problem}";
        if (shown.GetValueOrDefault(device) == text) return null;
        shown[device] = text;
        return text;
    }

    private string? Progress(FleetDevice device)
    {
        int percent = device.Percent ?? 0, quarter = percent / 25;
        int before = quarters.GetValueOrDefault(device, -1);
        quarters[device] = quarter;
        return quarter == before ? null : $"{percent} %{(device.SecondsLeft is { } left ? $", {left} s left" : "")}";
    }

    private static string Event(DeviceMessage e)
    {
        var parts = new List<string?> { e.Text("e") ?? "?", e.Text("ver") };
        if (e.Number("code") is { } code and > 0) parts.Add($"{ErrorText.Of(code)}; {ErrorText.Remedy(code)}");
        parts.Add(e.Text("detail") is { Length: > 0 } detail ? $"({detail})" : null);
        return string.Join("  ", parts.Where(part => !string.IsNullOrEmpty(part)));
    }
}
