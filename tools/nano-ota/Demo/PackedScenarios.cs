using NanoOta.Cli.Device;
using NanoOta.Releases;
using NanoOta.Releases.Packing;

namespace NanoOta.Cli.Demo;

/// <summary>Releases with a packed file: a difference, one from another base, and a compressed image.</summary>
internal static class PackedScenarios
{
    public static ScenarioResult Delta(DemoSetup setup)
    {
        setup.Flash("good", "1.21.0");
        var (image, packed) = Publish(setup, "1.22.0", setup.Build("good", "1.21.0"));
        var run = setup.Run(new Goal("confirmed", "1.22.0"));
        return run.MustConfirm("1.22.0", image,
            Fact.Equal("bytes fetched", packed.Bytes.Length, run.BytesFetched),
            Fact.AtMost("percent of the image", 10, 100L * run.BytesFetched / image.Size));
    }

    public static ScenarioResult WrongBase(DemoSetup setup)
    {
        setup.Flash("good", "1.21.0");
        var (image, _) = Publish(setup, "1.23.0", setup.Build("good", "1.22.0"));
        int requests = 0;
        var run = setup.Run(new Goal("confirmed", "1.23.0"), handler: (context, next) =>
        {
            if (context.Request.Path.Value!.EndsWith(".pack")) Interlocked.Increment(ref requests);
            return next(context);
        });
        return run.MustConfirm("1.23.0", image,
            Fact.Equal("requests for the packed file", 0, requests),
            Fact.Equal("image bytes fetched", image.Size, run.BytesFetched));
    }

    public static ScenarioResult FirstInstallCompressed(DemoSetup setup)
    {
        setup.Flash("good", "1.20.0");
        var (image, packed) = Publish(setup, "1.24.0", null);
        var run = setup.Run(new Goal("confirmed", "1.24.0"));
        return run.MustConfirm("1.24.0", image,
            Fact.Equal("bytes fetched", packed.Bytes.Length, run.BytesFetched),
            Fact.AtMost("percent of the image", 60, 100L * run.BytesFetched / image.Size));
    }

    private static (AppImage Image, PackedFile Packed) Publish(DemoSetup setup, string version, AppImage? source)
    {
        var image = setup.Build("good", version);
        var packed = PackedFile.Create(image.Bytes.ToArray(), source == null ? [] : source.Bytes.ToArray());
        setup.Publish(image, version, change: order => order with { Packed = [new PackedImage(packed, source?.Digest)] });
        return (image, packed);
    }
}
