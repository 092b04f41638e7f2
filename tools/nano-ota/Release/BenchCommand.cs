using System.CommandLine;
using NanoOta.Releases;
using NanoOta.Releases.Packing;
using Spectre.Console;

namespace NanoOta.Cli.Release;

/// <summary><c>nano-ota bench-encodings</c>: measures what an update costs in each encoding.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var older = new Argument<string>("OLD") { Description = "Image that the device runs" };
        var newer = new Argument<string>("NEW") { Description = "Image that it updates to" };
        var json = CommonOptions.Json();
        var command = new ExampleCommand("bench-encodings",
            "Measure the bytes of an update in each encoding, and with xz, zstd, xdelta3 and bsdiff where they are installed.",
            "nano-ota bench-encodings old.bin new.bin",
            "nano-ota bench-encodings old.bin new.bin --json") { older, newer, json };
        command.SetInterruptibleAction(async (result, stop) =>
        {
            byte[] source = InputPath.Read(result.GetRequiredValue(older)), image = InputPath.Read(result.GetRequiredValue(newer));
            var costs = EncodingBench.Measure(source, image, out var missing);
            var rows = new List<Row>();
            foreach (var cost in costs) rows.Add(new Row(cost, await DownloadAsync(cost, stop), image.Length));
            if (result.GetValue(json)) Report.Print(result, Describe(image.Length, rows, missing), true);
            else Print(Report.Console(result), image.Length, rows, missing);
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task<DownloadCost> DownloadAsync(EncodingCost cost, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("nano-ota-bench-").FullName;
        try
        {
            // As long as the names in a release.
            var names = new List<string> { Manifest.FileName };
            if (cost.Index != null) names.Add("app-0123456789abcdef.idx");
            names.Add(cost.Index != null ? "app-0123456789abcdef.bin" : "0123456789ab.pack");
            foreach (var (name, file) in names.Zip(cost.Files)) await File.WriteAllBytesAsync(Path.Combine(folder, name), file, stop);
            return await DownloadCost.MeasureAsync(folder, names, stop);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static object Describe(int imageSize, List<Row> rows, IReadOnlyList<string> missing) => new
    {
        imageSize,
        encodings = rows.Select(row => new
        {
            row.Cost.Name,
            row.Cost.Bytes,
            row.Percent,
            row.Cost.Options,
            row.Download.Requests,
            row.Download.Headers,
            parts = new { manifest = row.Cost.Manifest.Length, index = row.Cost.Index?.Length ?? 0, image = row.Cost.Image.Length },
            decoder = row.Cost.Packed is not { } packed ? null : (object)new
            {
                memory = EncodingBench.DecoderMemory,
                packed.Bits,
                bitsPerByte = Math.Round(packed.Bits / (double)imageSize, 4),
                packed.Runs,
                packed.Literals,
            },
        }),
        notInstalled = missing,
    };

    private static void Print(IAnsiConsole console, int imageSize, List<Row> rows, IReadOnlyList<string> missing)
    {
        string[] titles = ["encoding", "bytes", "% of image", "manifest", "index", "image", "requests", "headers", "bits/byte", "runs", "literals"];
        var table = new Table().Border(TableBorder.None);
        foreach (string title in titles)
            table.AddColumn(title == titles[0] ? new TableColumn($"[grey]{title}[/]") : new TableColumn($"[grey]{title}[/]").RightAligned());
        foreach (var (cost, download, _) in rows)
        {
            var packed = cost.Packed;
            table.AddRow(cost.Name, $"{cost.Bytes}", $"{100.0 * cost.Bytes / imageSize:F2}", $"{cost.Manifest.Length}", $"{cost.Index?.Length ?? 0}",
                $"{cost.Image.Length}", $"{download.Requests}", $"{download.Headers}",
                packed == null ? "-" : $"{packed.Bits / (double)imageSize:F3}", packed == null ? "-" : $"{packed.Runs}",
                packed == null ? "-" : $"{packed.Literals}");
        }

        console.WriteLine($"image of {imageSize} bytes; a decoder of packed images takes {EncodingBench.DecoderMemory} bytes of memory");
        console.Write(table);
        if (missing.Count > 0) console.WriteLine($"not installed: {string.Join(", ", missing)}");
    }

    private sealed record Row(EncodingCost Cost, DownloadCost Download, int ImageSize)
    {
        public double Percent => Math.Round(100.0 * Cost.Bytes / ImageSize, 3);
    }
}
