using System.CommandLine;
using NanoOta.Releases;

namespace NanoOta.Cli.Release;

/// <summary><c>nano-ota rollout</c>: widens, stops or limits a published release.</summary>
internal static class RolloutCommand
{
    public static Command Create()
    {
        var release = new Argument<string>("release") { Description = "Release folder", HelpName = "DIR" };
        var key = new Option<string>("--key") { Description = "Private key of the release", HelpName = "PEM", Required = true };
        var json = CommonOptions.Json();
        var rollout = new RolloutOptions();
        var command = new ExampleCommand("rollout", "Change which devices may install a published release, and until when.",
            "nano-ota rollout release --wave 10 --key keys/private.pem",
            "nano-ota rollout release --wave 0 --key keys/private.pem        # stop: no further device installs it",
            "nano-ota rollout release --wave 100 --expires 90d --key keys/private.pem");
        command.Add(release);
        rollout.AddTo(command);
        command.Add(key);
        command.Add(json);
        command.SetAction(result =>
        {
            using var signing = SigningKey.Load(result.GetRequiredValue(key));
            var manifest = ReleaseBuilder.Republish(result.GetRequiredValue(release), signing, old => rollout.Apply(result, old));
            Report.Print(result, new { manifest.Version, manifest.Sequence, rollout = manifest.Rollout.Describe() },
                result.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }
}
