using System.CommandLine;
using NanoOta.Boards;
using NanoOta.Cli.Device;
using NanoOta.Releases;
using NanoOta.VirtualDevice;
using Spectre.Console;

namespace NanoOta.Cli.Commands;

/// <summary><c>nano-ota device</c>: powers a virtual device.</summary>
internal static class DeviceCommand
{
    public static Command Create()
    {
        var board = CommonOptions.Board();
        var flash = new Option<string>("--flash") { Description = "Flash file of the device, made by 'nano-ota flash'", HelpName = "FILE", Required = true };
        var offer = new Option<string>("--offer") { Description = "Address of the releases: a manifest (.cose) or its folder", HelpName = "URL", Required = true };
        var until = new Option<string?>("--until") { Description = "State that ends the run: confirmed:VERSION, reverted, refused or idle", HelpName = "STATE" };
        var timeout = new Option<double?>("--timeout") { Description = "Give up after this time (exit code 3)", HelpName = "SECONDS" };
        var events = new Option<string?>("--events") { Description = "File for the events of this run, one JSON object a line", HelpName = "FILE" };
        var watchdog = new Option<double>("--trial-watchdog")
        {
            Description = "Time that a trial has for its verdict",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 10,
        };
        var quiet = new Option<bool>("--quiet") { Description = "Print nothing but errors" };
        var command = new ExampleCommand("device", "Power a virtual device and supervise it through resets.",
            "nano-ota device --board esp32-devkitc-4mb --flash my.flash --offer http://127.0.0.1:8080/",
            "nano-ota device --board esp32-devkitc-4mb --flash my.flash --offer http://127.0.0.1:8080/ --until confirmed:1.1.0 --timeout 60")
        { board, flash, offer, until, timeout, events, watchdog, quiet };
        command.SetAction((result, stop) => Task.Run(() =>
        {
            var goal = result.GetValue(until) is { } text ? Goal.Parse(text) : null;
            var kind = Board.Load(result.GetRequiredValue(board));
            using var file = OpenFlash(result.GetRequiredValue(flash), kind);
            using var log = result.GetValue(events) is { } name ? new StreamWriter(name) { AutoFlush = true } : StreamWriter.Null;
            var view = new DeviceView(MakeConsole(result, result.GetValue(quiet)), showConsole: true);
            using var run = new DeviceRun(kind, file, CheckAddress(result.GetRequiredValue(offer)), Seconds("--trial-watchdog", result.GetValue(watchdog)))
            {
                OnEvent = e =>
                {
                    log.WriteLine(e.ToJson());
                    view.On(e);
                },
                OnConsole = view.OnConsole,
            };
            var limit = result.GetValue(timeout) is { } seconds ? Seconds("--timeout", seconds) : Timeout.InfiniteTimeSpan;
            return Run(view, run, goal, limit, stop);
        }, CancellationToken.None));
        return command;
    }

    private static int Run(DeviceView view, DeviceRun run, Goal? goal, TimeSpan limit, CancellationToken stop)
    {
        try
        {
            return view.Show(() => run.Run(goal, limit, stop)) ? ExitCode.Success : ExitCode.TimedOut;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    private static NorFlash OpenFlash(string path, Board board) => File.Exists(path) ? NorFlash.Open(path, board.FlashSize)
        : throw new ReleaseException($"{path}: no such flash file; make one with 'nano-ota flash'");

    private static string CheckAddress(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? address
        : throw new ReleaseException($"--offer '{address}' is not an http or https address, such as http://127.0.0.1:8080/");

    private static TimeSpan Seconds(string option, double seconds) => seconds is > 0 and < 1e6 ? TimeSpan.FromSeconds(seconds)
        : throw new ReleaseException($"{option} {seconds} is not a number of seconds above 0");

    private static IAnsiConsole MakeConsole(ParseResult result, bool quiet)
    {
        var output = new AnsiConsoleOutput(quiet ? TextWriter.Null : result.InvocationConfiguration.Output);
        var plain = new AnsiConsoleSettings { Out = output, Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors };
        var console = AnsiConsole.Create(output.IsTerminal ? new AnsiConsoleSettings { Out = output } : plain);
        if (!output.IsTerminal) console.Profile.Width = 1000;
        return console;
    }
}
