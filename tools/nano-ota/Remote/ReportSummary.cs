using System.Globalization;
using System.Text.Json;

namespace NanoOta.Cli.Remote;

/// <summary>A device's report as people read it (SPEC.md, section 8.8); what is not known here is passed over.</summary>
internal static class ReportSummary
{
    // 9999-12-31.
    private const long LastSecond = 253402300799;

    /// <summary>The summary as an outline.</summary>
    public static Dictionary<string, object> Of(string device, JsonElement report)
    {
        var part = new ReportPart(report);
        var summary = Outline(
            ("device", device), ("product", part.Text("product")), ("board", part.Text("board")), ("chip", part.Text("chip")),
            ("says it is", part.Text("id") == device ? null : part.Text("id")),
            ("version", part.Text("ver")), ("sequence", part.Number("seq")), ("agent level", part.Number("lvl")),
            ("phase", part.Text("phase")), ("time", Time(part.Number("at"))), ("running for", Span(part.Number("up"))),
            ("releases at", part.Text("address")), ("trusted keys", string.Join(", ", part.Texts("keys"))),
            ("cut", part.Number("cut") == 1 ? "the oldest of the history, or what did not fit" : null));
        Add(summary, "slots", [.. part.Parts("slots").Select(Slot)]);
        Add(summary, "boot", Boot(part.Part("boot")));
        Add(summary, "journal", Journal(part.Part("journal")));
        Add(summary, "not tried again", [.. part.Part("journal").Parts("quarantine")
            .Select(item => Row(("image", item.Text("sha")), ("reason", item.Error("code"))))]);
        Add(summary, "supply", Supply(part.Part("supply")));
        Add(summary, "memory", Memory(part.Part("memory")));
        Add(summary, "link", Link(part.Part("link")));
        Add(summary, "last errors", [.. part.Parts("errors").Select(Error)]);
        Add(summary, "totals", Totals(part.Part("totals")));
        Add(summary, "history", [.. part.Parts("history").Select(Event)]);
        return summary;
    }

    private static Dictionary<string, object?> Slot(ReportPart slot) => Row(
        ("slot", slot.Number("slot")), ("runs", slot.Flag("runs")), ("holds firmware", slot.Flag("head")), ("version", slot.Text("ver")),
        ("sequence", slot.Number("seq")), ("bytes", slot.Number("size")), ("image", slot.Text("sha")), ("sure", slot.Flag("sure")));

    private static Dictionary<string, object> Boot(ReportPart boot) => Outline(
        ("state", boot.Text("state")), ("reverted for", boot.Error("revert")), ("safe mode", boot.Flag("safe")),
        ("last reset", boot.Text("reset")), ("trial boots", boot.Number("boots")), ("power blips", boot.Number("blips")),
        ("crashes in a row", boot.Number("crashes")));

    private static Dictionary<string, object> Journal(ReportPart journal) => Outline(
        ("last error", journal.Error("err")), ("release in hand", journal.Text("sha")), ("trials", journal.Number("trials")),
        ("paused", journal.Flag("pause")), ("last command", journal.Number("command")));

    private static Dictionary<string, object> Supply(ReportPart supply) => Outline(
        ("now", Unit(supply.Number("mv"), "mV")), ("external", supply.Flag("ext")), ("lowest", Unit(supply.Number("low"), "mV")),
        ("least for a download", Unit(supply.Number("download"), "mV")), ("least for a write", Unit(supply.Number("write"), "mV")),
        ("least for an activation", Unit(supply.Number("activate"), "mV")));

    private static Dictionary<string, object> Memory(ReportPart memory) => Outline(
        ("free", Unit(memory.Number("free"), "bytes")), ("largest block", Unit(memory.Number("largest"), "bytes")),
        ("lowest", Unit(memory.Number("low"), "bytes")));

    private static Dictionary<string, object> Link(ReportPart link) => Outline(
        ("connections", link.Number("connections")), ("messages dropped", link.Number("dropped")),
        ("messages refused", link.Number("refused")), ("last error", link.Error("err")));

    private static Dictionary<string, object?> Error(ReportPart error)
    {
        var known = error.Number("code") is { } code ? ErrorText.Known(code) : null;
        return Row(("code", error.Number("code")), ("text", known is { } k ? UpdateErrors.Text(k) : error.Text("text")),
            ("remedy", error.Number("code") is { } number ? ErrorText.Remedy(number) : null));
    }

    private static Dictionary<string, object> Totals(ReportPart totals)
    {
        var erases = totals.Numbers("erases");
        return Outline(
            ("starts", totals.Number("starts")), ("updates", totals.Number("updates")), ("reverts", totals.Number("reverts")),
            ("retries", totals.Number("retries")), ("bytes fetched", totals.Number("bytes")),
            ("sectors erased", erases.Count == 2 ? $"{erases[0]} in slot 0, {erases[1]} in slot 1" : null));
    }

    private static Dictionary<string, object?> Event(ReportPart e) => Row(
        ("number", e.Number("n")), ("time", Time(e.Number("at"))), ("after", Span(e.Number("up"))), ("event", e.Text("e")),
        ("slot", e.Number("slot")), ("version", e.Text("ver")),
        ("what", e.Error("code") ?? (e.Number("reset") is { } reset and <= int.MaxValue ? "after: " + ResetReasons.Text((ResetReason)(int)reset) : null)),
        ("lowest mV", e.Number("mv")), ("lowest free", e.Number("mem")));

    private static string? Time(long? seconds) => seconds is not (> 0 and <= LastSecond) ? null
        : DateTimeOffset.FromUnixTimeSeconds(seconds.Value).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string? Span(long? seconds) => seconds is not (>= 0 and <= LastSecond) ? null
        : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}");

    private static string? Unit(long? number, string unit) => number is { } known ? $"{known} {unit}" : null;

    // A row of a table has all columns, an outline what is known.
    private static Dictionary<string, object?> Row(params (string Name, object? Value)[] fields) =>
        fields.ToDictionary(field => field.Name, field => field.Value);

    private static Dictionary<string, object> Outline(params (string Name, object? Value)[] fields) =>
        fields.Where(field => field.Value is not (null or "")).ToDictionary(field => field.Name, field => field.Value!);

    private static void Add(Dictionary<string, object> summary, string name, Dictionary<string, object> outline)
    {
        if (outline.Count > 0) summary[name] = outline;
    }

    private static void Add(Dictionary<string, object> summary, string name, Dictionary<string, object?>[] rows)
    {
        if (rows.Length > 0) summary[name] = rows;
    }
}
