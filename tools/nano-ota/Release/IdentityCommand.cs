using System.CommandLine;
using System.Text;
using NanoOta.Boards;
using NanoOta.Releases;

namespace NanoOta.Cli.Release;

/// <summary><c>nano-ota identity</c>: writes the sources by which firmware for a board says what it is.</summary>
internal static class IdentityCommand
{
    public static Command Create()
    {
        var board = CommonOptions.Board();
        var product = CommonOptions.Product();
        var version = CommonOptions.Version();
        var trust = CommonOptions.Trust("Key that the firmware trusts; may be repeated", required: true);
        var folder = CommonOptions.WithDefault<string>("--out", "DIR", ".",
            "Folder of the project NanoOta.Identity: its sources are replaced; without an .nfproj one is written");
        var json = CommonOptions.Json();
        var command = new ExampleCommand("identity",
            "Write the sources of NanoOta.Identity for a release. Build the app with them, then pack it.",
            "nano-ota identity --board esp32-devkitc-4mb --product lamp --version 1.2.0 --trust keys/public.pem "
                + "--out agent/NanoOta.Identity") { board, product, version, trust, folder, json };
        command.SetAction(result =>
        {
            var name = result.GetRequiredValue(product);
            ReleaseManifest.CheckName("--product", name);
            var keys = CommonOptions.LoadKeys(result.GetRequiredValue(trust));
            var identity = AppIdentity.For(Board.Load(result.GetRequiredValue(board)), name, result.GetRequiredValue(version), keys);
            var files = Write(identity, result.GetRequiredValue(folder));
            Report.Print(result, Describe(identity, files), result.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    // A file that is right already keeps its time, so that nothing is built in vain.
    private static IReadOnlyList<string> Write(AppIdentity identity, string folder)
    {
        var files = new List<string>();
        var project = Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.nfproj").Any() ? [] : IdentitySource.CreateProject();
        foreach (var source in IdentitySource.Create(identity).Concat(project))
        {
            var file = Path.Combine(folder, source.Path);
            InputPath.NewFolder(Path.GetDirectoryName(file)!);
            InputPath.NewFile(file);
            byte[] text = Encoding.UTF8.GetBytes(source.Text);
            bool isRight = InputFile.TryRead(file, text.Length, out _) is { } there && there.AsSpan().SequenceEqual(text);
            if (!isRight) OutputFile.Write(new OutputFile(file, text));
            files.Add(file);
        }

        return files;
    }

    private static object Describe(AppIdentity identity, IReadOnlyList<string> files) => new
    {
        identity.Product,
        identity.Board,
        identity.Version,
        assemblyVersion = typeof(IdentitySource).Assembly.GetName().Version!.ToString(),
        keys = identity.TrustedKeys.Select(key => Convert.ToHexStringLower(key.Id)),
        written = files,
    };
}
