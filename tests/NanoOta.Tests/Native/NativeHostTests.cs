namespace NanoOta.Tests.Native;

/// <summary>The host tests of the native module, with address and undefined-behaviour sanitizers.</summary>
[TestClass]
public sealed class NativeHostTests
{
    [TestMethod]
    public void The_C_core_passes_its_own_tests() => Passes(NativeBuild.Program("host_tests"));

    [TestMethod]
    public void The_glue_passes_its_own_tests_with_real_mbedTLS_and_a_real_wrap() => Passes(NativeBuild.GlueProgram("glue_tests"));

    [TestMethod]
    public void Firmware_without_the_wrap_does_not_link()
    {
        NativeBuild.RequireGlueTools();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => NativeBuild.GlueProgram("glue_unwrapped"));
        Assert.Contains("__real_esp_partition_find_first", error.Message);
    }

    /// <summary>Runs a program of tests, and fails with its output unless it reports that every test passed.</summary>
    internal static void Passes(string program)
    {
        var (code, output, errors) = NativeBuild.Run(program, []);
        var summary = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault("");
        Assert.AreEqual(0, code, output + errors);
        Assert.MatchesRegex(@"^[1-9]\d* passed, 0 failed$", summary, output + errors);
    }
}
