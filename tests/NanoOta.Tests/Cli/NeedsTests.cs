using System.Text.Json;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Cli;

/// <summary>The requirements of a packed release on a device.</summary>
[TestClass]
public sealed class NeedsTests
{
    private readonly TemporaryFolder folder = new();

    private string Release => folder.File("release");

    [TestInitialize]
    public void MakeKeysAndApp()
    {
        NanoOtaTool.Run("keygen", "--out", folder.File("keys")).MustSucceed();
        folder.Write("App.dll", TestInput.AppDll());
    }

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public void Chip_and_slot_size_come_from_the_board_and_other_needs_are_optional()
    {
        Pack().MustSucceed();
        var manifest = Inspect();
        Assert.AreEqual("esp32", manifest.GetProperty("chip").GetString());
        Assert.AreEqual(0xD0000, manifest.GetProperty("slotSize").GetInt32());
        Assert.AreEqual(JsonValueKind.Null, manifest.GetProperty("agentLevel").ValueKind);
        Assert.AreEqual(JsonValueKind.Null, manifest.GetProperty("settingsSchema").ValueKind);
    }

    [TestMethod]
    public void Agent_level_and_settings_schema_are_shown_and_survive_a_rollout_change()
    {
        Pack("--settings-schema", "3", "--agent-level", "1").MustSucceed();
        NanoOtaTool.Run("rollout", Release, "--wave", "10", "--key", folder.File("keys/private.pem")).MustSucceed();
        Assert.AreEqual(3, Inspect().GetProperty("settingsSchema").GetInt32());
        Assert.AreEqual(1, Inspect().GetProperty("agentLevel").GetInt32());
        var verified = NanoOtaTool.Run("verify", Release, "--trust", folder.File("keys/public.pem")).MustSucceed().Output;
        StringAssert.Contains(verified, "chip esp32; app slots of 851968 bytes; agent level 1; settings schema 3");
    }

    [TestMethod]
    public void The_flash_of_a_new_device_records_its_settings_schema()
    {
        string[] flash = ["flash", "--board", TestInput.BoardName, "--app", folder.File("App.dll"), "--version", "1.0.0",
            "--trust", folder.File("keys/public.pem"), "--out", folder.File("my.flash")];
        NanoOtaTool.Run([.. flash, "--settings-schema", "2"]).MustSucceed();
        var shown = NanoOtaTool.Run("inspect", folder.File("my.flash"), "--board", TestInput.BoardName, "--json").MustSucceed().Json;
        Assert.AreEqual(2, shown.GetProperty("slots")[0].GetProperty("settingsSchema").GetInt32());
        StringAssert.Contains(NanoOtaTool.Run([.. flash, "--settings-schema", "-1"]).Refusal, "settings schema -1 is out of range");
    }

    [TestMethod]
    [DataRow("--settings-schema", "0", "settings schema 0 is out of range; give 1 to 2147483647, or omit it")]
    [DataRow("--settings-schema", "2147483648", "--settings-schema")]
    [DataRow("--agent-level", "0", "agent level 0 is out of range; give 1 to 2147483647, or omit it")]
    public void A_need_out_of_range_is_refused(string option, string number, string reason) =>
        StringAssert.Contains(Pack(option, number).Refusal, reason);

    private JsonElement Inspect() =>
        NanoOtaTool.Run("inspect", Release, "--json").MustSucceed().Json.GetProperty("manifest");

    private NanoOtaTool Pack(params string[] more) => NanoOtaTool.Run(["pack", "--board", TestInput.BoardName, "--app",
        folder.File("App.dll"), "--version", "1.1.0", "--key", folder.File("keys/private.pem"), "--out", Release, .. more]);
}
