using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using NanoOta;
using NanoOta.Boards;
using NanoOta.VirtualDevice;

namespace BoardHost;

/// <summary>A virtual board that shows no more than a real one: a console with the lines of ROM, firmware and agent.</summary>
internal static class FakeBoard
{
    private const int Hangup = 1;

    /// <summary>Runs until it is killed; <c>FAKE_BOARD_NOISE</c> adds text before each start.</summary>
    public static int Run(string board, string file, Action<byte[]> send)
    {
        var kind = Board.Load(board);
        using var flash = NorFlash.Open(file, kind.FlashSize);
        var noise = Environment.GetEnvironmentVariable("FAKE_BOARD_NOISE") ?? "";
        var virtualBoard = new VirtualBoard(kind, flash, new VirtualBoardOptions
        {
            TrialWatchdog = TimeSpan.FromSeconds(20), // a computer may be busy
            OnEvent = happening =>
            {
                if (happening is BoardEvent.Booted boot) send(Encoding.Latin1.GetBytes(Unescape(noise) + Start(kind, flash, boot)));
                if (happening is BoardEvent.ConsoleLine line) send(Encoding.UTF8.GetBytes(line.Text + "\r\n"));
            },
        });
        // EN low and high again: the chip cannot tell it from power on.
        using var reset = PosixSignalRegistration.Create((PosixSignal)Hangup, context =>
        {
            context.Cancel = true;
            virtualBoard.Reset(ResetReason.PowerOn);
        });
        virtualBoard.PowerOn();
        virtualBoard.WaitUntilOff(Timeout.InfiniteTimeSpan);
        return 0;
    }

    // What the ROM prints, and the line of the reference firmware.
    private static string Start(Board board, NorFlash flash, BoardEvent.Booted boot)
    {
        var rom = boot.Reason switch
        {
            ResetReason.PowerOn => "rst:0x1 (POWERON_RESET)",
            ResetReason.DeepSleep => "rst:0x5 (DEEPSLEEP_RESET)",
            ResetReason.Wdt => "rst:0x10 (RTCWDT_RTC_RESET)",
            _ => "rst:0xc (SW_CPU_RESET)",
        };
        var descriptor = new byte[SlotDescriptor.Length];
        flash.Read(FlashMap.Of(board).Index(boot.Slot), descriptor);
        var version = SlotDescriptor.Read(descriptor)?.Version ?? "0.0.0";
        return $"ets Jul 29 2019 12:21:46\r\n\r\n{rom},boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n"
            + $"demo {version} on {board.Id}, slot {boot.Slot}, after: {ResetReasons.Text(boot.Reason)}\r\n";
    }

    private static string Unescape(string text) => Regex.Unescape(text);
}
