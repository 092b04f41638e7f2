using System.Runtime.InteropServices;

namespace BoardHost;

/// <summary>The end of a pseudo-terminal pair that a board has. The other end is a serial port for programs (Linux).</summary>
internal sealed class PseudoTerminal : IDisposable
{
    private const int ReadWrite = 2, NoControllingTerminal = 0x100, NonBlocking = 0x800, TermiosSize = 256;
    private const int PatienceMs = 2000;

    private int terminal;

    /// <summary>Opens a pair, and makes a link to the other end.</summary>
    public PseudoTerminal(string link)
    {
        terminal = posix_openpt(ReadWrite | NoControllingTerminal | NonBlocking);
        if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) throw new IOException("no pseudo-terminal");
        MakeRaw(terminal);
        var target = Marshal.PtrToStringAnsi(ptsname(terminal))!;
        var fresh = $"{link}.{Path.GetRandomFileName()}";
        File.CreateSymbolicLink(fresh, target);
        File.Move(fresh, link, overwrite: true);
    }

    /// <summary>Sends bytes; what is not read for two seconds is lost, as on a wire.</summary>
    public void Send(byte[] bytes)
    {
        long until = Environment.TickCount64 + PatienceMs;
        for (int sent = 0; sent < bytes.Length && Environment.TickCount64 < until;)
        {
            var rest = bytes[sent..];
            nint count = write(terminal, rest, rest.Length);
            if (count > 0) sent += (int)count;
            else Thread.Sleep(1);
        }
    }

    /// <summary>Ends the pair: the port of the other end is gone.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref terminal, -1) is >= 0 and var open) close(open);
    }

    private static void MakeRaw(int terminal)
    {
        var settings = new byte[TermiosSize];
        tcgetattr(terminal, settings);
        cfmakeraw(settings);
        tcsetattr(terminal, 0, settings);
    }

    [DllImport("libc")]
    private static extern int posix_openpt(int flags);

    [DllImport("libc")]
    private static extern int grantpt(int terminal);

    [DllImport("libc")]
    private static extern int unlockpt(int terminal);

    [DllImport("libc")]
    private static extern IntPtr ptsname(int terminal);

    [DllImport("libc")]
    private static extern int tcgetattr(int terminal, byte[] settings);

    [DllImport("libc")]
    private static extern void cfmakeraw(byte[] settings);

    [DllImport("libc")]
    private static extern int tcsetattr(int terminal, int when, byte[] settings);

    [DllImport("libc")]
    private static extern int close(int file);

    [DllImport("libc")]
    private static extern nint write(int file, byte[] bytes, nint count);
}
