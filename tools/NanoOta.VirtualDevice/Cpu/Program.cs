using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;
using NanoOta.VirtualDevice.Bus;

namespace NanoOta.VirtualDevice.Cpu;

/// <summary>The CPU of a virtual board: a separate process that runs the app in the slot, so that crashes, hangs and exits are real ones.
/// The board starts it and communicates with it over standard input and output.</summary>
internal static class Program
{
    private static int Main()
    {
        if (!Console.IsInputRedirected)
        {
            Console.Error.WriteLine("this program is the CPU of a virtual board; the board starts it (nano-ota device)");
            return 2;
        }

        var bus = new BusClient(Console.OpenStandardInput(), OpenOutput());
        bus.Hello();
        var lines = new BusWriter(bus);
        var console = TextWriter.Synchronized(lines);
        Console.SetOut(console);
        Console.SetError(console);
        Console.SetIn(TextReader.Null);
        Firmware.Install(bus);
        ExceptionHandling.SetUnhandledExceptionHandler(e => PrintUnhandled(e, console));
        Run(bus, console);
        bus.Freeze(lines);
        return 0;
    }

    /// <summary>Standard output. On Unix Console's own stream locks Console.Out, which waits for the bus: a deadlock.</summary>
    private static Stream OpenOutput() => OperatingSystem.IsWindows()
        ? Console.OpenStandardOutput()
        : new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);

    private static void Run(BusClient bus, TextWriter console)
    {
        try
        {
            SlotImage.Load(bus, console)?.Run();
        }
        catch (Exception e)
        {
            PrintUnhandled(e, console);
        }
    }

    /// <summary>As on the device: an exception ends its own thread and no other.</summary>
    private static bool PrintUnhandled(Exception e, TextWriter console)
    {
        console.WriteLine($"unhandled exception: {e}");
        return true;
    }
}
