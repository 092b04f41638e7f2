using System.CommandLine;
using NanoOta.Releases;

namespace NanoOta.Cli.Release;

/// <summary><c>nano-ota keygen</c>: creates a key pair.</summary>
internal static class KeygenCommand
{
    public static Command Create()
    {
        var folder = CommonOptions.Of<string>("--out", "DIR", "Folder for private.pem and public.pem", required: true);
        var force = new Option<bool>("--force") { Description = "Replace existing keys; the old ones are lost" };
        var command = new ExampleCommand("keygen", "Create the P-256 key pair that signs releases.",
            "nano-ota keygen --out keys") { folder, force };
        command.SetAction(result => Run(result, result.GetRequiredValue(folder), result.GetValue(force)));
        return command;
    }

    private static int Run(ParseResult result, string folder, bool force)
    {
        var privateFile = Path.Combine(folder, "private.pem");
        var publicFile = Path.Combine(folder, "public.pem");
        if (!force && new[] { privateFile, publicFile }.FirstOrDefault(File.Exists) is { } existing)
            throw new ReleaseException($"{existing}: exists already; choose another folder, or give --force if no device trusts it");
        InputPath.NewFolder(folder);
        using var key = SigningKey.Generate();
        key.Save(privateFile, publicFile);
        var id = Convert.ToHexStringLower(key.Public.Id);
        Report.Print(result, new { key = id, @private = privateFile, @public = publicFile }, json: false);
        return ExitCode.Success;
    }
}
