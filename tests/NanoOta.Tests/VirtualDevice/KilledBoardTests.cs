using System.Diagnostics;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

/// <summary>The program with the board in it is killed, as by <c>kill -9</c>.</summary>
[TestClass]
public sealed class KilledBoardTests
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"nanoota-{Guid.NewGuid():N}.flash");

    private Process? host;

    [TestCleanup]
    public void Remove()
    {
        host?.Kill();
        host?.WaitForExit();
        host?.Dispose();
        File.Delete(path);
    }

    [TestMethod]
    public void The_CPU_dies_with_its_board_even_in_a_busy_loop()
    {
        Flash(new TinyApp().Print("busy").Forever(_ => { }).Build());
        Start();
        int cpu = NextLine().Cpu;
        Assert.IsFalse(Processes.IsGone(cpu));
        Kill();
        Assert.IsTrue(Processes.WaitUntilGone(cpu));
    }

    [TestMethod]
    public void Operations_that_returned_to_the_app_are_in_the_flash_file()
    {
        const int Journal = 4;
        var app = new TinyApp();
        for (int sector = 0; sector < 2; sector++) app.Native("Erase", Journal, sector * NorFlash.SectorSize);
        Flash(app.Print("done").Sleep().Build(), flash =>
        {
            for (int sector = 0; sector < 2; sector++)
                flash.Program(TestBoard.Map.Records + FlashLayout.Journal + sector * NorFlash.SectorSize, new byte[4096]);
        });
        Start();
        while (NextLine().Text != "done") { }
        Kill();
        using var flash = NorFlash.Open(path, TestBoard.Kind.FlashSize);
        var journal = flash.Snapshot().AsSpan(TestBoard.Map.Records + FlashLayout.Journal, 2 * NorFlash.SectorSize);
        Assert.IsFalse(journal.ContainsAnyExcept((byte)0xFF));
    }

    [TestMethod]
    public void A_flash_file_of_a_running_device_is_refused_and_of_a_killed_one_is_free()
    {
        Flash(new TinyApp().Print("up").Sleep().Build());
        Start();
        NextLine();
        Assert.ThrowsExactly<FlashFileException>(() => NorFlash.Open(path, TestBoard.Kind.FlashSize));
        Kill();
        NorFlash.Open(path, TestBoard.Kind.FlashSize).Dispose();
    }

    [TestMethod]
    public void The_CPU_dies_with_a_board_that_is_killed_while_it_resets()
    {
        var random = new Random(1);
        Flash(new TinyApp().Print("up").Native("Restart").Build());
        for (int i = 0; i < 25; i++)
        {
            var seen = new HashSet<int>();
            Start();
            for (int boots = random.Next(1, 4); boots > 0; boots--) seen.Add(NextLine().Cpu);
            Thread.Sleep(random.Next(12));
            Kill();
            while (host!.StandardOutput.ReadLine() is { } line) seen.Add(int.Parse(line.Split(' ')[0]));
            foreach (int cpu in seen) Assert.IsTrue(Processes.WaitUntilGone(cpu), $"round {i}, process {cpu}");
        }
    }

    private void Flash(byte[] app, Action<NorFlash>? more = null)
    {
        using var flash = NorFlash.Open(path, TestBoard.Kind.FlashSize);
        TestBoard.Write(flash, TestBoard.Map.Slot0, VirtualAssembly.Wrap(app));
        more?.Invoke(flash);
    }

    private void Start()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "BoardHost.dll");
        host = Process.Start(new ProcessStartInfo("dotnet", [program, TestBoard.Kind.Id, path]) { RedirectStandardOutput = true });
    }

    private void Kill()
    {
        host!.Kill();
        host.WaitForExit();
    }

    private (int Cpu, string Text) NextLine()
    {
        var parts = (host!.StandardOutput.ReadLine() ?? throw new AssertFailedException("the board ended")).Split(' ', 2);
        return (int.Parse(parts[0]), parts[1]);
    }
}
