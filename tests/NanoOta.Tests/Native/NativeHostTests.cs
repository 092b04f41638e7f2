namespace NanoOta.Tests.Native;

/// <summary>The host tests of the native module's C core, with address and undefined-behaviour sanitizers.</summary>
[TestClass]
public sealed class NativeHostTests
{
    [TestMethod]
    public void The_C_core_passes_its_own_tests()
    {
        var (code, output, errors) = NativeBuild.Run(NativeBuild.Program("host_tests"), []);
        var summary = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault("");
        Assert.AreEqual(0, code, output + errors);
        Assert.MatchesRegex(@"^[1-9]\d* passed, 0 failed$", summary, output + errors);
    }
}
