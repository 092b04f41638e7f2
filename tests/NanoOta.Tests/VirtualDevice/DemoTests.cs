using NanoOta.Tests.Cli;

namespace NanoOta.Tests.VirtualDevice;

/// <summary>The demo of the README, in a process of its own: the longest test, so it is in a folder whose tests start early.</summary>
[TestClass]
public sealed class DemoTests
{
    [TestMethod]
    public void The_demo_ends_as_expected()
    {
        var file = Path.GetTempFileName();
        var run = NanoOtaTool.Run("demo", "--json", file);
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(file));
        Assert.IsTrue(json.RootElement.GetProperty("ok").GetBoolean());
        CollectionAssert.AreEqual(
            new[]
            {
                "first-flash", "good-update", "lost-connection", "power-cut", "corrupt-file", "stranger", "wrong-board", "too-big",
                "crash-on-boot", "hang", "unhealthy", "no-loop", "recover",
                "busy-server", "weak-battery", "power-blip", "wrong-runtime", "wave",
                "late-crash", "safe-mode", "sleeper",
                "delta", "wrong-base", "first-install-compressed",
                "runtime-update", "runtime-crash", "pair-cut", "clr-only",
                "announce", "broker-down", "forged-command", "support-bundle",
            },
            json.RootElement.GetProperty("chapters").EnumerateArray().Select(c => c.GetProperty("id").GetString()).ToArray());
        File.Delete(file);
    }
}
