using System.Globalization;
using System.Text;
using System.Xml;

namespace NanoOta.Cli.Rig;

/// <summary>Writes results in JUnit's form. A failed scenario is a failure, a fault of the rig an error. Names do not change from run to
/// run.</summary>
internal static class JUnitFile
{
    public static string Write(IReadOnlyList<DeviceOutcomes> devices)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("testsuites");
            foreach (var device in devices) WriteDevice(xml, device);
            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private static void WriteDevice(XmlWriter xml, DeviceOutcomes device)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", "nano-ota rig " + device.Id);
        Number(xml, "tests", device.Outcomes.Count);
        Number(xml, "failures", device.Count(Verdict.Failed));
        Number(xml, "errors", device.Count(Verdict.Error));
        Number(xml, "skipped", device.Count(Verdict.Skipped));
        Seconds(xml, TimeSpan.FromTicks(device.Outcomes.Sum(outcome => outcome.Time.Ticks)));
        foreach (var outcome in device.Outcomes) WriteOutcome(xml, device.Id, outcome);
        if (device.LastFault != null)
            xml.WriteElementString("system-err", Clean("not left with known firmware: " + Secrets.Hide(device.LastFault)));
        xml.WriteEndElement();
    }

    private static void WriteOutcome(XmlWriter xml, string id, ScenarioOutcome outcome)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", "nano-ota.rig." + id);
        xml.WriteAttributeString("name", outcome.Scenario.Id);
        Seconds(xml, outcome.Time);
        var element = outcome.Verdict switch
        {
            Verdict.Failed => "failure",
            Verdict.Error => "error",
            Verdict.Skipped => "skipped",
            _ => null,
        };
        if (element != null)
        {
            xml.WriteStartElement(element);
            xml.WriteAttributeString("message", Clean(outcome.Problem));
            if (element != "skipped") xml.WriteAttributeString("type", element == "failure" ? "fact" : "rig");
            xml.WriteEndElement();
        }

        if (outcome.Result != null)
            xml.WriteElementString("system-out", Clean(string.Join('\n', [.. outcome.Result.Facts.Select(fact => fact.ToString()),
                .. outcome.Result.Run.Trace.Where(e => e.Event != "progress").Select(e => e.ToJson())])));
        xml.WriteEndElement();
    }

    private static void Number(XmlWriter xml, string name, int value) =>
        xml.WriteAttributeString(name, value.ToString(CultureInfo.InvariantCulture));

    private static void Seconds(XmlWriter xml, TimeSpan time) =>
        xml.WriteAttributeString("time", time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));

    // XML 1.0 has no control characters, not even escaped ones.
    private static string Clean(string text) => string.Join('\n', Secrets.Hide(text).Split('\n').Select(DeviceText.Visible));
}
