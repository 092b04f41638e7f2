using NanoOta.Tests.Releases;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Native;

/// <summary>
/// The CMake module that puts the native module into a firmware build, used by a real CMake in a build of nf-interpreter's
/// form (tests/native/firmware), whose firmware is the tests of the glue.
/// </summary>
[TestClass]
public sealed class FirmwareBuildTests
{
    private static readonly string Native = Path.Combine(NativeBuild.Root, "bootloader-config", "native");
    private static readonly string Modules = Path.Combine(Native, "cmake");

    [TestMethod]
    public void The_module_links_with_its_wrap_from_outside_nf_interpreter()
    {
        using var folder = new TemporaryFolder();
        var (code, output) = Configure(folder.Path, $"-DINTEROP-NanoOta.Native_DIR={Modules}");
        Assert.AreEqual(0, code, output);
        var (built, log, errors) = NativeBuild.Run("cmake", ["--build", folder.Path, "--parallel", "2"]);
        Assert.AreEqual(0, built, log + errors);
        Assert.Contains("__wrap_esp_partition_find_first", File.ReadAllText(Path.Combine(folder.Path, "nanoCLR.map")));
        NativeHostTests.Passes(Path.Combine(folder.Path, "nanoCLR.elf"));
    }

    [TestMethod]
    public void The_module_configures_inside_nf_interpreter_as_well()
    {
        using var folder = new TemporaryFolder();
        var (code, output) = Configure(folder.Path, $"-DMODULES={Modules}");
        Assert.AreEqual(0, code, output);
        Assert.DoesNotContain("Warning", output);
    }

    [TestMethod]
    public void A_missing_ESP_IDF_component_is_named_with_where_to_add_it()
    {
        using var folder = new TemporaryFolder();
        var (code, output) = Configure(folder.Path, $"-DMODULES={Modules}", "-DWITHOUT_COMPONENT=mbedtls");
        Assert.AreNotEqual(0, code, output);
        Assert.Contains("no ESP-IDF component mbedtls; add it to IDF_COMPONENTS_TO_ADD", output);
    }

    [TestMethod]
    public void A_copy_without_its_sources_reports_where_they_belong()
    {
        using var folder = new TemporaryFolder();
        var modules = Directory.CreateDirectory(Path.Combine(folder.Path, "modules")).FullName;
        const string name = "FindINTEROP-NanoOta.Native.cmake";
        File.Copy(Path.Combine(Modules, name), Path.Combine(modules, name));
        var (code, output) = Configure(Path.Combine(folder.Path, "build"), $"-DMODULES={modules}");
        Assert.AreNotEqual(0, code, output);
        Assert.Contains("copy bootloader-config/native there", output);
        Assert.Contains("InteropAssemblies/NanoOta.Native", output);
    }

    [TestMethod]
    public void Kconfig_and_code_have_the_same_default_and_limits()
    {
        var kconfig = File.ReadAllText(Path.Combine(Native, "Kconfig"));
        var code = File.ReadAllText(Path.Combine(Native, "glue", "nanoota_firmware.c"));
        Assert.Contains("config NANOOTA_TRIAL_SECONDS\n", kconfig);
        Assert.Contains("    default 420\n    range 330 3600\n", kconfig);
        Assert.Contains("config NANOOTA_CRASH_LIMIT\n", kconfig);
        Assert.Contains("    default 5\n    range 0 255\n", kconfig);
        Assert.Contains("#define CONFIG_NANOOTA_CRASH_LIMIT 5\n", code);
        Assert.Contains("CONFIG_NANOOTA_CRASH_LIMIT >= 0,", code);
        Assert.Contains("CONFIG_NANOOTA_CRASH_LIMIT <= 255,", code);
        Assert.Contains("#define CONFIG_NANOOTA_TRIAL_SECONDS 420\n", code);
        Assert.Contains("CONFIG_NANOOTA_TRIAL_SECONDS >= 330,", code);
        Assert.Contains("CONFIG_NANOOTA_TRIAL_SECONDS <= 3600,", code);
    }

    [TestMethod]
    public void The_trial_watchdog_comes_after_the_agents_own_deadline() =>
        Assert.IsLessThan(330 * 1000, new UpdateOptions().HealthDeadlineMs);

    /// <summary>Configures a build with the module; the output is on one line, as CMake breaks long messages.</summary>
    private static (int ExitCode, string Output) Configure(string build, params string[] options)
    {
        NativeBuild.RequireGlueTools();
        OptionalTools.Here.Require("cmake");
        string[] arguments = ["-S", Path.Combine(NativeBuild.Root, "tests", "native", "firmware"), "-B", build,
            "-DNF_INTEROP_ASSEMBLIES=NanoOta.Native", .. options];
        var (code, output, errors) = NativeBuild.Run("cmake", arguments);
        return (code, string.Join(' ', (output + errors).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }
}
