using System.Collections.Concurrent;
using System.Text;
using NanoOta.Releases;

namespace NanoOta.Cli.Rig;

/// <summary>The console of a device as lines. It opens the port again when it is gone, also under another name, and withstands garbage and
/// lines without an end. Each line is in the log before it is taken.</summary>
internal sealed class DeviceConsole : IDisposable
{
    /// <summary>A longer line is cut into pieces.</summary>
    private const int MaxLine = 4096;

    private const int ReopenMs = 50;

    private readonly SerialEntry entry;
    private readonly TimeSpan openLimit;
    private readonly ConsoleLog log;
    private readonly BlockingCollection<string> lines = [];
    private readonly List<byte> partial = [];
    private readonly ManualResetEventSlim isOpen = new();
    private readonly Lock gate = new();
    private Thread? pump;
    private ConsolePort? port;
    private volatile bool isClosing;
    private volatile Exception? fault;
    private long received;
    private string problem = "";

    /// <summary>A console that is closed.</summary>
    /// <param name="entry">Its port.</param>
    /// <param name="openLimit">How long the port may be gone.</param>
    /// <param name="log">Receives every line.</param>
    public DeviceConsole(SerialEntry entry, TimeSpan openLimit, ConsoleLog log)
    {
        this.entry = entry;
        this.openLimit = openLimit;
        this.log = log;
    }

    /// <summary>Bytes so far.</summary>
    public long Received => Interlocked.Read(ref received);

    /// <summary>Starts to open the port, and to read it.</summary>
    public void Open()
    {
        if (pump != null) return;
        isClosing = false;
        pump = new Thread(Pump) { IsBackground = true, Name = "console" };
        pump.Start();
    }

    /// <summary>Closes the port for another program.</summary>
    public void Close()
    {
        isClosing = true;
        lock (gate) port?.Dispose();
        pump?.Join();
        pump = null;
    }

    /// <summary>Waits until the port is open.</summary>
    /// <exception cref="RigException">It cannot be opened in time, or the log cannot be written.</exception>
    public void AwaitOpen(CancellationToken stop)
    {
        if (!isOpen.Wait(openLimit, stop))
            throw new RigException($"{entry} cannot be opened: {problem}; check cable, name and permissions");
        Check();
    }

    /// <summary>Whether the port is open now.</summary>
    public bool IsOpen => isOpen.IsSet;

    /// <summary>Uses the lines of the port.</summary>
    /// <exception cref="RigException">It is not open, or has no such lines.</exception>
    public void UseLines(Action<IResetLines> action, CancellationToken stop)
    {
        AwaitOpen(stop);
        action(port ?? throw new RigException($"{entry} is gone; check the cable"));
    }

    /// <summary>Forgets all lines so far.</summary>
    public void Discard()
    {
        lock (partial) partial.Clear();
        while (lines.TryTake(out _))
        {
        }
    }

    /// <summary>The next line; null if none came in time.</summary>
    /// <exception cref="RigException">The log cannot be written.</exception>
    public string? Take(TimeSpan wait, CancellationToken stop)
    {
        Check();
        return lines.TryTake(out var line, (int)Math.Max(0, wait.TotalMilliseconds), stop) ? line : null;
    }

    public void Dispose()
    {
        Close();
        lines.Dispose();
    }

    private void Check()
    {
        if (fault is { } found) throw new RigException(found.Message);
    }

    private void Pump()
    {
        try
        {
            while (!isClosing)
            {
                if (!TryOpen()) continue;
                Read();
                isOpen.Reset();
                Flush();
                if (!isClosing) log.Note("the port is gone");
            }
        }
        catch (Exception e) when (e is ReleaseException or RigException)
        {
            fault = e;
            isOpen.Set(); // wakes who waits
        }
        finally
        {
            lock (gate) port?.Dispose();
            if (fault == null) isOpen.Reset();
        }
    }

    private bool TryOpen()
    {
        var opened = ConsolePort.TryOpen(entry, out problem);
        if (opened == null)
        {
            Thread.Sleep(ReopenMs);
            return false;
        }

        lock (gate) port = opened;
        log.Note($"the port is open: {UsbPorts.Find(entry)}");
        isOpen.Set();
        return true;
    }

    private void Read()
    {
        var chunk = new byte[4096];
        try
        {
            while (!isClosing)
            {
                int count = port!.Input.Read(chunk);
                if (count == 0) return;
                Interlocked.Add(ref received, count);
                Split(chunk.AsSpan(0, count));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // It is gone, or was closed.
        }
        finally
        {
            lock (gate) port!.Dispose();
        }
    }

    private void Split(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            bool isEnd;
            lock (partial)
            {
                if (b != '\n') partial.Add(b);
                isEnd = b == '\n' || partial.Count == MaxLine;
            }

            if (isEnd) Flush();
        }
    }

    private void Flush()
    {
        string line;
        lock (partial)
        {
            line = Encoding.UTF8.GetString([.. partial]).TrimEnd('\r');
            partial.Clear();
        }

        if (line == "") return;
        log.Write(line);
        lines.Add(line);
    }
}
