using NanoOta.Tests.Cli;

namespace NanoOta.Tests.EndToEnd;

/// <summary>The whole product: commands, server, board process, CPU process, firmware from the slot, agent in the firmware.</summary>
[TestClass]
public sealed class DeviceTests
{
    [TestMethod]
    public async Task A_device_takes_a_good_release_and_runs_the_agent_that_came_with_it()
    {
        await using var setup = new DeveloperSetup().Flash("good", "1.0.0").PackByDefault("good", "1.1.0");
        Assert.AreEqual(0, (await setup.RunDeviceAsync("confirmed:1.1.0")).ExitCode);
        CollectionAssert.AreEqual(
            new[] { "boot", "offer", "staging", "progress", "staged", "activated", "reboot", "boot", "trial", "health", "confirmed" },
            Collapse(setup.Story()));
        var confirmed = setup.Last("confirmed");
        Assert.AreEqual("1.1.0", confirmed.GetProperty("version").GetString());
        Assert.AreEqual(1, confirmed.GetProperty("slot").GetInt32());
        var staged = setup.Last("staged");
        Assert.AreEqual(staged.GetProperty("packed").GetInt32(), staged.GetProperty("bytes").GetInt32());

        setup.PackByDefault("good", "1.2.0");
        Assert.AreEqual(0, (await setup.RunDeviceAsync("confirmed:1.2.0")).ExitCode);
        Assert.AreEqual(0, (await setup.RunDeviceAsync("idle")).ExitCode);
        Assert.AreEqual(0, (await setup.RunDeviceAsync("confirmed:1.2.0")).ExitCode, "a state that holds already is reached at once");
    }

    [TestMethod]
    [DataRow("crashes-at-start", UpdateError.TrialWatchdog)]
    [DataRow("crashes-later", UpdateError.TrialWatchdog)]
    [DataRow("hangs", UpdateError.TrialWatchdog)]
    [DataRow("ends", UpdateError.TrialWatchdog)]
    [DataRow("exits", UpdateError.TrialPanic)]
    [DataRow("overflows", UpdateError.TrialPanic)]
    [DataRow("unhealthy", UpdateError.HealthCheckFailed)]
    [DataRow("silent", UpdateError.HealthCheckTimedOut, UpdateError.TooManyTrials)]
    public async Task Firmware_that_misbehaves_is_reverted_and_refused_from_then_on(
        string app, object reason, object? refusal = null)
    {
        await using var setup = new DeveloperSetup().Flash("good", "1.0.0").Pack(app, "1.1.0");
        Assert.AreEqual(0, (await setup.RunDeviceAsync("reverted")).ExitCode);
        Assert.AreEqual((int)(UpdateError)reason, setup.Last("reverted").GetProperty("code").GetInt32());
        Assert.AreEqual("1.0.0", setup.Last("boot").GetProperty("version").GetString());

        Assert.AreEqual(0, (await setup.RunDeviceAsync("refused")).ExitCode);
        Assert.AreEqual((int)(UpdateError)(refusal ?? UpdateError.Quarantined), setup.Last("refused").GetProperty("code").GetInt32());
        Assert.AreEqual(0, setup.Last("refused").GetProperty("bytes").GetInt32());

        setup.Pack("good", "1.2.0");
        Assert.AreEqual(0, (await setup.RunDeviceAsync("confirmed:1.2.0")).ExitCode);
    }

    [TestMethod]
    public async Task An_unreached_goal_ends_in_exit_code_3()
    {
        await using var setup = new DeveloperSetup().Flash("good", "1.0.0");
        var run = NanoOtaTool.Run(setup.DeviceArguments(await setup.ServeAsync(), "confirmed:9.9.9", timeout: 4));
        Assert.AreEqual(3, run.ExitCode);
        Assert.AreEqual((int)UpdateError.FileNotFound, setup.Last("refused").GetProperty("code").GetInt32());
    }

    [TestMethod]
    public async Task A_program_killed_at_any_moment_never_loses_the_device()
    {
        const int Kills = 15;
        int seed = Environment.TickCount;
        var random = new Random(seed);
        await using var setup = new DeveloperSetup().Flash("good", "1.0.0").Pack("good", "1.1.0");
        var offer = await setup.ServeAsync();
        int kills = 0, minor = 1;
        while (kills < Kills)
        {
            using var process = NanoOtaTool.Start(AppContext.BaseDirectory, setup.DeviceArguments(offer, $"confirmed:1.{minor}.0"));
            if (!process.WaitForExit(random.Next(200, 1500)))
            {
                process.Kill();
                kills++;
                process.WaitForExit();
                continue;
            }

            Assert.AreEqual(0, process.ExitCode, $"seed {seed}, after {kills} kills: {await process.StandardError.ReadToEndAsync()}");
            setup.Pack("good", $"1.{++minor}.0");
        }

        Console.WriteLine($"{kills} kills in {minor} updates, seed {seed}");
        Assert.AreEqual(0, (await setup.RunDeviceAsync($"confirmed:1.{minor}.0")).ExitCode, $"seed {seed}");
    }

    [TestMethod]
    public async Task An_address_that_is_a_manifest_or_a_folder_without_its_slash_is_taken()
    {
        await using var setup = new DeveloperSetup().Flash("good", "1.0.0").Pack("good", "1.1.0");
        var server = await setup.ServeAsync();
        Assert.AreEqual(0, (await setup.RunDeviceAsync("confirmed:1.1.0", server + "manifest.cose")).ExitCode);
        setup.Pack("good", "1.2.0");
        Assert.AreEqual(0, (await setup.RunDeviceAsync("confirmed:1.2.0", server.TrimEnd('/'))).ExitCode);
    }

    [TestMethod]
    public async Task Wrong_input_is_refused_with_the_remedy()
    {
        await using var setup = new DeveloperSetup().Flash("good", "1.0.0");
        StringAssert.Contains(NanoOtaTool.Run(setup.DeviceArguments("ftp://x/", "idle")).Refusal, "not an http or https address");
        StringAssert.Contains(NanoOtaTool.Run(setup.DeviceArguments("http://x/", "later")).Refusal, "give confirmed:VERSION");
        StringAssert.Contains(NanoOtaTool.Run(setup.DeviceArguments("http://x/", "idle", timeout: -1)).Refusal, "--timeout -1");
        StringAssert.Contains(NanoOtaTool.Run(setup.DeviceArguments("http://x/", "confirmed:new")).Refusal, "not a Semantic Version");
        StringAssert.Contains(NanoOtaTool.Run("serve", setup.Releases, "--http", "soon").Refusal, "--http 'soon' is not a number");
        StringAssert.Contains(NanoOtaTool.Run("keygen", "--out", "").Refusal, "the value after --out is empty");
        StringAssert.Contains(NanoOtaTool.Run("keygen", "--out", setup.FlashFile).Refusal, "is a file; give a folder");
        StringAssert.Contains(NanoOtaTool.Run("demo", "--json", setup.Releases).Refusal, "is a folder; give a file");
        File.WriteAllBytes(setup.FlashFile, new byte[100]);
        StringAssert.Contains(NanoOtaTool.Run(setup.DeviceArguments("http://x/", "idle")).Refusal, "has 100 bytes");
        File.Delete(setup.FlashFile);
        StringAssert.Contains(NanoOtaTool.Run(setup.DeviceArguments("http://x/", "idle")).Refusal, "make one with 'nano-ota flash'");
    }

    private static string[] Collapse(string[] story) => [.. story.Where((e, i) => i == 0 || e != story[i - 1])];
}
