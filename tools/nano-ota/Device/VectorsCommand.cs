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
        var native = new Option<bool>("--native") { Description = "Replay on the records of the native module, in C; needs gcc" };
        var json = CommonOptions.Of<string?>("--json", "FILE", "Write the result as JSON to this file");
        var command = new ExampleCommand("vectors",
            "Replay recorded behaviour of ESP-IDF's bootloader and OTA calls, and compare.",
            "nano-ota vectors esp-idf-boot.json",
            "nano-ota vectors esp-idf-boot.json --native --json result.json") { file, native, json };
        command.SetAction(result => Run(result, result.GetRequiredValue(file), result.GetValue(native), result.GetValue(json)));
        return command;
    }

    private static int Run(ParseResult result, string file, bool isNative, string? json)
    {
        if (!File.Exists(file)) throw new VectorException($"{file}: no such file; give a file of boot vectors");
        var text = InputFile.TryReadText(file, MaxFile, out var problem) ?? throw new VectorException($"{file}: {problem}");
        var vectors = VectorFile.Parse(text, file);
        IVectorModel model = isNative
            ? new NativeVectorModel(vectors, Path.Combine(AppContext.BaseDirectory, "native")) : new ManagedVectorModel();
        var failures = VectorReplay.Run(vectors, model).ToList();
        if (json != null) Write(json, file, isNative, vectors, failures);
        var output = result.InvocationConfiguration.Output;
        foreach (var failure in failures)
            output.WriteLine($"{failure.Vector}: step {failure.Step}, {failure.Call}: {failure.Difference}");
        output.WriteLine($"{vectors.Count - failures.Count} passed, {failures.Count} failed, 0 skipped");
        return failures.Count == 0 ? ExitCode.Success : ExitCode.NotGood;
    }

    private static void Write(string path, string file, bool isNative, IReadOnlyList<OtaVector> vectors, List<VectorFailure> failures)
    {
        var document = new
        {
            file,
            implementation = isNative ? "native" : "managed",
            passed = vectors.Count - failures.Count,
            failed = failures.Count,
            skipped = 0,
            failures,
        };
        File.WriteAllText(path, JsonSerializer.Serialize(document, new JsonSerializerOptions(JsonSerializerDefaults.Web)));
    }
}
