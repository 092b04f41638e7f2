using System.CommandLine;
using NanoOta.Releases;
using NanoOta.Releases.Packing;

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
        command.SetAction(result =>
        {
            byte[] source = InputPath.Read(result.GetRequiredValue(older)), image = InputPath.Read(result.GetRequiredValue(newer));
            var costs = EncodingBench.Measure(source, image, out _);
            Report.Print(result, new { imageSize = image.Length, encodings = costs.Select(cost => new { cost.Name, cost.Bytes }) },
                result.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }
}
