using System.Text;
using System.Text.Json;

namespace NanoOta.Tests.Mqtt;

/// <summary>The two forms of an event, byte for byte.</summary>
[TestClass]
public sealed class EventWriterTests
{
    private readonly UpdateEvent happening = new()
    {
        Kind = UpdateEventKind.Rejected,
        Slot = 1,
        Version = "1.1.0",
        Code = UpdateError.HealthCheckFailed,
        Detail = "\"probe\" bad \\ ü\n",
        BytesFetched = 3,
        BytesStaged = 2,
        ImageSize = 4,
    };

    [TestMethod]
    public void A_console_line_has_its_fields_in_order_and_its_texts_escaped()
    {
        Assert.AreEqual("{\"event\":\"rejected\",\"slot\":1,\"version\":\"1.1.0\",\"code\":6004,\"reason\":\""
            + UpdateErrors.Text(UpdateError.HealthCheckFailed)
            + "\",\"detail\":\"\\\"probe\\\" bad \\\\ \\u00fc\\u000a\",\"bytes\":3,\"staged\":2,\"size\":4}", EventWriter.Line(happening));
        Assert.AreEqual("{\"event\":\"idle\",\"slot\":0,\"version\":\"\",\"code\":0,\"reason\":\"\",\"bytes\":0,\"staged\":0,\"size\":0}",
            EventWriter.Line(new UpdateEvent { Kind = UpdateEventKind.Idle }));
    }

    [TestMethod]
    public void A_message_has_its_fields_in_order_and_its_texts_escaped()
    {
        Assert.AreEqual("{\"e\":\"rejected\",\"n\":7,\"slot\":1,\"ver\":\"1.1.0\",\"code\":6004,\"up\":60,\"done\":2,\"size\":4,\"got\":3,"
            + "\"detail\":\"\\\"probe\\\" bad \\\\ \\u00fc\\u000a\"}", Message(happening));
        Assert.AreEqual("{\"e\":\"idle\",\"n\":7,\"slot\":0,\"code\":0,\"up\":60}", Message(new UpdateEvent { Kind = UpdateEventKind.Idle }));
    }

    [TestMethod]
    public void Nothing_is_cut_from_a_console_line_however_long_its_texts_are()
    {
        (happening.Version, happening.Detail) = (new string('v', Manifest.MaxTextLength), new string('ü', 1000));
        (happening.BytesFetched, happening.BytesStaged, happening.ImageSize) = (int.MaxValue, int.MaxValue, int.MaxValue);
        foreach (var kind in Enum.GetValues<UpdateEventKind>())
            foreach (var code in Enum.GetValues<UpdateError>())
            {
                (happening.Kind, happening.Code) = (kind, code);
                var line = JsonDocument.Parse(EventWriter.Line(happening)).RootElement;
                Assert.AreEqual(1000, line.GetProperty("detail").GetString()!.Length);
                Assert.AreEqual(int.MaxValue, line.GetProperty("size").GetInt32());
            }
    }

    private static string Message(UpdateEvent e)
    {
        var buffer = new byte[SendQueue.MaxEventLength];
        var json = new JsonWriter(buffer);
        json.Begin(buffer.Length);
        EventWriter.WriteMessage(json, e, 7, 60);
        return Encoding.ASCII.GetString(buffer, 0, json.End());
    }
}
