using System.Runtime.InteropServices;

namespace BoardHost;

/// <summary>The end of a pseudo-terminal pair that a board has. The other end is a serial port for programs (Linux).</summary>
internal static class PseudoTerminal
{
    private const int ReadWrite = 2, NoControllingTerminal = 0x100, NonBlocking = 0x800, TermiosSize = 256;
    private const int PatienceMs = 2000;

    /// <summary>Opens a pair, and makes a link to the other end.</summary>
    /// <returns>Sends bytes; what nobody reads for two seconds is lost, as on a wire.</returns>
    public static Action<byte[]> Open(string link)
    {
        int terminal = posix_openpt(ReadWrite | NoControllingTerminal | NonBlocking);
        if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) throw new IOException("no pseudo-terminal");
        MakeRaw(terminal);
        var target = Marshal.PtrToStringAnsi(ptsname(terminal))!;
        var fresh = $"{link}.{Environment.ProcessId}";
        File.CreateSymbolicLink(fresh, target);
        File.Move(fresh, link, overwrite: true);
        return bytes => Send(terminal, bytes);
    }

    private static void Send(int terminal, byte[] bytes)
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
    private static extern nint write(int file, byte[] bytes, nint count);
}
