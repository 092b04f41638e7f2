using Spectre.Console;
using Spectre.Console.Rendering;

namespace NanoOta.Cli.Fleet;

/// <summary>Shows a fleet as a table that is redrawn four times a second: one row per device, active and failed ones first, as many as
/// fit.</summary>
internal sealed class FleetTable(IAnsiConsole console) : IFleetView
{
    // Lines of the summary, the head of the table, the line below it, and the one of the cursor.
    private const int OtherLines = 4;

    private const int BarWidth = 20;

    private static readonly TimeSpan DrawInterval = TimeSpan.FromMilliseconds(250);

    private string broker = "";

    public Task ShowAsync(FleetState fleet, Func<Task> watch) => console.Live(new Text("")).Overflow(VerticalOverflow.Crop).StartAsync(
        live => ShowAsync(live, fleet, watch));

    private async Task ShowAsync(LiveDisplayContext live, FleetState fleet, Func<Task> watch)
    {
        var watching = watch();
        while (!watching.IsCompleted)
        {
            Draw(live, fleet);
            await Task.WhenAny(watching, Task.Delay(DrawInterval));
        }

        Draw(live, fleet);
        await watching;
    }

    public void On(FleetDevice device, DeviceMessage message, bool isRetained)
    {
    }

    public void OnBroker(bool isConnected, string text) => broker = text;

    /// <summary>The table in a number of lines.</summary>
    public static IRenderable Render(FleetState fleet, string broker, int height)
    {
        lock (fleet)
        {
            int fits = Math.Max(1, height - OtherLines);
            var rows = fleet.Devices.OrderBy(Rank).ThenBy(device => device.Name, StringComparer.Ordinal).Take(fits).ToList();
            var table = new Table().Border(TableBorder.None)
                .AddColumns("device", "online", "version", "phase", "progress", "waits for, last error");
            foreach (var column in table.Columns) column.NoWrap();
            foreach (var device in rows) table.AddRow(Cells(device));
            int hidden = fleet.Devices.Count - rows.Count;
            return new Rows(new Text(Summary(fleet)), table, new Text($"{(hidden > 0 ? $"and {hidden} more; " : "")}{broker}"));
        }
    }

    private void Draw(LiveDisplayContext live, FleetState fleet)
    {
        live.UpdateTarget(Render(fleet, broker, console.Profile.Height));
        live.Refresh();
    }

    private static string Summary(FleetState fleet)
    {
        if (fleet.Devices.Count == 0) return "no messages yet; check that this user may read nanoota/#";
        var versions = fleet.Devices.GroupBy(device => device.Version ?? "?").OrderByDescending(group => group.Count()).Take(4)
            .Select(group => $"{group.Key} × {group.Count()}");
        int online = fleet.Devices.Count(device => device.IsOnline == true);
        int loading = fleet.Devices.Count(device => device.Percent != null);
        return $"{fleet.Devices.Count} devices, {online} online, {loading} downloading; {string.Join(", ", versions)}"
            + (fleet.Dropped > 0 ? $"; {fleet.Dropped} messages dropped" : "");
    }

    // Downloads, trials and problems come first.
    private static int Rank(FleetDevice device) => device switch
    {
        { Percent: not null } => 0,
        { IsOnline: true, State: not "confirmed" } => 1,
        { IsOnline: true, Error: not 0 } or { IsOnline: true, WaitsFor: not 0 } => 2,
        { IsOnline: true } => 3,
        _ => 4,
    };

    // Text, not markup: messages cannot set colours.
    private static Text[] Cells(FleetDevice device)
    {
        var (online, colour) = device.IsOnline switch
        {
            true => ("yes", Color.Green),
            false => ("no", Color.Red),
            null => ("?", Color.Grey),
        };
        var version = device.Offered == null || device.Offered == device.Version ? "" : $" → {device.Offered}";
        var problem = device.WaitsFor != 0 || device.IsPaused ? Color.Yellow : Color.Red;
        return
        [
            new Text(device.Name),
            new Text(online, new Style(colour)),
            new Text((device.Version ?? "?") + version),
            new Text($"{device.Phase ?? "?"}{(device.State is null or "confirmed" ? "" : $" ({device.State})")}"),
            new Text(Bar(device)),
            new Text(device.Problem(), new Style(problem)),
        ];
    }

    private static string Bar(FleetDevice device)
    {
        if (device.Percent is not { } percent) return "";
        int full = percent * BarWidth / 100;
        return $"{new string('█', full)}{new string('░', BarWidth - full)} {percent,3} %"
            + (device.SecondsLeft is { } left ? $" {left} s" : "");
    }
}
