using NanoOta.Tests.Releases;
using static NanoOta.Tests.Support.FileSystemCalls;

namespace NanoOta.Tests.Cli;

/// <summary>Endless, empty and too large files as arguments of the command line.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
public sealed class OddFilesTests
{
    private const string Odd = "ODD";

    private readonly TemporaryFolder folder = new();

    [TestInitialize]
    public void MakeFiles()
    {
        NanoOtaTool.MakeKeysAndApp(folder);
        folder.Write("my.flash", "");
        folder.Write("token", "a token of the test");
    }

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    [DataRow("verify . --trust ODD")]
    [DataRow("identity --board esp32-devkitc-4mb --version 1.0.0 --trust ODD --out .")]
    [DataRow("pack --board esp32-devkitc-4mb --app App.dll --version 1.0.0 --out r --key ODD")]
    [DataRow("pack --board esp32-devkitc-4mb --app App.dll --version 1.0.0 --out r --key keys/private.pem --trust ODD")]
    [DataRow("pack --board esp32-devkitc-4mb --app App.dll --version 1.0.0 --out r --key keys/private.pem --firmware ODD")]
    [DataRow("pack --board esp32-devkitc-4mb --app ODD.bin --version 1.0.0 --out r --key keys/private.pem")]
    [DataRow("pack --board esp32-devkitc-4mb --app ODD.pe --version 1.0.0 --out r --key keys/private.pem")]
    [DataRow("pack --board esp32-devkitc-4mb --app ODD.dll --version 1.0.0 --out r --key keys/private.pem")]
    [DataRow("pack --board ODD --app App.dll --version 1.0.0 --out r --key keys/private.pem")]
    [DataRow("rollout . --wave 1 --key ODD")]
    [DataRow("inspect ODD")]
    [DataRow("flash --board esp32-devkitc-4mb --app App.dll --version 1.0.0 --out f --trust ODD")]
    [DataRow("flash --board esp32-devkitc-4mb --app App.dll --version 1.0.0 --files f --trust keys/public.pem --clr ODD --bootloader token")]
    [DataRow("flash --board esp32-devkitc-4mb --app App.dll --version 1.0.0 --files f --trust keys/public.pem --clr token --bootloader ODD")]
    [DataRow("device --board lolin-d32-4mb --offer http://h/ --flash ODD")]
    [DataRow("device --board lolin-d32-4mb --offer http://h/ --flash my.flash --supply ODD")]
    [DataRow("device --board lolin-d32-4mb --offer http://h/ --flash my.flash --ca ODD")]
    [DataRow("device --board lolin-d32-4mb --offer http://h/ --flash my.flash --broker mqtt://h --id x --command-key ODD")]
    [DataRow("device --board lolin-d32-4mb --offer http://h/ --flash my.flash --broker mqtt://h --id x --command-token-file ODD")]
    [DataRow("watch --broker mqtts://h --ca ODD")]
    [DataRow("command x check --broker mqtt://h --key ODD")]
    [DataRow("command x check --broker mqtt://h --token-file ODD")]
    [DataRow("publish . --broker mqtt://h --trust ODD")]
    public async Task Pipes_devices_empty_and_endless_files_are_refused_at_once(string line)
    {
        foreach (var kind in new[] { "pipe", "zero", "large", "empty", "link" })
        {
            var ending = line.Split(' ').Single(word => word.StartsWith(Odd))[Odd.Length..];
            var odd = Make(kind, ending);
            var args = line.Split(' ').Select(word => word.StartsWith(Odd) ? odd : IsFile(word) ? folder.File(word) : word).ToArray();
            var run = await Task.Run(() => NanoOtaTool.Run(args)).WaitAsync(TimeSpan.FromSeconds(60));
            StringAssert.Contains(run.Refusal, Path.GetFileName(odd), kind);
        }
    }

    private bool IsFile(string word) => File.Exists(folder.File(word)) || word is "." or "r" or "f";

    private string Make(string kind, string ending)
    {
        var path = folder.File(kind + ending);
        switch (kind)
        {
            case "pipe": MakePipe(path); break;
            case "zero": File.CreateSymbolicLink(path, "/dev/zero"); break;
            case "link": File.CreateSymbolicLink(path, folder.File("pipe" + ending)); break;
            case "large":
                using (var file = File.Create(path)) file.SetLength(3L << 30);
                break;
            default: File.WriteAllText(path, ""); break;
        }

        return path;
    }
}
