using System.Security.Cryptography;
using System.Text;
using NanoOta.Boards;
using NanoOta.Releases;
using NanoOta.Tests.Cli;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.EndToEnd;

/// <summary>The options of <c>nano-ota device</c> reach the firmware in the slot.</summary>
[TestClass]
public sealed class DeviceOptionsTests
{
    private const string BatteryBoard = "lolin-d32-4mb";

    [TestMethod]
    [DataRow("3499", true)]
    [DataRow("3900", false)]
    [DataRow("external", false)]
    public async Task A_supply_is_compared_with_the_limits_of_the_board(string supply, bool isLow)
    {
        await using var setup = new DeveloperSetup(BatteryBoard).Flash("good", "1.0.0").Pack("good", "1.1.0");
        Assert.AreEqual(0, (await setup.RunDeviceWithAsync(isLow ? "refused" : "confirmed:1.1.0", "--supply", supply)).ExitCode);
        if (isLow) Assert.AreEqual((int)UpdateError.SupplyLow, setup.Last("refused").GetProperty("code").GetInt32());
    }

    [TestMethod]
    public async Task A_supply_in_a_file_may_fall_and_rise_while_the_device_runs()
    {
        await using var setup = new DeveloperSetup(BatteryBoard).Flash("good", "1.0.0").Pack("good", "1.1.0");
        var file = setup.FileOf("supply");
        File.WriteAllText(file, "3400\n");
        var device = Task.Run(() => setup.RunDeviceWithAsync("confirmed:1.1.0", "--supply", file));
        var patience = DateTime.UtcNow.AddSeconds(30);
        while (!File.Exists(setup.EventsFile) || !(await ReadAsync(setup.EventsFile)).Contains("\"delayed\""))
        {
            Assert.IsLessThan(patience, DateTime.UtcNow, "the device never reported that it waits");
            await Task.Delay(50);
        }

        File.WriteAllText(file, "3900\n");
        Assert.AreEqual(0, (await device).ExitCode);
        Assert.AreEqual((int)UpdateError.SupplyLow, setup.Last("delayed").GetProperty("code").GetInt32());
    }

    [TestMethod]
    public async Task A_release_that_needs_native_code_runs_only_where_the_runtime_has_it()
    {
        await using var setup = new DeveloperSetup().Flash("good", "1.0.0").PackWith("good", "1.1.0", "--needs", "Lamp.Driver=0x1A2B3C4D");
        Assert.AreEqual(0, (await setup.RunDeviceAsync("refused")).ExitCode);
        Assert.AreEqual((int)UpdateError.WrongRuntime, setup.Last("refused").GetProperty("code").GetInt32());
        Assert.AreEqual("Lamp.Driver: 0x1a2b3c4d needed, not there", setup.Last("refused").GetProperty("detail").GetString());

        Assert.AreEqual(0, (await setup.RunDeviceWithAsync("refused", "--native", "Lamp.Driver=0x1A2B3C4E")).ExitCode);
        StringAssert.Contains(setup.Last("refused").GetProperty("detail").GetString(), "0x1a2b3c4e is there");
        Assert.AreEqual(0, (await setup.RunDeviceWithAsync("confirmed:1.1.0", "--native", "Lamp.Driver=0x1a2b3c4d")).ExitCode);
    }

    [TestMethod]
    public async Task A_device_takes_a_release_when_its_id_is_in_the_wave_and_not_without_an_id()
    {
        await using var setup = new DeveloperSetup().Flash("good", "1.0.0").PackWith("good", "1.1.0", "--wave", "50");
        var digest = SignedManifest.Read(ReleaseCheck.ReadManifest(setup.Releases)).Decode().Images[0].Digest;
        var ids = Enumerable.Range(0, 100).ToLookup(number => Hundredth($"lamp-{number}", digest) < 50, number => $"lamp-{number}");

        foreach (var more in new[] { [], new[] { "--id", ids[false].First() } })
        {
            Assert.AreEqual(0, (await setup.RunDeviceWithAsync("refused", more)).ExitCode);
            Assert.AreEqual((int)UpdateError.NotInWave, setup.Last("refused").GetProperty("code").GetInt32());
        }

        Assert.AreEqual(0, (await setup.RunDeviceWithAsync("confirmed:1.1.0", "--id", ids[true].First())).ExitCode);
    }

    [TestMethod]
    public async Task A_wrong_broker_is_refused_with_the_remedy_and_without_secrets()
    {
        await using var setup = new DeveloperSetup().Flash("good", "1.0.0");
        string Refusal(params string[] more) => NanoOtaTool.Run([.. setup.DeviceArguments("http://127.0.0.1:9/", "idle"), .. more]).Refusal;
        string[] broker = ["--broker", "mqtt://lamp:s3cr3t@127.0.0.1:9", "--id", "lamp-1"];
        File.WriteAllText(setup.FileOf("token"), "s3cr3t\n");
        var publicKey = setup.FileOf("keys/public.pem");
        (string Refusal, string Says)[] refusals =
        [
            (Refusal("--broker", "http://lamp:s3cr3t@b", "--id", "lamp-1"), "is not an address of a broker"),
            (Refusal(broker[..2]), "needs --id"),
            (Refusal([.. broker[..2], "--id", new string('x', 65)]), "--id 'xxx"),
            (Refusal([.. broker, "--command-key", setup.FileOf("gone")]), "gone"),
            (Refusal([.. broker, "--command-token-file", setup.FileOf("gone")]), "no such token file"),
            (Refusal([.. broker, "--command-token-file", setup.FileOf("token")]), "the token has 6 characters"),
            (Refusal("--command-key", publicKey), "give --broker, or omit"),
            (Refusal("--command-token-file", setup.FileOf("token")), "give --broker, or omit"),
            (Refusal("--check", "0"), "--check 0"),
            (Refusal("--check", "1000001"), "1 to 1000000 seconds"),
        ];
        foreach (var (refusal, text) in refusals)
        {
            StringAssert.Contains(refusal, text);
            Assert.DoesNotContain("s3cr3t", refusal);
        }

        using var process = NanoOtaTool.Start(AppContext.BaseDirectory, setup.DeviceArguments("http://127.0.0.1:9/", "idle"),
            ("NANO_OTA_BROKER", "mqtt://lamp:s3cr3t@127.0.0.1:9"));
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.AreEqual("nano-ota: a broker (--broker, or NANO_OTA_BROKER in the environment) needs --id, the device's id there",
            error.Trim());
    }

    [TestMethod]
    [DataRow("good", false)]
    [DataRow("connected", true)]
    public void Only_firmware_with_a_broker_has_the_MQTT_assemblies_in_its_image(string app, bool isConnected)
    {
        var identity = AppIdentity.For(Board.Load(DeveloperSetup.DefaultBoard), "default", "1.0.0", []);
        var names = AppPath.Load([Repository.At("tests", "apps", app)], identity).Image.Assemblies.Select(a => a.Name).ToList();
        foreach (var part in new[] { "MQTTnet", "NanoOta.Mqtt.Virtual", "NanoOta.Mqtt" })
            Assert.AreEqual(isConnected, names.Contains(part), part);
    }

    [TestMethod]
    public async Task Wrong_device_options_are_refused_with_the_remedy()
    {
        await using var setup = new DeveloperSetup(BatteryBoard).Flash("good", "1.0.0");
        StringAssert.Contains((await setup.RunDeviceWithAsync("idle", "--supply", "3.4V")).Refusal, "give millivolts, 'external'");
        StringAssert.Contains((await setup.RunDeviceWithAsync("idle", "--supply", "100001")).Refusal, "give millivolts, 'external'");
        File.WriteAllText(setup.FileOf("supply"), "low");
        var supply = await setup.RunDeviceWithAsync("idle", "--supply", setup.FileOf("supply"));
        StringAssert.Contains(supply.Refusal, "holds neither 'external' nor");
        var native = await setup.RunDeviceWithAsync("idle", "--native", "Lamp.Driver");
        StringAssert.Contains(native.Refusal, "--native 'Lamp.Driver' is wrong");
        StringAssert.Contains((await setup.RunDeviceWithAsync("idle", "--native", "A=0x1", "--native", "A=0x2")).Refusal, "A is given twice");
        StringAssert.Contains(NanoOtaTool.Run([.. setup.PackArguments("good", "1.1.0", BatteryBoard), "--needs", "A=1"]).Refusal,
            "--needs 'A=1' is wrong; give NAME=0xCHECKSUM");

        await using var plain = new DeveloperSetup().Flash("good", "1.0.0");
        StringAssert.Contains((await plain.RunDeviceWithAsync("idle", "--supply", "3400")).Refusal, "does not measure its supply");
    }

    // As SPEC.md has it, section 2.
    private static int Hundredth(string id, byte[] digest)
    {
        byte[] hash = SHA256.HashData([.. Encoding.UTF8.GetBytes(id), .. digest]);
        return 100 * (hash[0] << 8 | hash[1]) / 65536;
    }

    // The device has it open.
    private static async Task<string> ReadAsync(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return await reader.ReadToEndAsync();
    }
}
