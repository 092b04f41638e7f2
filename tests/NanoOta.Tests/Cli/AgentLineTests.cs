using NanoOta.Cli.Device;

namespace NanoOta.Tests.Cli;

/// <summary>What a line of a device's console is: an event of its agent, or text.</summary>
[TestClass]
public sealed class AgentLineTests
{
    private const string Idle = """{"event":"idle","slot":1,"version":"1.2.3","code":0,"reason":"","bytes":5,"staged":0,"size":0}""";

    [TestMethod]
    [DataRow("")]
    [DataRow("no line end")]
    [DataRow("nanoota: ")]
    [DataRow("nanoota: {\"event\":\"idle\"} nanoota: {")]
    public void An_event_is_found_wherever_it_starts(string before)
    {
        var e = AgentLine.Find(before + "nanoota: " + Idle, out var text);

        Assert.AreEqual(before, text);
        Assert.AreEqual(("agent", "idle", 1, "1.2.3", 5), (e!.By, e.Event, e.Slot, e.Version, e.Bytes));
        Assert.IsNull(e.Size);
    }

    [TestMethod]
    [DataRow("{\"event\":null}", DisplayName = "no event")]
    [DataRow("{}", DisplayName = "nothing")]
    [DataRow("{\"event\":\"progress\",\"size\":5}", DisplayName = "missing fields")]
    [DataRow("idle|boot", DisplayName = "a boot")]
    [DataRow("idle|sleep", DisplayName = "a sleep")]
    [DataRow("idle|anything", DisplayName = "an unknown event")]
    [DataRow("\"slot\":1|\"slot\":2", DisplayName = "no such slot")]
    [DataRow("\"slot\":1|\"slot\":\"1\"", DisplayName = "a number as a text")]
    [DataRow("\"code\":0|\"code\":-1", DisplayName = "no such code")]
    [DataRow("\"code\":0|\"code\":1e2", DisplayName = "not an integer")]
    [DataRow("\"bytes\":5|\"bytes\":-5", DisplayName = "a negative number")]
    [DataRow("\"bytes\":5|\"bytes\":99999999999", DisplayName = "a number out of range")]
    [DataRow("\"staged\":0|\"staged\":1", DisplayName = "more staged than there is")]
    [DataRow("\"1.2.3\"|null", DisplayName = "no version")]
    [DataRow("1.2.3|\\ud800", DisplayName = "half a character")]
    [DataRow("}|} and more", DisplayName = "text behind it")]
    public void An_incomplete_agent_event_is_treated_as_text(string json)
    {
        var line = "nanoota: " + (json.Split('|') is [var from, var to] ? Idle.Replace(from, to, StringComparison.Ordinal) : json);

        Assert.IsNull(AgentLine.Find(line, out var text));
        Assert.AreEqual(line, text);
    }

    [TestMethod]
    public void A_corrupted_event_never_throws()
    {
        int seed = Environment.TickCount;
        Console.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++)
        {
            var line = ("x nanoota: " + Idle).ToCharArray();
            for (int change = random.Next(1, 4); change > 0; change--)
                line[random.Next(line.Length)] = random.Next(2) == 0 ? "{}[]\",:\\ue0-1"[random.Next(13)] : (char)random.Next(0x10000);
            _ = AgentLine.Find(new string(line), out _);
        }
    }
}
