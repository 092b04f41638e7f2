using NanoOta.Releases;
using Spectre.Console;

namespace NanoOta.Cli.Device;

/// <summary>Shows a device on a console: a line for each event, and a progress bar for a download.</summary>
internal sealed class DeviceView(IAnsiConsole console)
{
    private ProgressContext? context;
    private ProgressTask? bar;
    private int quarter;

    /// <summary>Runs an action; with a live progress bar if the output is a terminal.</summary>
    public bool Show(Func<bool> action)
    {
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Out.IsTerminal) return action();
        return console.Progress().AutoClear(true).HideCompleted(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(),
                new TransferSpeedColumn(), new RemainingTimeColumn())
            .Start(progress =>
            {
                context = progress;
                return action();
            });
    }

    public void On(DeviceEvent e)
    {
        if (e.Event == "progress") ShowProgress(e);
        else
        {
            if (e.Event == "staging") StartBar(e);
            if (e.Event is "staged" or "refused" or "boot") StopBar();
            WriteLine(e);
        }
    }

    public void OnConsole(string line) => console.MarkupLineInterpolated($"[grey]           | {DeviceText.Visible(line)}[/]");

    private void StartBar(DeviceEvent e)
    {
        StopBar();
        quarter = 0;
        bar = context?.AddTask(Shown($"{e.Version} {e.Image}".Trim()), maxValue: e.Size ?? 0);
        bar?.Value(e.Staged ?? 0);
    }

    private void StopBar()
    {
        bar?.StopTask();
        bar = null;
    }

    private void ShowProgress(DeviceEvent e)
    {
        bar?.Value(e.Staged ?? 0);
        int now = e.Size > 0 ? (int)(4L * e.Staged!.Value / e.Size.Value) : 0;
        if (context == null && now > quarter) WriteLine(e);
        quarter = Math.Max(quarter, now);
    }

    private void WriteLine(DeviceEvent e)
    {
        var colour = e.Event switch
        {
            "confirmed" or "staged" => "green",
            "refused" or "rejected" or "reverted" or "error" => "red",
            "reboot" or "boot" or "trial" or "delayed" or "sleep" => "yellow",
            _ => "default",
        };
        var time = TimeSpan.FromMilliseconds(e.Ms).TotalSeconds;
        console.MarkupLine($"[{colour}]{time,9:0.00}s {Shown(e.Event),-10}[/] {Shown(Describe(e))}");
    }

    private static string Shown(string text) => Markup.Escape(DeviceText.Visible(text));

    private static string Detail(DeviceEvent e) => string.IsNullOrEmpty(e.Detail) ? "" : $" ({e.Detail})";

    private static string Describe(DeviceEvent e)
    {
        var parts = new List<string>();
        if (!string.IsNullOrEmpty(e.Version)) parts.Add(e.Version);
        if (e.Slot is { } slot) parts.Add($"slot {slot}");
        if (e.Runtime is { } runtime) parts.Add($"runtime {runtime.Version} in slot {runtime.Slot}");
        if (e.Event is "staging" or "progress" or "staged") parts.Add($"{e.Staged} of {e.Size} bytes{(e.Image == null ? "" : $" of the {e.Image}")}");
        if (e.Event != "boot" && e.Code is > 0) parts.Add($"{e.Code}: {e.Reason}{Detail(e)}; {Remedies.Of((UpdateError)e.Code)}");
        else if (!string.IsNullOrEmpty(e.Reason)) parts.Add(e.Reason + Detail(e));
        return string.Join(", ", parts);
    }
}
