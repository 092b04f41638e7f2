using BoardHost;
using NanoOta.Boards;
using NanoOta.VirtualDevice;

// Arguments: board, flash file. Prints "PROCESS TEXT" for each line of the console, and runs until it is killed.
// Or: "serial", board, flash file, link. As a board at a serial port, to which the link leads; SIGHUP resets it.
// Or: "qemu", board, arguments of QEMU. As an emulator with its console on a socket.
if (args[0] == "serial") return FakeBoard.Run(args[1], args[2], new PseudoTerminal(args[3]).Send);
if (args[0] == "qemu") return FakeBoard.Run(args[1], Qemu.FlashFile(args), Qemu.Listen(args));
var kind = Board.Load(args[0]);
using var flash = NorFlash.Open(args[1], kind.FlashSize);
VirtualBoard? board = null;
board = new VirtualBoard(kind, flash, new VirtualBoardOptions
{
    OnEvent = happening =>
    {
        if (happening is BoardEvent.ConsoleLine line) Console.WriteLine($"{board!.CpuProcessId} {line.Text}");
    },
});
board.PowerOn();
board.WaitUntilOff(Timeout.InfiniteTimeSpan);
return 0;
