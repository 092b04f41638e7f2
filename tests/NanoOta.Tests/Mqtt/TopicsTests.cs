using System.Text;

namespace NanoOta.Tests.Mqtt;

/// <summary>Levels of topics, with unusual bytes in names.</summary>
[TestClass]
public sealed class TopicsTests
{
    [TestMethod]
    public void The_topics_of_a_device_are_those_of_the_specification()
    {
        var topics = new Topics("table lamp+", "esp32/a", "24:6F:28:AA:BB:CC");
        Assert.AreEqual("nanoota/table%20lamp%2B/esp32%2Fa/offer", topics.Offer);
        Assert.AreEqual("nanoota/table%20lamp%2B/device/24:6F:28:AA:BB:CC/status", topics.Status);
        Assert.AreEqual("nanoota/table%20lamp%2B/device/24:6F:28:AA:BB:CC/command", topics.Command);
    }

    [TestMethod]
    public void No_text_becomes_a_wildcard_or_a_level_and_no_two_become_the_same()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        var seen = new Dictionary<string, string>();
        for (int i = 0; i < 20_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => "a/+#%$ \0é2F".ElementAt(random.Next(10)))]);
            var level = Topics.Segment(text);
            Assert.IsFalse(level.AsSpan().ContainsAny("/+#$ \0"), $"seed {seed}: {text}");
            Assert.IsTrue(level.All(char.IsAscii), $"seed {seed}: {text}");
            if (seen.TryGetValue(level, out var other)) Assert.AreEqual(other, text, $"seed {seed}");
            seen[level] = text;
            Assert.AreEqual(text, Uri.UnescapeDataString(level), $"seed {seed}");
        }
    }

    [TestMethod]
    public void Every_byte_stays_or_is_written_as_two_digits()
    {
        const string kept = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-:";
        for (char c = '\u0001'; c < 128; c++)
            Assert.AreEqual(kept.Contains(c) ? c.ToString() : $"%{(int)c:X2}", Topics.Segment(c.ToString()));
    }

    [TestMethod]
    public void Empty_and_long_names_are_refused()
    {
        Assert.AreEqual(64, Encoding.UTF8.GetByteCount(new string('é', 32)));
        Topics.Segment(new string('é', 32));
        Assert.ThrowsExactly<ArgumentException>(() => Topics.Segment(new string('é', 33)));
        Assert.ThrowsExactly<ArgumentException>(() => new Topics("lamp", "board-a", ""));
    }
}
