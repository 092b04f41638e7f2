using System.Text;
using NanoOta.VirtualDevice.Bus;
using static NanoOta.Native.NativeModule;

namespace NanoOta.VirtualDevice;

/// <summary>Why the bus server stopped.</summary>
internal enum BusEnd
{
    /// <summary>The process of the CPU ended.</summary>
    Closed,
    /// <summary>The CPU sent an invalid request.</summary>
    Invalid,
    /// <summary>The firmware requested a reset.</summary>
    Restart,
    /// <summary>The firmware requested deep sleep; the port has its duration.</summary>
    Sleep,
}

/// <summary>The board's end of the bus. It validates everything from the CPU.</summary>
internal sealed class BusServer(Stream fromCpu, Stream toCpu, NativePort port)
{
    private readonly byte[] request = new byte[Frame.LengthSize + Frame.MaxRequest];
    private byte[] answer = new byte[Frame.AnswerHead];
    private bool greeted;

    /// <summary>Receives each line that the app prints.</summary>
    public required Action<string> OnConsole { get; init; }

    /// <summary>Called when the app ended.</summary>
    public required Action OnEnded { get; init; }

    /// <summary>Called when the firmware was confirmed.</summary>
    public required Action OnConfirmed { get; init; }

    /// <summary>Answers requests until one of the reasons to stop.</summary>
    /// <exception cref="PowerLostException">Power was cut during a request.</exception>
    public BusEnd Serve()
    {
        while (true)
        {
            int length = Receive();
            if (length <= 0) return length == 0 ? BusEnd.Closed : BusEnd.Invalid;
            if (Handle((Message)request[Frame.LengthSize], length) is { } end) return end;
        }
    }

    /// <summary>Length of the frame in the buffer; 0 if the CPU ended, −1 if it is not a frame.</summary>
    private int Receive()
    {
        if (!TryRead(request.AsSpan(0, Frame.LengthSize))) return 0;
        int length = Frame.GetInt(request, 0);
        if (length is < 1 or > Frame.MaxRequest) return -1;
        return TryRead(request.AsSpan(Frame.LengthSize, length)) ? Frame.LengthSize + length : 0;
    }

    private bool TryRead(Span<byte> buffer)
    {
        try
        {
            return fromCpu.ReadAtLeast(buffer, buffer.Length, false) == buffer.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private BusEnd? Handle(Message message, int length)
    {
        if (length < LengthOf(message) || (length > LengthOf(message) && message is not (Message.Write or Message.Console)))
            return BusEnd.Invalid;
        if (message == Message.Hello) return Greet();
        if (!greeted) return BusEnd.Invalid;
        port.IsLoading &= message is Message.GetAreaSize or Message.Read or Message.Console or Message.Ended;
        switch (message)
        {
            case Message.Console:
                OnConsole(Encoding.UTF8.GetString(request, Frame.RequestHead, length - Frame.RequestHead));
                return null;
            case Message.Ended:
                OnEnded();
                return null;
            case Message.Restart:
                return BusEnd.Restart;
            case Message.Read:
                Read(Argument(0), Argument(1), Argument(2));
                return null;
            case Message.Sleep:
                return Sleep(Argument(0), Argument(1));
            case Message.GetNativeAssembly:
                AnswerName(Argument(0), Argument(1));
                return null;
            default:
                Answer(Call(message, length));
                return null;
        }
    }

    private BusEnd? Greet()
    {
        if (greeted || Argument(0) != Frame.Version) return BusEnd.Invalid;
        greeted = true;
        port.IsLoading = true; // it reads the running slot first
        Answer(Ok);
        return null;
    }

    private BusEnd? Sleep(int milliseconds, int kept)
    {
        try
        {
            Answer(port.Sleep(milliseconds, kept));
            return null;
        }
        catch (SleepException)
        {
            return BusEnd.Sleep;
        }
    }

    private int Call(Message message, int length)
    {
        int result = message switch
        {
            Message.GetValue => port.GetValue(Argument(0)),
            Message.GetAreaSize => port.GetAreaSize(Argument(0)),
            Message.Erase => port.Erase(Argument(0), Argument(1)),
            Message.Write => port.Write(Argument(0), Argument(1), request, LengthOf(message), length - LengthOf(message)),
            Message.Activate => port.Activate(),
            Message.Confirm => port.Confirm(),
            Message.GetNativeChecksum => port.GetNativeChecksum(Argument(0)),
            Message.Guard => port.Guard(Argument(0)),
            Message.ForgetCrashes => port.ForgetCrashes(),
            Message.ReleaseRuntime => port.ReleaseRuntime(),
            Message.ActivateRuntime => port.ActivateRuntime(Argument(0) != 0),
            _ => port.Reject(Argument(0)),
        };
        if (result == Ok && message == Message.Confirm) OnConfirmed();
        return result;
    }

    /// <summary>Bytes of a frame with this message, without its payload.</summary>
    private static int LengthOf(Message message) => Frame.RequestHead + sizeof(int) * message switch
    {
        Message.Hello or Message.GetValue or Message.GetAreaSize or Message.Reject or Message.GetNativeChecksum or Message.Guard
            or Message.ActivateRuntime => 1,
        Message.Erase or Message.Write or Message.GetNativeAssembly or Message.Sleep => 2,
        Message.Read => 3,
        Message.Activate or Message.Confirm or Message.Restart or Message.Console or Message.Ended or Message.ForgetCrashes
            or Message.ReleaseRuntime => 0,
        _ => Frame.MaxRequest, // longer than any frame: an unknown message is refused
    };

    private int Argument(int number) => Frame.GetInt(request, Frame.RequestHead + sizeof(int) * number);

    private void Read(int area, int offset, int count)
    {
        int size = port.GetAreaSize(area);
        if (count < 0 || count > size)
        {
            Answer(Refused);
            return;
        }

        if (answer.Length < Frame.AnswerHead + count) answer = new byte[Frame.AnswerHead + count];
        int result = port.Read(area, offset, answer, Frame.AnswerHead, count);
        Answer(result, result == Ok ? count : 0);
    }

    private void AnswerName(int index, int size)
    {
        var name = new byte[Math.Clamp(size, 0, NativeAssembly.MaxName)];
        int result = port.GetNativeAssembly(index, name);
        int count = Math.Max(result, 0);
        if (answer.Length < Frame.AnswerHead + count) answer = new byte[Frame.AnswerHead + count];
        name.AsSpan(0, count).CopyTo(answer.AsSpan(Frame.AnswerHead));
        Answer(result, count);
    }

    private void Answer(int result, int count = 0)
    {
        Frame.PutInt(answer, 0, sizeof(int) + count);
        Frame.PutInt(answer, Frame.LengthSize, result);
        try
        {
            toCpu.Write(answer, 0, Frame.AnswerHead + count);
            toCpu.Flush();
        }
        catch (IOException)
        {
            // The CPU ended: the next read returns 0.
        }
    }
}
