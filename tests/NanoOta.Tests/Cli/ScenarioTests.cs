using System.Text.Json;
using NanoOta.Cli;
using NanoOta.Cli.Demo;
using NanoOta.Cli.Device;
using NanoOta.Cli.Scenarios;
using NanoOta.Releases;

namespace NanoOta.Tests.Cli;

/// <summary>Scenarios of the demo: what makes one fail, and how a failure is shown.</summary>
[TestClass]
public sealed class ScenarioTests
{
    private static readonly Scenario Scenario = new("some-id", "A title", "A claim.", _ => throw new InvalidOperationException());

    private static readonly DeviceEvent Confirmed =
        new() { By = DeviceEvent.ByAgent, Event = "confirmed", Version = "1.1.0", Code = 0, Reason = "any text" };

    private static readonly FlashContent Flash = new("1.1.0", IsWhole: true, BootState.Confirmed);

    private static AppImage Image { get; } = Releases.TestInput.Image();

    [TestMethod]
    public void A_scenario_passes_when_all_of_its_facts_hold() => Assert.IsTrue(Result(Confirmed, Flash).Ok);

    [TestMethod]
    public void A_fact_that_does_not_hold_fails_the_scenario_and_is_named_with_both_values()
    {
        var result = Result(Confirmed, Flash, Fact.Equal("image bytes fetched", 4, 5), Fact.AtMost("sleeps", 9, 9));
        Assert.IsFalse(result.Ok);
        var output = new StringWriter();
        DemoCommand.Print(Report.Console(output), Scenario, result, TimeSpan.Zero);
        StringAssert.Contains(output.ToString(), "✗ some-id  A title: A claim.");
        StringAssert.Contains(output.ToString(), "✗ image bytes fetched: expected 4, seen 5");
        Assert.DoesNotContain("sleeps", output.ToString(), "it holds");
    }

    [TestMethod]
    public void The_end_of_a_run_and_its_flash_are_compared_by_value()
    {
        Assert.IsFalse(Result(null, Flash).Ok, "the goal was not reached");
        Assert.IsFalse(Result(Confirmed with { Version = "1.0.0" }, Flash).Ok, "another version");
        Assert.IsFalse(Result(Confirmed with { Code = (int)UpdateError.SafeMode }, Flash).Ok, "another code");
        Assert.IsFalse(Result(Confirmed with { Event = "boot" }, Flash).Ok, "another event");
        Assert.IsFalse(Result(Confirmed, null).Ok, "no descriptor");
        Assert.IsFalse(Result(Confirmed, Flash with { Version = "1.0.0" }).Ok, "another version in flash");
        Assert.IsFalse(Result(Confirmed, Flash with { IsWhole = false }).Ok, "a damaged image");
        Assert.IsFalse(Result(Confirmed, Flash with { State = BootState.Trial }).Ok, "a trial that has not ended");
        Assert.IsTrue(Result(Confirmed with { Reason = "other words" }, Flash).Ok, "a text");
    }

    [TestMethod]
    public void Lists_and_limits_are_facts()
    {
        Assert.IsTrue(Fact.EqualLists("cuts", [1, 2], [1, 2]).Holds);
        Assert.IsFalse(Fact.EqualLists("cuts", [1, 2], [2, 1]).Holds);
        Assert.IsFalse(Fact.EqualLists("cuts", [1, 2], [1]).Holds);
        Assert.AreEqual((true, false), (Fact.AtLeast("n", 2, 2).Holds, Fact.AtLeast("n", 2, 1).Holds));
        Assert.AreEqual((true, false), (Fact.AtMost("n", 2, 2).Holds, Fact.AtMost("n", 2, 3).Holds));
        foreach (int seen in new[] { 1, 2, 3, 4 }) Assert.AreEqual(seen is 2 or 3, Fact.Within("n", 2, 3, seen).Holds);
    }

    [TestMethod]
    public void The_file_of_json_has_the_form_that_programs_read()
    {
        var failed = Result(Confirmed, Flash, Fact.Equal("image bytes fetched", 4, 5));
        var root = JsonDocument.Parse(DemoCommand.Json([(Scenario, Result(Confirmed, Flash)), (Scenario, failed)])).RootElement;
        CollectionAssert.AreEqual(new[] { "ok", "chapters" }, Names(root));
        Assert.IsFalse(root.GetProperty("ok").GetBoolean());
        var chapter = root.GetProperty("chapters")[1];
        CollectionAssert.AreEqual(
            new[] { "id", "expected", "observed", "bytesFetched", "imageBytes", "boots", "ok" }, Names(chapter));
        Assert.AreEqual("some-id", chapter.GetProperty("id").GetString());
        Assert.IsFalse(chapter.GetProperty("ok").GetBoolean());
        StringAssert.EndsWith(chapter.GetProperty("expected").GetString(), "; image bytes fetched: 4");
        StringAssert.EndsWith(chapter.GetProperty("observed").GetString(), "; image bytes fetched: 5");
        Assert.AreEqual((7, 2), (chapter.GetProperty("bytesFetched").GetInt32(), chapter.GetProperty("boots").GetInt32()));
        Assert.AreEqual(Image.Size, chapter.GetProperty("imageBytes").GetInt32());
    }

    private static ScenarioResult Result(DeviceEvent? end, FlashContent? flash, params Fact[] facts) =>
        new RunResult(end, end == null ? [] : [end], BytesFetched: 7, Boots: 2, flash).MustConfirm("1.1.0", Image, facts);

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(field => field.Name)];
}
