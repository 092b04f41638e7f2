using NanoOta.Releases;
using NanoOta.Tests.Releases;
using static NanoOta.Tests.Support.FileSystemCalls;

namespace NanoOta.Tests.Cli;

/// <summary>What is left when there is no room, or no place, for what a command writes.</summary>
[TestClass]
public sealed class FullDiskTests
{
    private readonly TemporaryFolder folder = new();

    private string Disk => folder.File("disk");

    [TestInitialize]
    public void MakeInputs() => NanoOtaTool.MakeKeysAndApp(folder);

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_full_disk_leaves_the_old_file_and_no_temporary_one()
    {
        Directory.CreateDirectory(Disk);
        if (!MountInMemory(Disk, "128k"))
            Assert.Inconclusive("a small disk takes the right to mount one: run as root, with CAP_SYS_ADMIN");
        try
        {
            NanoOtaTool.Run("keygen", "--out", Path.Combine(Disk, "keys")).MustSucceed();
            NanoOtaTool.Run(Pack("1.0.0")).MustSucceed();
            File.WriteAllText(Path.Combine(Disk, "flash"), "a flash");
            Fill(Path.Combine(Disk, "filler"));
            var before = Content();

            string[][] commands =
            [
                ["keygen", "--out", Path.Combine(Disk, "keys"), "--force"], Pack("1.1.0"), Pack("1.2.0"),
                ["rollout", Path.Combine(Disk, "release"), "--wave", "5", "--key", folder.File("keys/private.pem")],
                ["flash", "--board", TestInput.BoardName, "--app", folder.File("App.dll"), "--version", "1.0.0", "--trust",
                    folder.File("keys/public.pem"), "--out", Path.Combine(Disk, "flash")],
                ["identity", "--board", TestInput.BoardName, "--version", "1.0.0", "--trust", folder.File("keys/public.pem"), "--out", Disk],
            ];
            foreach (var command in commands)
            {
                StringAssert.Contains(NanoOtaTool.Run(command).Refusal, "cannot be written (No space left on device); free space");
                CollectionAssert.AreEqual(before, Content(), string.Join(' ', command));
            }
        }
        finally
        {
            Unmount(Disk);
        }
    }

    [TestMethod]
    public void Files_that_belong_together_are_written_all_or_none()
    {
        var first = folder.Write("first", "old");
        OutputFile fresh = new(first, [1, 2]), lost = new(folder.File("no/second"), [3]);
        StringAssert.Contains(TestInput.Refusal(() => OutputFile.Write(fresh, lost)), "second: cannot be written (Could not find");
        Assert.AreEqual("old", File.ReadAllText(first));
        Assert.IsFalse(File.Exists(first + OutputFile.Unfinished));
        File.WriteAllText(first + OutputFile.Unfinished, "of a run that was killed");
        OutputFile.Write(fresh, new OutputFile(folder.File("second"), [3]));
        CollectionAssert.AreEqual(new byte[] { 1, 2 }, File.ReadAllBytes(first));
        Assert.IsFalse(File.Exists(first + OutputFile.Unfinished));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_pipe_in_the_place_of_a_file_is_not_replaced()
    {
        MakePipe(folder.File("pipe"));
        StringAssert.Contains(TestInput.Refusal(() => OutputFile.Write(new OutputFile(folder.File("pipe"), [1]))), "pipe: cannot be written");
        Assert.AreEqual(0, new FileInfo(folder.File("pipe")).Length);
    }

    private string[] Pack(string version) =>
    [
        "pack", "--board", TestInput.BoardName, "--app", folder.File("App.dll"), "--version", version,
        "--key", folder.File("keys/private.pem"), "--out", Path.Combine(Disk, "release"),
    ];

    private string[] Content() =>
    [
        .. Directory.EnumerateFiles(Disk, "*", SearchOption.AllDirectories).Order()
            .Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}"),
    ];

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // Full, which is what is wanted.
        }
    }
}
