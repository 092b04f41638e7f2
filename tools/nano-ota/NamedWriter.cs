using System.Text;
using NanoOta.Releases;

namespace NanoOta.Cli;

/// <summary>
/// A text that goes somewhere with a name: a file, or the standard output. The first line that it does not take is the last: from then
/// on every write throws what names it, also one whose caller swallows exceptions.
/// </summary>
internal sealed class NamedWriter(TextWriter inner, string name) : TextWriter
{
    private readonly CancellationTokenSource broken = new();

    /// <summary>Is cancelled by the first write that fails.</summary>
    public CancellationToken Broken => broken.Token;

    /// <summary>What the first write that failed threw.</summary>
    public ReleaseException? Fault { get; private set; }

    public override Encoding Encoding => inner.Encoding;

    /// <summary>A file that is made, or replaced.</summary>
    /// <exception cref="ReleaseException">It cannot be.</exception>
    public static NamedWriter Create(string path)
    {
        InputPath.NewFile(path);
        try
        {
            // Without a buffer, so that nothing is left for the end that fails then.
            return new NamedWriter(new StreamWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 0))
            {
                AutoFlush = true,
            }, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refusal(path, e);
        }
    }

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        try
        {
            inner.Dispose();
        }
        catch (IOException) when (Fault != null)
        {
            // It has been said.
        }
    }

    private void Try(Action write)
    {
        if (Fault != null) throw Fault;
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fault = Refusal(name, e);
            broken.Cancel();
            throw Fault;
        }
    }

    private static ReleaseException Refusal(string name, Exception e) =>
        new($"{name} cannot be written: {e.Message.Split(" : ")[0].TrimEnd('.')}; make room, or give another place");
}
