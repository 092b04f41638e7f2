using System.CommandLine;
using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>Says how a command ended.</summary>
internal static class CommandAnswer
{
    /// <summary>Prints the answer.</summary>
    /// <param name="result">Of the command line.</param>
    /// <param name="command">What was sent.</param>
    /// <param name="word">The command's name.</param>
    /// <param name="end">With an answer.</param>
    /// <param name="json">Whether for programs.</param>
    /// <returns>The exit code.</returns>
    public static int Print(ParseResult result, DeskCommand command, string word, CommandEnd end, bool json)
    {
        long code = end.Answer!.Number("code")!.Value;
        var known = ErrorText.Known(code);
        Report.Print(result, new
        {
            device = DeviceText.Clean(command.DeviceId),
            command = word,
            done = code == 0,
            code,
            text = known is { } error ? UpdateErrors.Text(error) : end.Answer.Text("text") ?? "not known to this tool",
            cause = end.Answer.Number("cause") is { } cause ? ErrorText.Of(cause) : null,
            remedy = code == 0 ? null : Remedy(code, end.Answer),
            note = end.IsOurs ? null : "the answer names no command; if others command this device too, it may be to theirs",
        }, json);
        return code == 0 ? ExitCode.Success : ExitCode.NotGood;
    }

    private static string Remedy(long code, DeviceMessage answer) =>
        code is (int)UpdateError.CommandReplayed or (int)UpdateError.CommandTooFarAhead
            && answer.Number("last") is >= 0 and < OutgoingCommand.MaxNumber and var last
            ? $"its last counter is {last}, so give --counter {last + 1}; check the clock of who sent that one" : ErrorText.Remedy(code);

    /// <summary>Says why there is nothing to print.</summary>
    /// <returns>The exit code.</returns>
    public static int Silence(ParseResult result, DeskCommand command, CommandEnd end)
    {
        var seconds = $"{command.Limit.TotalSeconds:0.#} s";
        var why = !end.IsHeard ? "nobody listens to its commands; check id and product, and that it is online"
            : end.Answer != null ? $"it has promised a report, and none came in {seconds}; check that the broker lets it publish one and "
                + "this user read it"
            : end.IsOnline == false ? "it is offline; send the command again when it is back"
            : $"it gave no answer in {seconds}, and may still carry it out; a refusal is told once in ten seconds";
        result.InvocationConfiguration.Error.WriteLine($"nano-ota: {DeviceText.Clean(command.DeviceId)}: {why}");
        return ExitCode.TimedOut;
    }
}
