using NanoOta.Tests.Boards;
using NanoOta.Tests.Cli;

namespace NanoOta.Tests.EndToEnd;

[TestClass]
public sealed class BoardsTests
{
    public static IEnumerable<string> Names => AllBoards.Names;

    [TestMethod]
    [DynamicData(nameof(Names))]
    public async Task A_virtual_device_of_every_board_accepts_releases_for_its_board_only(string name)
    {
        await using var setup = new DeveloperSetup(name).Flash("good", "1.0.0").Pack("good", "1.1.0");
        Assert.AreEqual(0, (await setup.RunDeviceAsync("confirmed:1.1.0")).ExitCode);
        Assert.AreEqual(1, setup.Last("confirmed").GetProperty("slot").GetInt32());

        var other = Names.First(n => n != name);
        NanoOtaTool.Run(setup.PackArguments("good", "1.2.0", other)).MustSucceed();
        Assert.AreEqual(0, (await setup.RunDeviceAsync("refused")).ExitCode);
        Assert.AreEqual((int)UpdateError.WrongBoard, setup.Last("refused").GetProperty("code").GetInt32());
    }
}
