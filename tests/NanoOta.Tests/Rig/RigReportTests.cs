using System.Xml.Linq;
using System.Xml.Schema;
using NanoOta.Cli;
using NanoOta.Cli.Device;
using NanoOta.Cli.Rig;
using NanoOta.Cli.Scenarios;
using NanoOta.Tests.Cli;
using NanoOta.Tests.Releases;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Rig;

/// <summary>What a run reports: JUnit's form, exit codes, and no secret.</summary>
[TestClass]
public sealed class RigReportTests
{
    private static readonly Scenario Scenario = new("some-id", "A title", "A claim.", _ => throw new InvalidOperationException());

    [TestMethod]
    public void JUnit_tells_failure_error_and_skip_apart_and_is_valid()
    {
        var text = JUnitFile.Write([new DeviceOutcomes("devkit-1",
        [
            Outcome(Verdict.Passed), Outcome(Verdict.Failed), Outcome(Verdict.Error, "the port\u0007 is gone"),
            Outcome(Verdict.Skipped, "no switch"),
        ], "esptool <failed>")]);
        var xml = Validate(text);
        var suite = xml.Root!.Element("testsuite")!;
        string[] counts = ["tests", "failures", "errors", "skipped"];
        Assert.AreEqual("4 1 1 1", string.Join(' ', counts.Select(name => suite.Attribute(name)!.Value)));
        var cases = suite.Elements("testcase").ToArray();
        Assert.IsTrue(cases.All(e => e.Attribute("classname")!.Value == "nano-ota.rig.devkit-1"));
        Assert.IsTrue(cases.All(e => e.Attribute("name")!.Value == "some-id"));
        Assert.AreEqual("bytes: expected 4, seen 5", cases[1].Element("failure")!.Attribute("message")!.Value);
        Assert.AreEqual("the port\\u0007 is gone", cases[2].Element("error")!.Attribute("message")!.Value);
        Assert.AreEqual("no switch", cases[3].Element("skipped")!.Attribute("message")!.Value);
        StringAssert.Contains(suite.Element("system-err")!.Value, "esptool <failed>");
        Assert.DoesNotContain(c => char.IsControl(c) && c is not ('\n' or '\r'), text);
    }

    [TestMethod]
    public void Any_text_of_a_device_gives_valid_XML()
    {
        var all = string.Concat(Enumerable.Range(0, 0x10000).Select(c => (char)c));
        Validate(JUnitFile.Write([new DeviceOutcomes("d", [Outcome(Verdict.Error, all)], all)]));
    }

    [TestMethod]
    public void The_exit_code_tells_what_is_at_fault()
    {
        Assert.AreEqual(ExitCode.Success, Code(Verdict.Passed, Verdict.Skipped));
        Assert.AreEqual(ExitCode.NotGood, Code(Verdict.Passed, Verdict.Failed));
        Assert.AreEqual(ExitCode.WrongInput, Code(Verdict.Failed, Verdict.Error));
        Assert.AreEqual(ExitCode.WrongInput, Code(Verdict.Skipped), "nothing ran");
        Assert.AreEqual(ExitCode.WrongInput, View().Close([new DeviceOutcomes("d", [Outcome(Verdict.Passed)], "the port is gone")]));

        static int Code(params Verdict[] verdicts) =>
            View().Close([new DeviceOutcomes("d", [.. verdicts.Select(v => Outcome(v, "x"))], null)]);
        static RigView View() => new(Report.Console(new StringWriter()), isNamed: true);
    }

    [TestMethod]
    public void Without_a_device_file_scenarios_run_on_the_virtual_device()
    {
        using var folder = new TemporaryFolder();
        var junit = folder.File("out.xml");
        var run = NanoOtaTool.Run("rig", "run", "first-flash", "stranger", "--device", "virtual", "--repeat", "2",
            "--junit", junit, "--log", folder.File("logs"));
        Assert.AreEqual(ExitCode.Success, run.ExitCode, run.Output + run.Error);
        StringAssert.Contains(run.Output, "2 passed, 0 failed, 0 skipped, 0 rig errors");
        var names = Validate(File.ReadAllText(junit)).Descendants("testcase").Select(e => e.Attribute("name")!.Value);
        CollectionAssert.AreEqual(new[] { "first-flash", "stranger" }, names.ToArray());
        StringAssert.Contains(File.ReadAllText(folder.File("logs/virtual.log")), "\"event\":\"refused\"");
    }

    [TestMethod]
    public void Wrong_names_and_numbers_are_refused()
    {
        StringAssert.Contains(NanoOtaTool.Run("rig", "run", "nothing").Refusal, "there is no scenario 'nothing'; ");
        StringAssert.Contains(NanoOtaTool.Run("rig", "run", "--device", "d").Refusal, "there is no device 'd'; give one of virtual");
        StringAssert.Contains(NanoOtaTool.Run("rig", "run", "--repeat", "0").Refusal, "--repeat is a number from 1 to 10000");
        StringAssert.Contains(NanoOtaTool.Run("rig", "run", "--file", "none.yaml").Refusal, "give a device file (docs/RIG.md)");
        StringAssert.Contains(NanoOtaTool.Run("rig", "console").Refusal, "give one --device of the file");
        StringAssert.Contains(NanoOtaTool.Run("rig", "list", "--colour").Refusal, "see 'nano-ota rig list --help'");
    }

    [TestMethod]
    public void Wi_Fi_credentials_are_in_no_output()
    {
        const string Variable = "NANO_OTA_WIFI_PASSWORD", Password = "correct-horse-7f3a";
        Environment.SetEnvironmentVariable(Variable, Password);
        try
        {
            var log = new StringWriter();
            new ConsoleLog(log).Write("joined with " + Password);
            StringAssert.EndsWith(log.ToString(), "joined with ***\n");
            var outcome = Outcome(Verdict.Error, "nanoff failed: " + Password);
            Assert.AreEqual("nanoff failed: ***", outcome.Problem);
            Assert.DoesNotContain(Password, JUnitFile.Write([new DeviceOutcomes("d", [outcome], Password)]));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    private static ScenarioOutcome Outcome(Verdict verdict, string reason = "")
    {
        var e = new DeviceEvent { By = DeviceEvent.ByAgent, Event = "confirmed", Detail = "a \u001b[31m detail", Reason = "" };
        var facts = new[] { Fact.Equal("bytes", 4, verdict == Verdict.Failed ? 5 : 4) };
        return new ScenarioOutcome(Scenario, verdict, reason, TimeSpan.FromSeconds(1.5))
        {
            Runs = 1,
            Failures = verdict == Verdict.Failed ? 1 : 0,
            Result = verdict is Verdict.Passed or Verdict.Failed ? new ScenarioResult(RunResult.Of(e, [e], null), 0, facts) : null,
        };
    }

    private static XDocument Validate(string text)
    {
        var xml = XDocument.Parse(text);
        var schemas = new XmlSchemaSet();
        schemas.Add(null, Repository.At("tests", "NanoOta.Tests", "Rig", "junit.xsd"));
        xml.Validate(schemas, (_, e) => Assert.Fail(e.Message));
        return xml;
    }
}
