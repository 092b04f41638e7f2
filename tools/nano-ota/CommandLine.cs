using System.CommandLine;
using System.Text.RegularExpressions;
using NanoOta.Boards;
using NanoOta.Cli.Demo;
using NanoOta.Cli.Device;
using NanoOta.Cli.Fleet;
using NanoOta.Cli.Release;
using NanoOta.Cli.Rig;
using NanoOta.Releases;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli;

/// <summary>The exit codes of nano-ota.</summary>
public static class ExitCode
{
    public const int Success = 0;

    /// <summary>A check failed.</summary>
    public const int NotGood = 1;

    /// <summary>Wrong usage or input; the error output has a message.</summary>
    public const int WrongInput = 2;

    /// <summary>The expected state or answer did not come in time.</summary>
    public const int TimedOut = 3;

    /// <summary>Ended by Ctrl-C.</summary>
    public const int Interrupted = 130;
}

/// <summary>The command line of nano-ota: all commands, and how their errors are shown.</summary>
public static partial class CommandLine
{
    /// <summary>From Ctrl-C to the end.</summary>
    private static readonly TimeSpan InterruptLimit = TimeSpan.FromSeconds(2);

    /// <summary>The same for a rig, which flashes its devices before it ends.</summary>
    private static readonly TimeSpan RigInterruptLimit = TimeSpan.FromMinutes(5);

    /// <summary>Runs a command line; returns its exit code (<see cref="ExitCode"/>).</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var result = CreateRoot().Parse(args.Length == 0 ? ["--help"] : args);
        if (result.Errors.Count > 0)
        {
            var command = result.CommandResult.Command;
            var name = command is RootCommand ? "" : PathOf(command);
            return Fail(error, $"{Explain(result)}; see 'nano-ota {name}--help'");
        }

        if (Numbers.Wrong(result) is { } wrong) return Fail(error, wrong);
        if (Array.IndexOf(args, "") is var empty and >= 0)
            return Fail(error, $"the value {(empty > 0 ? $"after {args[empty - 1]} " : "")}is empty");

        var printed = new NamedWriter(output, "the standard output");
        bool isScreen = output == Console.Out && !Console.IsOutputRedirected;
        try
        {
            int code = await result.InvokeAsync(new InvocationConfiguration
            {
                Output = isScreen ? output : printed,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = PathOf(result.CommandResult.Command).StartsWith("rig ") ? RigInterruptLimit : InterruptLimit,
            }, printed.Broken);
            if (printed.Fault != null) throw printed.Fault;
            return args.Length == 0 ? ExitCode.WrongInput : code;
        }
        catch (Exception e) when (printed.Fault != null || e is ReleaseException or BoardException or FlashFileException
            or VectorException)
        {
            return Fail(error, (printed.Fault ?? e).Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(error, $"{e.Message.TrimEnd('.')}; check that the file exists, its permissions, and the free space of the disk");
        }
    }

    private static RootCommand CreateRoot()
    {
        var root = new RootCommand(
            "Over-the-air updates for .NET nanoFramework: pack, sign, check, serve and flash releases, watch and command devices.")
        {
            KeygenCommand.Create(),
            IdentityCommand.Create(),
            PackCommand.Create(),
            BenchCommand.Create(),
            RolloutCommand.Create(),
            InspectCommand.Create(),
            VerifyCommand.Create(),
            ServeCommand.Create(),
            PublishCommand.Create(),
            WatchCommand.Create(),
            DeviceControlCommand.Create(),
            ReportCommand.Create(),
            FlashCommand.Create(),
            BoardsCommand.Create(),
            DeviceCommand.Create(),
            VectorsCommand.Create(),
            DemoCommand.Create(),
            RigCommand.Create(),
        };
        Examples.AddToHelp(root);
        return root;
    }

    private static string PathOf(Command command) =>
        (command.Parents.OfType<Command>().FirstOrDefault(parent => parent is not RootCommand)?.Name is { } parent ? parent + " " : "")
        + command.Name + " ";

    private static string Explain(ParseResult result)
    {
        if (result.UnmatchedTokens.Count > 0) return $"'{result.UnmatchedTokens[0]}' is not known here";
        var message = result.Errors[0].Message.TrimEnd('.');
        var number = Unparsed().Match(message);
        return number.Success ? $"{number.Groups[2]} '{number.Groups[1]}' is not a number that fits" : message;
    }

    // The library's message names a .NET type.
    [GeneratedRegex("^Cannot parse argument '(.*)' for option '(.*)' as expected type")]
    private static partial Regex Unparsed();

    private static int Fail(TextWriter error, string message)
    {
        try
        {
            error.WriteLine("nano-ota: " + DeviceText.Visible(message));
        }
        catch (IOException)
        {
            // The error output is closed; the exit code remains.
        }

        return ExitCode.WrongInput;
    }
}
