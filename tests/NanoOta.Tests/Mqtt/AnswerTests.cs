using NanoOta.Releases;

namespace NanoOta.Tests.Mqtt;

/// <summary>The answers of a device to refused commands, and its tokens.</summary>
[TestClass]
public sealed class AnswerTests
{
    private static OutgoingCommand Command(long counter = 1000) => new(MqttBench.DeviceId, CommandKind.Check, counter);

    [TestMethod]
    public void Refusals_are_answered_once_in_ten_seconds_and_the_rest_is_counted()
    {
        var bench = new MqttBench();
        for (int i = 0; i < 60; i++)
        {
            bench.ReceiveQueue.Receive(bench.Topics.Command, [1], 1);
            bench.Control.TakeCommand();
            bench.Clock.Milliseconds += 500;
        }

        var answers = bench.All(MessageKind.Answer);
        Assert.HasCount(3, answers);
        Assert.AreEqual(9, answers[1].GetProperty("more").GetInt32(), "one check a second, one answer in ten");
        Assert.AreEqual((int)UpdateError.ManifestNotSigned, answers[0].GetProperty("cause").GetInt32());
    }

    [TestMethod]
    public void An_answer_repeats_nothing_of_an_unauthenticated_command()
    {
        using var unknown = SigningKey.Generate();
        var bench = new MqttBench();
        Assert.IsNull(bench.Send(Command(123456789).Sign(unknown)));
        var answer = bench.Next().Json;
        Assert.IsFalse(answer.TryGetProperty("n", out _) || answer.TryGetProperty("cmd", out _));
    }

    [TestMethod]
    [DataRow(16)]
    [DataRow(64)]
    [DataRow(65)]
    [DataRow(200)]
    public void A_token_of_any_length_makes_the_MAC_that_dotnet_makes(int length)
    {
        var token = new string('ö', length);
        var bench = new MqttBench(o => o.Token = token);
        Assert.IsNotNull(bench.Send(Command().Sign(token)));
    }

    [TestMethod]
    public void A_short_token_is_refused_on_both_sides()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new MqttBench(o => o.Token = "only 15 letters"));
        Assert.ThrowsExactly<ReleaseException>(() => Command().Sign("only 15 letters"));
        Assert.ThrowsExactly<ReleaseException>(() => Command(0).Sign(MqttBench.Key));
        Assert.ThrowsExactly<ReleaseException>(() => (Command() with { DeviceId = "" }).Sign(MqttBench.Key));
    }
}
