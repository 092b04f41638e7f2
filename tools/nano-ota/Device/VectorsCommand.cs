using System.CommandLine;
using System.Text.Json;
using NanoOta.Boards;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Device;

/// <summary><c>nano-ota vectors</c>: replays recorded behaviour of ESP-IDF's bootloader and esp_ota_* calls.</summary>
internal static class VectorsCommand
{
    private const int MaxFile = 256 << 20;

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Recorded boots and calls, as JSON" };
        var json = CommonOptions.Of<string?>("--json", "FILE", "Write the result as JSON to this file");
        var command = new ExampleCommand("vectors",
            "Replay recorded behaviour of ESP-IDF's bootloader and OTA calls on the virtual device.",
            "nano-ota vectors esp-idf-boot.json",
            "nano-ota vectors esp-idf-boot.json --json result.json") { file, json };
        command.SetAction(result => Run(result, result.GetRequiredValue(file), result.GetValue(json)));
        return command;
    }

    private static int Run(ParseResult result, string file, string? json)
    {
        if (!File.Exists(file)) throw new VectorFileException($"{file}: no such file; give a file of boot vectors");
        var text = InputFile.TryReadText(file, MaxFile, out var problem) ?? throw new VectorFileException($"{file}: {problem}");
        var vectors = VectorFile.Parse(text, file);
        var failures = VectorReplay.Run(vectors, new ManagedVectorModel()).ToList();
        if (json != null) Write(json, file, vectors, failures);
        var output = result.InvocationConfiguration.Output;
        foreach (var failure in failures)
            output.WriteLine($"{failure.Vector}: step {failure.Step}, {failure.Call}: {failure.Difference}");
        output.WriteLine($"{vectors.Count - failures.Count} passed, {failures.Count} failed, 0 skipped");
        return failures.Count == 0 ? ExitCode.Success : ExitCode.NotGood;
    }

    private static void Write(string path, string file, IReadOnlyList<OtaVector> vectors, List<VectorFailure> failures)
    {
        var document = new
        {
            file,
            passed = vectors.Count - failures.Count,
            failed = failures.Count,
            skipped = 0,
            failures,
        };
        File.WriteAllText(path, JsonSerializer.Serialize(document, new JsonSerializerOptions(JsonSerializerDefaults.Web)));
    }
}
