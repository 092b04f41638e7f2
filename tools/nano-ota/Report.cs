using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace NanoOta.Cli;

/// <summary>Prints the result of a command: as JSON, or as an outline with tables.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private const int UnbrokenWidth = 1000;

    /// <summary>A console on the output of a command. Only terminals get colours. Lines are never wrapped, so that a digest can be
    /// copied.</summary>
    public static IAnsiConsole Console(ParseResult result)
    {
        var console = Console(result.InvocationConfiguration.Output);
        console.Profile.Width = UnbrokenWidth;
        return console;
    }

    /// <summary>A console with the width of a terminal; other outputs never get wrapped lines.</summary>
    public static IAnsiConsole Console(TextWriter writer)
    {
        var output = new AnsiConsoleOutput(writer);
        if (output.IsTerminal) return AnsiConsole.Create(new AnsiConsoleSettings { Out = output });
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = output, Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = UnbrokenWidth;
        return console;
    }

    /// <summary>The public properties of <paramref name="report"/> as one JSON document.</summary>
    public static string Json(object report) => JsonSerializer.Serialize(report, Format);

    /// <summary>Prints the public properties of <paramref name="report"/>.</summary>
    public static void Print(ParseResult result, object report, bool json)
    {
        var node = JsonSerializer.SerializeToNode(report, Format)!;
        if (json) result.InvocationConfiguration.Output.WriteLine(node.ToJsonString(Format));
        else PrintObject(Console(result), node.AsObject(), "");
    }

    private static void PrintObject(IAnsiConsole console, JsonObject node, string indent)
    {
        int width = node.Where(field => IsScalar(field.Value)).Select(field => field.Key.Length).DefaultIfEmpty().Max();
        foreach (var (name, value) in node)
        {
            if (IsScalar(value))
            {
                console.MarkupLineInterpolated($"{indent}[grey]{name.PadRight(width)}[/]  {Text(value)}");
                continue;
            }

            console.MarkupLineInterpolated($"{indent}[bold]{name}[/]");
            if (value is JsonObject child) PrintObject(console, child, indent + "  ");
            else PrintArray(console, value!.AsArray(), indent + "  ");
        }
    }

    private static void PrintArray(IAnsiConsole console, JsonArray items, string indent)
    {
        if (items.All(item => item is JsonObject row && row.All(field => IsScalar(field.Value))))
            PrintTable(console, items, indent);
        else
            foreach (var item in items)
            {
                if (item is JsonObject child) PrintObject(console, child, indent);
                else console.MarkupLineInterpolated($"{indent}{Text(item)}");
            }
    }

    private static void PrintTable(IAnsiConsole console, JsonArray rows, string indent)
    {
        if (rows.Count == 0) return;
        var table = new Table().Border(TableBorder.None);
        foreach (var (name, _) in rows[0]!.AsObject()) table.AddColumn(new TableColumn($"[grey]{Markup.Escape(name)}[/]"));
        foreach (var row in rows)
            table.AddRow([.. row!.AsObject().Select(field => Markup.Escape(Text(field.Value)))]);
        console.Write(new Padder(table, new Padding(indent.Length, 0, 0, 0)));
    }

    private static bool IsScalar(JsonNode? node) => node is null or JsonValue or JsonArray { Count: 0 };

    private static string Text(JsonNode? node) => node switch
    {
        null or JsonArray => "-",
        _ when node.GetValueKind() == JsonValueKind.True => "yes",
        _ when node.GetValueKind() == JsonValueKind.False => "no",
        _ => DeviceText.Visible(node.ToString()),
    };
}
