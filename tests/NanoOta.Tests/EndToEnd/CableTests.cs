using NanoOta.Cli.Device;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.EndToEnd;

/// <summary>A developer writes another app into a device's flash file in the middle of an update.</summary>
[TestClass]
public sealed class CableTests
{
    private static readonly NanoOta.Boards.Board Board = NanoOta.Boards.Board.Load(DeveloperSetup.DefaultBoard);
    private static readonly FlashMap Map = FlashMap.Of(Board);

    [TestMethod]
    [DataRow("trial", 1)]
    [DataRow("trial", 0)]
    [DataRow("activated", 0)]
    public async Task A_deployment_during_an_update_runs_and_the_release_is_dropped_with_6009(string moment, int slot)
    {
        await using var setup = new DeveloperSetup().Flash("good", "1.0.0").Pack("silent", "1.1.0");
        await using var developer = new DeveloperSetup().Flash("good", "9.9.9");
        Run(setup, await setup.ServeAsync(), moment);
        Deploy(developer.FlashFile, setup.FlashFile, slot);

        var events = Run(setup, await setup.ServeAsync(), "refused");
        Assert.AreEqual(("boot", slot, (int)UpdateError.CableDeployment), Place(events[0]));
        Assert.Contains("a deployment by cable ended the trial", events[0].Reason!);
        Assert.AreEqual((int)UpdateError.CableDeployment, events[^1].Code);
        Assert.AreEqual("1.1.0", events[^1].Version);

        var next = Run(setup, await developer.ServeAsync(), "refused");
        Assert.AreEqual(("boot", slot, 0), Place(next[0]));
        Assert.AreEqual((int)UpdateError.FileNotFound, next[^1].Code, "it is reported once");
    }

    private static (string, int?, int?) Place(DeviceEvent e) => (e.Event, e.Slot, e.Code);

    private static List<DeviceEvent> Run(DeveloperSetup setup, string offer, string until)
    {
        var events = new List<DeviceEvent>();
        using var flash = NorFlash.Open(setup.FlashFile, Board.FlashSize);
        using var device = new DeviceRun(Board, flash, new DeviceEnvironment(offer), TimeSpan.FromSeconds(60)) { OnEvent = events.Add };
        Assert.IsTrue(device.Run(new Goal(until), TimeSpan.FromSeconds(90), CancellationToken.None), $"never {until}");
        return [.. events.TakeWhile(e => e.Event != until), events.First(e => e.Event == until)];
    }

    /// <summary>The whole slot, as a deployment does that erases the partition first.</summary>
    private static void Deploy(string from, string to, int slot)
    {
        var image = File.ReadAllBytes(from).AsSpan(Map.Slot0, Map.SlotSize);
        using var file = File.OpenWrite(to);
        file.Position = Map.Slot(slot);
        file.Write(image);
    }
}
