using System.Text;
using System.Text.Json;
using NanoOta.Cli.Fleet;
using Spectre.Console;

namespace NanoOta.Tests.Mqtt.FleetCommands;

/// <summary>Messages of attackers in the name of devices, and their display.</summary>
[TestClass]
public sealed class FleetTests
{
    private const string Status = "nanoota/lamp/device/d-1/status";

    private readonly FleetState fleet = new();

    [TestMethod]
    [DataRow("")]
    [DataRow("{")]
    [DataRow("[]")]
    [DataRow("\"text\"")]
    [DataRow("{}")]
    [DataRow("{\"on\":1}{}")]
    [DataRow("{\"ver\":\"\\ud800\"}")]
    [DataRow("{\"a\":{\"a\":{\"a\":1}}}")]
    [DataRow("{\"on\":1,}")]
    public void Invalid_messages_are_skipped(string payload)
    {
        Assert.IsNull(fleet.Take(Message(Status, payload)));
        Assert.IsEmpty(fleet.Devices);
    }

    [TestMethod]
    public void Invalid_statuses_never_throw_and_never_print_a_control_character()
    {
        int seed = Environment.TickCount;
        Console.WriteLine($"seed {seed}");
        var random = new Random(seed);
        byte[] good = Encoding.UTF8.GetBytes("{\"on\":1,\"ver\":\"1.0.0\",\"phase\":\"idle\",\"err\":4008,\"offer\":\"[red]\"}");
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = [.. good];
            if (i % 2 == 0) random.NextBytes(bytes);
            for (int change = random.Next(4); change >= 0; change--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            fleet.Take(new BrokerMessage($"nanoota/lamp/device/d-{i % 50}/{(i % 3 == 0 ? "event" : "status")}", bytes, false));
        }

        AssertPlain(Draw(60));
    }

    [TestMethod]
    public void An_oversized_payload_is_not_parsed()
    {
        var large = "{\"on\":1,\"ver\":\"" + new string('x', 1_000_000) + "\"}";
        Assert.IsNull(fleet.Take(Message(Status, large)));
        Assert.AreEqual(1, fleet.Dropped);
    }

    [TestMethod]
    [DataRow("{\"on\":\"yes\",\"ver\":7,\"phase\":[1],\"err\":\"x\",\"why\":-5,\"pause\":true}")]
    [DataRow("{\"on\":1e400,\"up\":1,\"ver\":null,\"err\":9999999999999999999999,\"why\":2.5}")]
    [DataRow("{\"on\":1,\"err\":9223372036854775807,\"why\":9223372036854775807,\"offer\":{}}")]
    public void A_field_of_the_wrong_type_is_shown_as_unknown(string payload)
    {
        fleet.Take(Message(Status, payload));
        var device = fleet.Devices.Single();
        Assert.AreEqual((null, null, null), (device.Version, device.Phase, device.Offered));
        AssertPlain(Draw(20));
    }

    [TestMethod]
    [DataRow("100", "50")]
    [DataRow("-1", "50")]
    [DataRow("1", "0")]
    [DataRow("9223372036854775807", "1")]
    public void An_impossible_download_draws_no_bar(string done, string size)
    {
        fleet.Take(Message("nanoota/lamp/device/d-1/progress", $"{{\"done\":{done},\"size\":{size}}}"));
        Assert.IsNull(fleet.Devices.Single().Percent);
        fleet.Take(Message("nanoota/lamp/device/d-1/progress", "{\"done\":9223372036854775807,\"size\":9223372036854775807}"));
        Assert.AreEqual(100, fleet.Devices.Single().Percent);
    }

    [TestMethod]
    public void Markup_and_control_characters_in_texts_are_shown_literally()
    {
        const string Text = "[red]1.0[/] \\u001b[2J\\u0007\\r\\n\\u202e[/][[ \\u2028";
        fleet.Take(Message(Status, $"{{\"on\":1,\"ver\":\"{Text}\",\"phase\":\"{Text}\",\"state\":\"{Text}\"}}"));
        var drawn = Draw(20);
        AssertPlain(drawn);
        Assert.Contains(@"[red]1.0[/] \u001B[2J\u0007\u000D\u000A\u202E[/][[ \u2028", drawn);

        var lines = new StringWriter();
        const string Topic = "nanoota/lamp/device/d-1/event";
        var update = fleet.Take(Message(Topic, $"{{\"e\":\"trial\",\"n\":1,\"code\":4008,\"detail\":\"{Text}\"}}"))!.Value;
        new FleetLines(lines).On(update.Device, update.Message, isRetained: false);
        new FleetJson(lines).On(update.Device, update.Message, isRetained: false);
        Assert.HasCount(2, lines.ToString().TrimEnd().Split('\n'));
        AssertPlain(lines.ToString());
        Assert.AreEqual("d-1", JsonDocument.Parse(lines.ToString().Split('\n')[1]).RootElement.GetProperty("device").GetString());
    }

    [TestMethod]
    [DataRow("nanoota/lamp/device/d 1/status")]
    [DataRow("nanoota/lamp/device/d\u001b1/status")]
    [DataRow("nanoota/lamp/device//status")]
    [DataRow("nanoota/lamp/device/%zz/status")]
    [DataRow("nanoota/lamp/device/%41/status")]
    [DataRow("nanoota/lamp/device/%FF/status")]
    [DataRow("nanoota/[red]/device/d-1/status")]
    [DataRow("nanoota/lamp/device/d-1/report")]
    [DataRow("nanoota/lamp/board/offer")]
    [DataRow("other/lamp/device/d-1/status")]
    public void An_invalid_topic_creates_no_device(string topic)
    {
        Assert.IsNull(fleet.Take(Message(topic, "{\"on\":1}")));
        Assert.IsEmpty(fleet.Devices);
    }

    [TestMethod]
    public void An_id_is_shown_as_its_topic_level_and_given_unescaped_in_JSON()
    {
        const string Id = "a b/ü[red]\u001b";
        var update = fleet.Take(Message(new Topics("lamp", "b", Id).Status, "{\"on\":1}"))!.Value;
        Assert.AreEqual("lamp/a%20b%2F%C3%BC%5Bred%5D%1B", update.Device.Name);
        var json = new StringWriter();
        new FleetJson(json).On(update.Device, update.Message, isRetained: true);
        AssertPlain(json.ToString());
        Assert.AreEqual(Id, JsonDocument.Parse(json.ToString()).RootElement.GetProperty("device").GetString());
    }

    [TestMethod]
    public void Endless_invented_devices_take_bounded_memory()
    {
        for (int i = 0; i < FleetState.MaxDevices + 5; i++) fleet.Take(Message($"nanoota/lamp/device/d-{i}/status", "{\"on\":1}"));
        Assert.HasCount(FleetState.MaxDevices, fleet.Devices);
        Assert.AreEqual(5, fleet.Dropped);
    }

    [TestMethod]
    public void The_table_fits_the_terminal_and_lists_active_and_failing_devices_first()
    {
        const string Idle = "{\"on\":1,\"ver\":\"1.0.0\",\"state\":\"confirmed\",\"phase\":\"idle\",\"err\":0}";
        for (int i = 0; i < 200; i++) fleet.Take(Message($"nanoota/lamp/device/d-{i:000}/status", Idle));
        fleet.Take(Message("nanoota/lamp/device/d-150/progress", "{\"done\":50,\"size\":100,\"left\":7}"));
        fleet.Take(Message("nanoota/lamp/device/d-160/status",
            $"{{\"on\":1,\"ver\":\"1.0.0\",\"state\":\"confirmed\",\"phase\":\"idle\",\"why\":{(int)UpdateError.OutsideWindow}}}"));
        fleet.Take(Message("nanoota/lamp/device/d-170/status", "{\"on\":0}"));
        var lines = Draw(24).TrimEnd().Split('\n');
        Assert.IsLessThanOrEqualTo(23, lines.Length);
        Assert.Contains("200 devices, 199 online, 1 downloading", lines[0]);
        Assert.Contains("lamp/d-150", lines[2]);
        Assert.Contains("██████████░░░░░░░░░░  50 % 7 s", lines[2]);
        Assert.Contains("lamp/d-160", lines[3]);
        Assert.Contains($"waits: {(int)UpdateError.OutsideWindow} {UpdateErrors.Text(UpdateError.OutsideWindow)}", lines[3]);
        Assert.Contains("and 180 more", lines[^1]);
        Assert.DoesNotContain("d-170", string.Join('\n', lines));
    }

    [TestMethod]
    public void A_repeated_event_counts_once_and_its_number_after_a_reset_counts_again()
    {
        const string Topic = "nanoota/lamp/device/d-1/event";
        Assert.IsNotNull(fleet.Take(Message(Topic, "{\"e\":\"trial\",\"n\":1,\"up\":5}")));
        Assert.IsNull(fleet.Take(Message(Topic, "{\"e\":\"trial\",\"n\":1,\"up\":5}")));
        Assert.IsNotNull(fleet.Take(Message(Topic, "{\"e\":\"trial\",\"n\":1,\"up\":6}")));
    }

    private static BrokerMessage Message(string topic, string payload) => new(topic, Encoding.UTF8.GetBytes(payload), false);

    private string Draw(int height)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        console.Profile.Width = 250;
        console.Write(FleetTable.Render(fleet, "watching", height));
        return text.ToString();
    }

    private static void AssertPlain(string text) =>
        Assert.IsTrue(text.All(c => c == '\n' || !char.IsControl(c) && c is not ('\u202e' or '\u2028')), text);
}
