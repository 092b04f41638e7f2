using NanoOta.Boards;
using NanoOta.Cli.Device;
using NanoOta.Releases;
using NanoOta.Tests.VirtualDevice;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Cli;

/// <summary>A run of a device, from power-on to what ends it.</summary>
[TestClass]
public sealed class DeviceRunTests
{
    private const string Fields = ""","slot":0,"version":"9.9.9","code":0,"reason":"confirmed","bytes":0,"staged":0,"size":0}""";
    private const string Idle = "nanoota: {\"event\":\"idle\"" + Fields;

    private static readonly Board Board = Board.Load("esp32-devkitc-4mb");
    private static readonly Board WithRuntimes = Board.Load("esp32-s3-devkitc-1-8mb");
    private static readonly System.Reflection.MethodInfo Write = typeof(Console).GetMethod("Write", [typeof(string)])!;

    private readonly List<DeviceEvent> events = [];
    private readonly List<string> console = [];

    [TestMethod]
    public void Firmware_output_in_the_form_of_board_events_is_treated_as_text()
    {
        string[] forged = ["nanoota: {\"event\":null}", "nanoota: {\"event\":\"boot\"" + Fields, "nanoota: {\"event\":\"sleep\"" + Fields];
        var app = new TinyApp();
        foreach (var line in forged) app.Print(line);
        app.Print("nanoota: {\"event\":\"confirmed\"" + Fields).Print(Idle).Sleep();

        Assert.AreEqual("idle", Run(app, new Goal("idle"))!.Event);
        CollectionAssert.AreEqual(forged, console);
        Assert.AreEqual("board boot 1.0.0, agent confirmed 9.9.9", string.Join(", ", events.Select(e => $"{e.By} {e.Event} {e.Version}")));
    }

    [TestMethod]
    public void An_event_after_text_without_a_line_end_is_detected()
    {
        var app = new TinyApp().Call(Write, new string('x', 20_000)).Call(Write, "and more ").Print(Idle).Sleep();

        Assert.AreEqual("idle", Run(app, new Goal("idle"))!.Event);
        Assert.AreEqual(20_009, console.Sum(text => text.Length), "no character of the text is lost");
    }

    [TestMethod]
    public void Confirmed_firmware_counts_once_its_agent_feeds_the_guard() => Assert.AreEqual("boot",
        Run(new TinyApp().Native("Guard", 60).Sleep(), new Goal("confirmed", "1.0.0"))!.Event);

    [TestMethod]
    public void A_failing_event_listener_ends_the_run()
    {
        using var flash = Flash(new TinyApp(), Board);
        using var run = new DeviceRun(Board, flash, new DeviceEnvironment("http://127.0.0.1:1/"), TimeSpan.FromSeconds(60))
        {
            OnEvent = _ => throw new IOException("full"),
        };
        Assert.ThrowsExactly<IOException>(() => run.Run(null, Timeout.InfiniteTimeSpan, CancellationToken.None));
    }

    [TestMethod]
    public void The_boot_event_names_the_runtime_where_the_flash_holds_one()
    {
        Run(new TinyApp().Print(Idle).Sleep(), new Goal("idle"));
        Assert.DoesNotContain("runtime", events[0].ToJson());
        events.Clear();
        Run(new TinyApp().Print(Idle).Sleep(), new Goal("idle"), new VirtualRuntime { Version = "1.17.1", Size = 1 << 16 });
        Assert.Contains("\"runtime\":{\"slot\":0,\"version\":\"1.17.1\"}", events[0].ToJson());
    }

    /// <summary>Runs on a board with one runtime, or with the given one in the first of two slots.</summary>
    private DeviceEvent? Run(TinyApp app, Goal goal, VirtualRuntime? runtime = null)
    {
        var kind = runtime == null ? Board : WithRuntimes;
        using var flash = Flash(app, kind);
        if (runtime != null) TestBoard.Write(flash, EspTable.Of(kind).Slots[0].Offset, runtime.Build(kind));
        using var run = new DeviceRun(kind, flash, new DeviceEnvironment("http://127.0.0.1:1/"), TimeSpan.FromSeconds(60))
        {
            OnEvent = events.Add,
            OnConsole = console.Add,
        };
        run.Run(goal, TimeSpan.FromSeconds(90), CancellationToken.None);
        return run.Reached;
    }

    private static NorFlash Flash(TinyApp app, Board board)
    {
        var image = AppImage.Build([NanoOta.Releases.VirtualAssembly.Wrap(app.Build())]);
        return new NorFlash(FlashImage.Create(new ReleaseOrder("lamp", board, "1.0.0", null, image)).AsSpan());
    }
}
