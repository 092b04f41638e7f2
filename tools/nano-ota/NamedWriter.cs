using System.Text;
using NanoOta.Releases;

namespace NanoOta.Cli;

/// <summary>A writer to a file or the standard output whose errors name the target. After the first failed write every further write throws
/// the same error, because a caller may swallow exceptions.</summary>
internal sealed class NamedWriter(TextWriter inner, string name) : TextWriter
{
    private readonly CancellationTokenSource broken = new();

    /// <summary>Cancelled by the first failed write.</summary>
    public CancellationToken Broken => broken.Token;

    /// <summary>The error of the first failed write.</summary>
    public ReleaseException? Fault { get; private set; }

    public override Encoding Encoding => inner.Encoding;

    /// <summary>Creates or replaces a file.</summary>
    /// <exception cref="ReleaseException">The file cannot be written.</exception>
    public static NamedWriter Create(string path)
    {
        InputPath.NewFile(path);
        try
        {
            // No buffer: Dispose must not write and fail.
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
            // The error was reported already.
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
        new($"{name} cannot be written: {e.Message.Split(" : ")[0].TrimEnd('.')}; free space or give another path");
}
