using System.Text;
using NanoOta.VirtualDevice.Bus;
using static NanoOta.Native.NativeModule;

namespace NanoOta.VirtualDevice.Cpu;

/// <summary>The CPU's end of the bus. One call at a time; a call after <see cref="Freeze"/> or <see cref="Restart"/> blocks for ever. A
/// separate thread reads the answers: it kills the process at once when the board ends, whatever the app does.</summary>
internal sealed class BusClient : INativePort
{
    private readonly Stream fromBoard;
    private readonly Stream toBoard;
    private readonly Lock gate = new();
    private readonly byte[] request = new byte[Frame.LengthSize + Frame.MaxRequest];
    private readonly SemaphoreSlim answered = new(0);
    private byte[] target = [];
    private int targetStart;
    private int targetCount;
    private int result;
    private volatile bool frozen;

    public BusClient(Stream fromBoard, Stream toBoard)
    {
        this.fromBoard = fromBoard;
        this.toBoard = toBoard;
        new Thread(ReadAnswers) { IsBackground = true, Name = "bus" }.Start();
    }

    public void Hello() => Call(Message.Hello, Frame.Version);

    public int GetValue(int value) => Call(Message.GetValue, value);

    public int GetAreaSize(int area) => Call(Message.GetAreaSize, area);

    public int Erase(int area, int offset) => Call(Message.Erase, area, offset);

    public int Activate() => Call(Message.Activate);

    public int Confirm() => Call(Message.Confirm);

    public int Reject(int reason) => Call(Message.Reject, reason);

    public int Read(int area, int offset, byte[]? buffer, int start, int count)
    {
        if (!Firmware.IsPart(buffer, start, count)) return Refused;
        StopIfFrozen();
        lock (gate)
        {
            (target, targetStart, targetCount) = (buffer!, start, count);
            return Call(Message.Read, area, offset, count);
        }
    }

    public int Write(int area, int offset, byte[]? buffer, int start, int count)
    {
        if (!Firmware.IsPart(buffer, start, count) || count > FlashLayout.SectorSize) return Refused;
        StopIfFrozen();
        lock (gate)
        {
            int length = Put(Message.Write, area, offset);
            buffer.AsSpan(start, count).CopyTo(request.AsSpan(length));
            return Exchange(length + count);
        }
    }

    public int GetNativeAssembly(int index, byte[]? name)
    {
        if (name == null) return Refused;
        StopIfFrozen();
        lock (gate)
        {
            (target, targetStart, targetCount) = (name, 0, name.Length);
            return Call(Message.GetNativeAssembly, index, name.Length);
        }
    }

    public int GetNativeChecksum(int index) => Call(Message.GetNativeChecksum, index);

    public int Guard(int seconds) => Call(Message.Guard, seconds);

    /// <summary>Returns if it is refused; else it blocks for ever and holds the gate.</summary>
    public int Sleep(int milliseconds, int kept) => Call(Message.Sleep, milliseconds, kept);

    public int ForgetCrashes() => Call(Message.ForgetCrashes);

    public int ReleaseRuntime() => Call(Message.ReleaseRuntime);

    public int ActivateRuntime(bool withApp) => Call(Message.ActivateRuntime, withApp ? 1 : 0);

    public void Restart()
    {
        StopIfFrozen();
        lock (gate)
        {
            Send(Put(Message.Restart));
            Stop();
        }
    }

    /// <summary>Sends a line to the console of the board; it is truncated to a frame.</summary>
    public void Print(string line)
    {
        StopIfFrozen();
        lock (gate) SendLine(line);
    }

    /// <summary>Blocks every further call of every thread, as the device's debugger loop does when the app ended. The flag is set first and
    /// without the lock: a thread that prints in a loop could otherwise hold the lock for ever.</summary>
    public void Freeze(BusWriter console)
    {
        frozen = true;
        lock (gate)
        {
            if (console.Rest is { Length: > 0 } rest) SendLine(rest);
            Send(Put(Message.Ended));
            Stop();
        }
    }

    private void StopIfFrozen()
    {
        if (frozen) Stop();
    }

    private void SendLine(string line)
    {
        int length = Put(Message.Console);
        Encoding.UTF8.GetEncoder().Convert(line, request.AsSpan(length), true, out _, out int bytes, out _);
        Send(length + bytes);
    }

    private int Call(Message message, params ReadOnlySpan<int> arguments)
    {
        StopIfFrozen();
        lock (gate) return Exchange(Put(message, arguments));
    }

    private int Put(Message message, params ReadOnlySpan<int> arguments)
    {
        request[Frame.LengthSize] = (byte)message;
        int length = Frame.RequestHead;
        foreach (int argument in arguments)
        {
            Frame.PutInt(request, length, argument);
            length += sizeof(int);
        }

        return length;
    }

    private int Exchange(int length)
    {
        Send(length);
        answered.Wait();
        return result;
    }

    private void Send(int length)
    {
        Frame.PutInt(request, 0, length - Frame.LengthSize);
        try
        {
            toBoard.Write(request, 0, length);
            toBoard.Flush();
        }
        catch (IOException)
        {
            EndProcess();
        }
    }

    private void ReadAnswers()
    {
        var head = new byte[Frame.AnswerHead];
        while (TryRead(head))
        {
            int count = Frame.GetInt(head, 0) - sizeof(int);
            if (count < 0 || count > targetCount || !TryRead(target.AsSpan(targetStart, count))) break;
            result = Frame.GetInt(head, Frame.LengthSize);
            answered.Release();
        }

        EndProcess();
    }

    private bool TryRead(Span<byte> buffer)
    {
        try
        {
            return fromBoard.ReadAtLeast(buffer, buffer.Length, false) == buffer.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Blocks for ever, and with the gate held also every other thread that uses the bus.</summary>
    private static void Stop() => Thread.Sleep(Timeout.Infinite);

    /// <summary>Ends the process without any further code of the app.</summary>
    private static void EndProcess()
    {
        System.Diagnostics.Process.GetCurrentProcess().Kill();
        Stop();
    }
}
