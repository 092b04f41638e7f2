using NanoOta.Cli.Device;
using NanoOta.Releases;
using NanoOta.Releases.Packing;

namespace NanoOta.Cli.Scenarios;

/// <summary>Releases with a packed file: a difference, one from another base, and a compressed image.</summary>
internal static class PackedScenarios
{
    public static ScenarioResult Delta(Bench bench)
    {
        bench.Flash("good", "1.0.0");
        var (image, packed) = Publish(bench, "1.1.0", bench.Build("good", "1.0.0"));
        var run = bench.Run(new Goal("confirmed", "1.1.0"));
        return run.MustConfirm("1.1.0", image,
            Fact.Equal("bytes fetched", packed.Bytes.Length, run.BytesFetched),
            Fact.AtMost("percent of the image", 10, 100L * run.BytesFetched / image.Size));
    }

    public static ScenarioResult WrongBase(Bench bench)
    {
        bench.Flash("good", "1.0.0");
        var (image, _) = Publish(bench, "1.2.0", bench.Build("good", "1.1.0"));
        int requests = 0;
        var run = bench.Run(new Goal("confirmed", "1.2.0"), handler: (context, next) =>
        {
            if (context.Request.Path.Value!.EndsWith(".pack")) Interlocked.Increment(ref requests);
            return next(context);
        });
        return run.MustConfirm("1.2.0", image,
            Fact.Equal("requests for the packed file", 0, requests),
            Fact.Equal("image bytes fetched", image.Size, run.BytesFetched));
    }

    public static ScenarioResult FirstInstallCompressed(Bench bench)
    {
        bench.Flash("good", "1.0.0");
        var (image, packed) = Publish(bench, "1.1.0", null);
        var run = bench.Run(new Goal("confirmed", "1.1.0"));
        return run.MustConfirm("1.1.0", image,
            Fact.Equal("bytes fetched", packed.Bytes.Length, run.BytesFetched),
            Fact.AtMost("percent of the image", 60, 100L * run.BytesFetched / image.Size));
    }

    private static (AppImage Image, PackedFile Packed) Publish(Bench bench, string version, AppImage? source)
    {
        var image = bench.Build("good", version);
        var packed = PackedFile.Create(image.Bytes.ToArray(), source == null ? [] : source.Bytes.ToArray());
        bench.Publish(image, version, change: order => order with { Packed = [new PackedImage(packed, source?.Digest)] });
        return (image, packed);
    }
}
