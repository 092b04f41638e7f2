using System.Text.RegularExpressions;
using System.Xml.Linq;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Core;

/// <summary>Rules of the architecture that the compiler does not check.</summary>
[TestClass]
public sealed partial class ArchitectureTests
{
    private static string[] DeviceSources { get; } = [.. new[] { "agent", "bootloader-config" }
        .SelectMany(folder => Directory.GetFiles(Repository.At(folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains("/obj/") && !file.Contains("/bin/"))];

    [TestMethod]
    public void Device_code_references_no_tools_tests_or_simulator()
    {
        Assert.IsGreaterThan(30, DeviceSources.Length);
        foreach (var file in DeviceSources)
        {
            var code = Comment().Replace(File.ReadAllText(file), "");
            Assert.IsFalse(Simulation().IsMatch(code), file);
        }

        foreach (var project in Directory.GetFiles(Repository.At("agent"), "*.csproj", SearchOption.AllDirectories))
            foreach (var reference in XDocument.Load(project).Descendants("ProjectReference").Select(r => r.Attribute("Include")!.Value))
            {
                var target = Path.GetRelativePath(Repository.Root, Path.Combine(Path.GetDirectoryName(project)!, reference));
                Assert.IsTrue(target.StartsWith("agent/") || target.StartsWith("bootloader-config/"), $"{project}: {reference}");
            }
    }

    [TestMethod]
    public void Only_a_shim_is_compiled_differently_for_the_device()
    {
        foreach (var file in DeviceSources.Concat(Directory.GetFiles(Repository.At("tests", "NanoOta.DeviceTests"), "*.cs")))
            if (!file.EndsWith("Shim.cs")) Assert.IsFalse(File.ReadAllText(file).Contains("#if"), file);
    }

    [TestMethod]
    public void The_core_leaves_the_scheme_of_addresses_to_the_source()
    {
        foreach (var file in DeviceSources.Where(file => file.StartsWith(Repository.At("agent", "NanoOta") + "/")))
            Assert.IsFalse(Comment().Replace(File.ReadAllText(file), "").Contains("\"http"), file);
    }

    [TestMethod]
    public void Every_phase_of_an_update_leads_back_to_idle_or_to_a_reset()
    {
        var next = new Dictionary<Phase, HashSet<Phase>>();
        var outcomes = new HashSet<Outcome> { Outcome.Again };
        foreach (var phase in Enum.GetValues<Phase>())
        {
            next[phase] = [];
            foreach (var outcome in Enum.GetValues<Outcome>().Where(o => o != Outcome.Again))
            {
                try
                {
                    next[phase].Add(Transitions.Next(phase, outcome));
                    outcomes.Add(outcome);
                }
                catch (InvalidOperationException)
                {
                    // Not in the table: an outcome that this phase does not have.
                }
            }

            Assert.AreEqual(phase, Transitions.Next(phase, Outcome.Again));
        }

        CollectionAssert.AreEquivalent(Enum.GetValues<Outcome>(), outcomes.ToArray(), "an outcome that no row has");
        Assert.IsEmpty(next[Phase.Reboot], "only a reset leads out of Reboot");
        CollectionAssert.AreEquivalent(Enum.GetValues<Phase>(), Reachable(next, Phase.Settle).ToArray());
        foreach (var phase in Enum.GetValues<Phase>().Where(p => p != Phase.Reboot))
            Assert.IsTrue(Reachable(next, phase).Overlaps([Phase.Idle, Phase.Reboot]), $"{phase} leads nowhere");
        Assert.IsTrue(next.All(n => n.Key == Phase.Verify || !n.Value.Contains(Phase.Activate)), "only Verify leads to Activate");
        Assert.IsTrue(next.All(n => n.Key == Phase.Trial || !n.Value.Contains(Phase.Confirm)), "only Trial leads to Confirm");
    }

    [TestMethod]
    public void The_phase_changes_in_one_line_which_follows_the_table()
    {
        var agent = string.Concat(DeviceSources.Where(file => Path.GetFileName(file).StartsWith("UpdateAgent")).Select(File.ReadAllText));
        Assert.AreEqual(1, Regex.Count(agent, @"\bphase\s*=(?![=>])"));
        StringAssert.Contains(agent, "Phase next = Transitions.Next(phase, outcome);");
        StringAssert.Contains(agent, "phase = next;");
    }

    private static HashSet<Phase> Reachable(Dictionary<Phase, HashSet<Phase>> next, Phase from)
    {
        var reached = new HashSet<Phase> { from };
        var open = new Queue<Phase>([from]);
        while (open.TryDequeue(out var phase))
            foreach (var following in next[phase].Where(reached.Add)) open.Enqueue(following);
        return reached;
    }

    [GeneratedRegex("//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("virtual|simulat|fake|NorFlash|TestFramework", RegexOptions.IgnoreCase)]
    private static partial Regex Simulation();
}
