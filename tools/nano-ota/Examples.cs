using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace NanoOta.Cli;

/// <summary>A command whose help ends with examples.</summary>
public sealed class ExampleCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Sets an action that Ctrl-C ends with <see cref="ExitCode.Interrupted"/>.</summary>
    public void SetInterruptibleAction(Func<ParseResult, CancellationToken, Task<int>> action) => SetAction(async (result, stop) =>
    {
        await Task.Yield(); // the library handles Ctrl-C only after the first await
        try
        {
            return await action(result, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    });
}

/// <summary>Adds the examples of commands to their help.</summary>
internal static class Examples
{
    public static void AddToHelp(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((SynchronousCommandLineAction)help.Action!);
    }

    private sealed class HelpWithExamples(SynchronousCommandLineAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int code = help.Invoke(parseResult);
            if (parseResult.CommandResult.Command is not ExampleCommand { Examples.Count: > 0 } command) return code;
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in command.Examples) output.WriteLine("  " + example);
            output.WriteLine();
            return code;
        }
    }
}
