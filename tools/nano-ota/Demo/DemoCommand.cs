using System.CommandLine;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using NanoOta.Cli.Demo;
using NanoOta.Releases;
using Spectre.Console;

namespace NanoOta.Cli.Demo;

/// <summary><c>nano-ota demo</c>: an update that succeeds, and the ways of failing that a device survives.</summary>
internal static class DemoCommand
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create()
    {
        var json = new Option<string?>("--json") { Description = "File for the chapters as one JSON document", HelpName = "FILE" };
        var keep = new Option<string?>("--keep") { Description = "Keep key, releases and flash in this new folder", HelpName = "DIR" };
        var command = new ExampleCommand("demo",
            "Update a virtual device and make it fail in all the usual ways. Exit code 1 if any chapter ends otherwise than expected.",
            "nano-ota demo",
            "nano-ota demo --json chapters.json --keep demo") { json, keep };
        command.SetAction((result, stop) => RunAsync(result, result.GetValue(json), result.GetValue(keep), stop));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, string? json, string? keep, CancellationToken stop)
    {
        using var file = json == null ? TextWriter.Null : NamedWriter.Create(json);
        var folder = keep == null ? Directory.CreateTempSubdirectory("nano-ota-demo-").FullName
            : Path.GetFullPath(InputPath.EmptyFolder(keep));
        var console = Report.Console(result);
        try
        {
            var chapters = await Task.Run(() => PlayAsync(console, folder, stop), CancellationToken.None);
            bool ok = chapters.TrueForAll(c => c.Ok);
            await file.WriteLineAsync(JsonSerializer.Serialize(new { ok, chapters }, Format));
            console.MarkupLine(ok ? $"[green]All {chapters.Count} chapters ended as expected.[/]"
                : $"[red]{chapters.Count(c => !c.Ok)} of {chapters.Count} chapters ended otherwise than expected.[/]");
            return ok ? ExitCode.Success : ExitCode.NotGood;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        finally
        {
            if (keep == null) Directory.Delete(folder, recursive: true);
            else console.MarkupLineInterpolated($"[grey]kept in {folder}[/]");
        }
    }

    private static async Task<List<Chapter>> PlayAsync(IAnsiConsole console, string folder, CancellationToken stop)
    {
        await using var world = await World.StartAsync(folder, stop);
        var chapters = new List<Chapter>();
        foreach (var play in Chapters.All)
        {
            var time = Stopwatch.StartNew();
            var chapter = play(world);
            chapters.Add(chapter);
            Print(console, chapter, time.Elapsed);
        }

        return chapters;
    }

    private static void Print(IAnsiConsole console, Chapter chapter, TimeSpan time)
    {
        var mark = chapter.Ok ? "[green]✓[/]" : "[red]✗[/]";
        console.MarkupLine($"{mark} [bold]{chapter.Id}[/] [grey]{time.TotalSeconds:0.0} s, {chapter.Boots} boots, "
            + $"{chapter.BytesFetched} bytes fetched of an image of {chapter.ImageBytes}[/]");
        console.MarkupLineInterpolated($"    expected  {chapter.Expected}");
        console.MarkupLineInterpolated($"    observed  {chapter.Observed}");
        console.MarkupLineInterpolated($"    [grey]{string.Join(" → ", Story(chapter))}[/]");
    }

    // Progress comes block by block; one mention is enough.
    private static IEnumerable<string> Story(Chapter chapter)
    {
        string last = "";
        foreach (var e in chapter.Trace)
        {
            var word = e.Event is "boot" ? $"boot {e.Version}" : e.Event;
            if (word != last) yield return word;
            last = word;
        }
    }
}
