using System.CommandLine;
using NanoOta.Releases;
using Spectre.Console;

namespace NanoOta.Cli.Release;

/// <summary><c>nano-ota verify</c>: checks a release folder.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "Release folder" };
        var trust = CommonOptions.Trust("Trusted key; may be repeated", required: true);
        var json = CommonOptions.Json();
        var command = new ExampleCommand("verify", "Check a release as a device does. Exit code 1 if a check fails.",
            "nano-ota verify release --trust keys/public.pem") { folder, trust, json };
        command.SetAction(result =>
        {
            var keys = CommonOptions.LoadKeys(result.GetValue(trust));
            var findings = ReleaseCheck.Run(result.GetRequiredValue(folder), keys);
            bool good = findings.All(f => f.Passed != false);
            if (result.GetValue(json)) Report.Print(result, new { good, checks = findings }, json: true);
            else Print(Report.Console(result), findings);
            return good ? ExitCode.Success : ExitCode.NotGood;
        });
        return command;
    }

    private static void Print(IAnsiConsole console, IReadOnlyList<Finding> findings)
    {
        int width = findings.Max(f => f.Check.Length);
        foreach (var finding in findings)
        {
            console.Markup(finding.Passed switch { true => "[green]✓[/] ", false => "[red]✗[/] ", null => "[grey]-[/] " });
            console.MarkupLineInterpolated($"{finding.Check.PadRight(width)}  {DeviceText.Visible(finding.Detail)}");
        }
    }
}
