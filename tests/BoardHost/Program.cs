using NanoOta.Boards;
using NanoOta.VirtualDevice;

// Arguments: board, flash file. Prints "PROCESS TEXT" for each line of the console, and runs until it is killed.
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
