using System.Text;
using System.Text.Json;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Core;

/// <summary>JSON in a fixed buffer: what another reader makes of it.</summary>
[TestClass]
public sealed class JsonWriterTests
{
    [TestMethod]
    public void Every_text_is_read_back_as_it_was()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        var buffer = new byte[512];
        var json = new JsonWriter(buffer);
        for (int i = 0; i < 5000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(20)).Select(_ => Character(random))]);
            json.Begin(512);
            json.Text("a", text);
            json.Number("b", i);
            var element = JsonDocument.Parse(Encoding.ASCII.GetString(buffer, 0, json.End())).RootElement;
            Assert.AreEqual(text, element.GetProperty("a").GetString(), $"seed {seed}");
            Assert.AreEqual(i, element.GetProperty("b").GetInt32());
        }
    }

    [TestMethod]
    public void At_any_limit_the_object_is_valid_and_each_field_is_whole_or_absent()
    {
        var buffer = new byte[512];
        var json = new JsonWriter(buffer);
        for (int limit = 2; limit < 100; limit++)
        {
            Array.Fill(buffer, (byte)'!');
            json.Begin(limit);
            json.Text("name", "a \"b\" \\ \u0001 é");
            json.Number("number", 1234567890123);
            json.Text("last", "x");
            int length = json.End();
            Assert.IsLessThanOrEqualTo(limit, length);
            Assert.IsFalse(buffer.AsSpan(limit).ContainsAnyExcept((byte)'!'), "nothing is written beyond the limit");
            var element = JsonDocument.Parse(Encoding.ASCII.GetString(buffer, 0, length)).RootElement;
            Assert.AreEqual(json.IsCut, element.EnumerateObject().Count() < 3, $"limit {limit}");
            if (element.TryGetProperty("name", out var name)) Assert.AreEqual("a \"b\" \\ \u0001 é", name.GetString());
            if (element.TryGetProperty("number", out var number)) Assert.AreEqual(1234567890123, number.GetInt64());
        }
    }

    [TestMethod]
    public void At_any_limit_open_values_are_closed_and_omitted_ones_omitted_whole()
    {
        var buffer = new byte[200];
        var json = new JsonWriter(buffer);
        var whole = new HashSet<string>();
        for (int limit = 2; limit < 100; limit++)
        {
            Array.Fill(buffer, (byte)'!');
            json.Begin(limit);
            json.OpenArray("list");
            for (int i = 0; i < 3; i++)
            {
                json.OpenObject(null);
                json.Number("a", i);
                json.Text("b", "{");
                json.Close();
            }

            json.Number(null, 7);
            json.Close();
            json.OpenObject("empty");
            json.Close();
            json.Number("last", 1);
            int length = json.End();
            Assert.IsLessThanOrEqualTo(limit, length);
            Assert.IsFalse(buffer.AsSpan(limit).ContainsAnyExcept((byte)'!'), "nothing is written beyond the limit");
            string text = Encoding.ASCII.GetString(buffer, 0, length);
            using var document = JsonDocument.Parse(text);
            if (!json.IsCut) whole.Add(text);
            else Assert.IsLessThan(76, length);
        }

        const string All = "{\"list\":[{\"a\":0,\"b\":\"{\"},{\"a\":1,\"b\":\"{\"},{\"a\":2,\"b\":\"{\"},7],\"empty\":{},\"last\":1}";
        CollectionAssert.AreEqual(new[] { All }, whole.ToArray());
    }

    [TestMethod]
    public void The_longest_number_is_written_and_an_unknown_one_is_omitted()
    {
        var buffer = new byte[100];
        var json = new JsonWriter(buffer);
        json.Begin(100);
        json.Number("a", long.MaxValue);
        json.Known("b", -1);
        json.Known("c", "");
        json.Known("d", null);
        json.Known("e", 0);
        Assert.AreEqual("{\"a\":9223372036854775807,\"e\":0}", Encoding.ASCII.GetString(buffer, 0, json.End()));
    }

    [TestMethod]
    public void Writing_allocates_nothing()
    {
        var json = new JsonWriter(new byte[512]);
        Write(json);
        Assert.AreEqual(0, Allocations.Least(() => Allocations.Of(() =>
        {
            for (int i = 0; i < 1000; i++) Write(json);
        })));
    }

    private static void Write(JsonWriter json)
    {
        json.Begin(512);
        json.Text("text", "Grüße");
        json.Number("number", 42);
        json.End();
    }

    private static char Character(Random random)
    {
        // No surrogates: a lone one is not the same text on the device.
        int c = random.Next(3) == 0 ? random.Next(0xD800) : random.Next(128);
        return (char)c;
    }
}
