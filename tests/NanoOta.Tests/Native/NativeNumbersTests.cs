using System.Reflection;
using System.Text.RegularExpressions;
using NanoOta.Native;

namespace NanoOta.Tests.Native;

/// <summary>The numbers that managed code and the C code exchange are the same on both sides.</summary>
[TestClass]
public sealed partial class NativeNumbersTests
{
    [TestMethod]
    public void Each_number_of_the_module_is_that_of_its_C_header()
    {
        var expected = Numbers("nanoota_area.h").Concat(Numbers("nanoota_boot.h").Where(n => n.Key is "OK" or "REFUSED" or "FAILED"))
            .ToDictionary(n => n.Key.StartsWith("AREA_", StringComparison.Ordinal) ? n.Key[5..] : n.Key, n => n.Value);
        var actual = typeof(NativeModule).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(f => f.IsLiteral && f.Name != nameof(NativeModule.Surface))
            .ToDictionary(f => Upper().Replace(f.Name, "_$0").ToUpperInvariant(), f => (int)f.GetRawConstantValue()!);
        Assert.HasCount(24, actual);
        CollectionAssert.AreEquivalent(expected, actual);
    }

    [TestMethod]
    public void Boot_states_and_areas_of_the_agent_are_those_of_the_module()
    {
        var states = Numbers("nanoota_record.h");
        foreach (var state in Enum.GetValues<BootState>()) Assert.AreEqual(states[state.ToString().ToUpperInvariant()], (int)state);
        foreach (var area in Enum.GetValues<FlashArea>())
            Assert.AreEqual(typeof(NativeModule).GetField(area.ToString())!.GetRawConstantValue(), (int)area);
    }

    private static Dictionary<string, int> Numbers(string header) =>
        Number().Matches(File.ReadAllText(Path.Combine(NativeBuild.Root, "bootloader-config/native/src", header)))
            .ToDictionary(m => m.Groups[1].Value, m => int.Parse(m.Groups[2].Value));

    [GeneratedRegex(@"NANOOTA_(\w+) = (-?\d+)")]
    private static partial Regex Number();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Upper();
}
