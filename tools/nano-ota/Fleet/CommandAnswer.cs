using System.CommandLine;
using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>Prints how a command ended.</summary>
internal static class CommandAnswer
{
    /// <summary>Prints the answer.</summary>
    /// <param name="result">Of the command line.</param>
    /// <param name="command">The command.</param>
    /// <param name="name">Its name on the command line.</param>
    /// <param name="outcome">Its outcome, with an answer.</param>
    /// <param name="json">Whether to print JSON.</param>
    /// <returns>The exit code.</returns>
    public static int Print(ParseResult result, AddressedCommand command, string name, CommandOutcome outcome, bool json)
    {
        long code = outcome.Answer!.Number("code")!.Value;
        var known = ErrorText.Known(code);
        Report.Print(result, new
        {
            device = DeviceText.Clean(command.DeviceId),
            command = name,
            done = code == 0,
            code,
            text = known is { } error ? UpdateErrors.Text(error) : outcome.Answer.Text("text") ?? "unknown to this tool",
            cause = outcome.Answer.Number("cause") is { } cause ? ErrorText.Of(cause) : null,
            remedy = code == 0 ? null : Remedy(code, outcome.Answer),
            note = outcome.IsOurs ? null : "the answer names no command; it may belong to a command of another operator",
        }, json);
        return code == 0 ? ExitCode.Success : ExitCode.NotGood;
    }

    private static string Remedy(long code, DeviceMessage answer) =>
        code is (int)UpdateError.CommandReplayed or (int)UpdateError.CommandTooFarAhead
            && answer.Number("last") is >= 0 and < OutgoingCommand.MaxNumber and var last
            ? $"its last counter is {last}, so give --counter {last + 1}; check the clock of the sender of that command"
            : ErrorText.Remedy(code);

    /// <summary>Prints why there is no answer.</summary>
    /// <returns>The exit code.</returns>
    public static int PrintTimeout(ParseResult result, AddressedCommand command, CommandOutcome outcome)
    {
        var seconds = $"{command.Limit.TotalSeconds:0.#} s";
        var why = !outcome.IsDelivered ? "no device subscribes to its commands; check id and product, and that it is online"
            : outcome.Answer != null ? $"it promised a report, and none came in {seconds}; check that the broker allows the device to "
                + "publish it and this user to read it"
            : outcome.IsOnline == false ? "it is offline; send the command again when it is online"
            : $"it gave no answer in {seconds}, and may still execute the command; devices publish one refusal in ten seconds";
        result.InvocationConfiguration.Error.WriteLine($"nano-ota: {DeviceText.Clean(command.DeviceId)}: {why}");
        return ExitCode.TimedOut;
    }
}
