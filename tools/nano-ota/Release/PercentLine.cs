namespace NanoOta.Cli.Release;

/// <summary>Shows how much of the packing is done, in one line of a terminal.</summary>
/// <param name="writer">The error output.</param>
internal sealed class PercentLine(TextWriter writer) : IProgress<double>
{
    private int last = -1;

    /// <summary>One for the error output if that is a terminal; else null.</summary>
    public static PercentLine? For(TextWriter error) => error == Console.Error && !Console.IsErrorRedirected ? new PercentLine(error) : null;

    public void Report(double value)
    {
        int percent = (int)(100 * value);
        if (percent == last) return;
        last = percent;
        writer.Write(percent == 100 ? "\r              \r" : $"\rpacking {percent} %");
    }
}
