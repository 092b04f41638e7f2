using System.CommandLine;
using NanoOta.Boards;
using NanoOta.Releases;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Device;

/// <summary><c>nano-ota device</c>: runs a virtual device.</summary>
internal sealed class DeviceCommand
{
    private readonly Option<string> board = CommonOptions.Board();

    private readonly Option<string> flash = CommonOptions.Of<string>("--flash", "FILE",
        "Flash file of the device, created by 'nano-ota flash'", required: true);

    private readonly DeviceEnvironmentOptions environment = new();

    private readonly Option<string?> until = CommonOptions.Of<string?>("--until", "STATE",
        "State that ends the run: confirmed:VERSION, reverted, refused or idle");

    private readonly Option<double?> timeout = CommonOptions.Of<double?>("--timeout", "SECONDS", "End after this time, with exit code 3");

    private readonly Option<string?> events = CommonOptions.Of<string?>("--events", "FILE",
        "File for the events of this run, one JSON object per line; an existing file is replaced");

    private readonly Option<double> watchdog = CommonOptions.WithDefault<double>("--trial-watchdog", "SECONDS", 10,
        "Longest time of a trial");

    private readonly Option<bool> quiet = new("--quiet") { Description = "Print errors only" };

    public static Command Create()
    {
        var options = new DeviceCommand();
        var command = new ExampleCommand("device", "Run a virtual device, through resets, until Ctrl-C or the state of --until.",
            "nano-ota device --board esp32-devkitc-4mb --flash my.flash --offer http://127.0.0.1:8080/",
            "nano-ota device --board esp32-devkitc-4mb --flash my.flash --offer http://127.0.0.1:8080/ "
                + "--until confirmed:1.1.0 --timeout 60",
            "nano-ota device --board lolin-d32-4mb --flash my.flash --offer http://127.0.0.1:8080/ --id d-017 --supply 3400",
            "nano-ota device --board esp32-devkitc-4mb --flash my.flash --offer https://updates.example/ "
                + "--ca ca.pem",
            "nano-ota device --board esp32-devkitc-4mb --flash my.flash --offer http://127.0.0.1:8080/ --check 3600 "
                + "--broker mqtt://127.0.0.1 --id d-017 --command-key command/public.pem")
        {
            options.board, options.flash,
        };
        options.environment.AddTo(command);
        foreach (var option in new Option[] { options.until, options.timeout, options.events, options.watchdog, options.quiet })
            command.Add(option);
        command.SetInterruptibleAction((result, stop) => Task.FromResult(options.Run(result, stop)));
        return command;
    }

    private int Run(ParseResult result, CancellationToken stop)
    {
        var goal = result.GetValue(until) is { } text ? Goal.Parse(text) : null;
        var guard = CommonOptions.Time("--trial-watchdog", result.GetValue(watchdog))!.Value;
        var limit = CommonOptions.Time("--timeout", result.GetValue(timeout)) ?? Timeout.InfiniteTimeSpan;
        var kind = Board.Load(result.GetRequiredValue(board));
        var settings = environment.Read(result, kind);
        using var file = OpenFlash(result.GetRequiredValue(flash), kind);
        using var log = result.GetValue(events) is { } name ? NamedWriter.Create(name) : TextWriter.Null;
        var view = new DeviceView(Report.Console(result.GetValue(quiet) ? TextWriter.Null : result.InvocationConfiguration.Output));
        using var run = new DeviceRun(kind, file, settings, guard)
        {
            OnEvent = e =>
            {
                log.WriteLine(e.ToJson());
                view.On(e);
            },
            OnConsole = view.OnConsole,
        };
        bool isReached = view.Show(() => run.Run(goal, limit, stop));
        return !run.HasNothingToBoot ? isReached ? ExitCode.Success : ExitCode.TimedOut : throw new ReleaseException(
            $"{result.GetValue(flash)}: neither app slot of {kind.Id} has an app; give the --board of the file, or create "
                + "another file with 'nano-ota flash' ('nano-ota inspect' shows the content)");
    }

    private static NorFlash OpenFlash(string path, Board board)
    {
        var flash = NorFlash.Open(InputPath.Existing(path, "flash file", "make one with 'nano-ota flash'"), board.FlashSize);
        var table = new byte[PartitionBinary.Size];
        flash.Read(PartitionBinary.Offset, table);
        if (FlashImage.TableIn(board, table) != FlashTable.Other) return flash;
        flash.Dispose();
        throw new ReleaseException($"{path}: its partition table is not the one of {board.Id}; give the --board of the file");
    }
}
