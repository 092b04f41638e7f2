using NanoOta.Releases;

namespace NanoOta.Cli.Release;

/// <summary>Shows how much of the packing is done, in one line of a terminal.</summary>
/// <param name="writer">The error output.</param>
/// <param name="what">What is packed.</param>
internal sealed class PercentLine(TextWriter writer, string what) : IProgress<double>
{
    private int last = -1;

    /// <summary>One for the error output if that is a terminal; else null.</summary>
    public static PercentLine? For(TextWriter error, ReleaseImage image) => error == Console.Error && !Console.IsErrorRedirected
        ? new PercentLine(error, image.Kind == ManifestImage.App ? "the app" : "the runtime") : null;

    public void Report(double value)
    {
        int percent = (int)(100 * value);
        if (percent == last) return;
        last = percent;
        var line = $"\rpacking {what}: {percent} %";
        writer.Write(percent == 100 ? $"\r{new string(' ', line.Length)}\r" : line);
    }
}
