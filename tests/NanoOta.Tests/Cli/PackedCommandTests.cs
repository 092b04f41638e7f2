using System.Text.Json;
using NanoOta.Releases;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Cli;

/// <summary>Packed files on the command line.</summary>
[TestClass]
public sealed class PackedCommandTests
{
    [TestMethod]
    public void The_benchmark_prints_what_each_encoding_costs_with_its_manifest()
    {
        using var folder = new TemporaryFolder();
        byte[] source = TestInput.Image(9000).Bytes.ToArray(), image = TestInput.Image(9400).Bytes.ToArray();
        var run = NanoOtaTool.Run("bench-encodings", folder.Write("old.bin", source), folder.Write("new.bin", image), "--json");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        Assert.AreEqual(image.Length, json.RootElement.GetProperty("imageSize").GetInt32());
        var costs = json.RootElement.GetProperty("encodings").EnumerateArray().ToDictionary(e => e.GetProperty("name").GetString()!);
        Assert.AreEqual(8, costs.Count + json.RootElement.GetProperty("notInstalled").GetArrayLength());
        foreach (var cost in costs.Values)
            Assert.AreEqual(Number(cost, "bytes"), cost.GetProperty("parts").EnumerateObject().Sum(part => part.Value.GetInt32()));
        Assert.IsGreaterThan(image.Length + BlockIndex.FileLength(image.Length) + 200, Number(costs["plain"], "bytes"));
        Assert.IsLessThan(Number(costs["packed, no base"], "bytes"), Number(costs["packed"], "bytes"));
        Assert.AreEqual((2, 3), (Number(costs["packed"], "requests"), Number(costs["plain"], "requests")));
        Assert.AreEqual(7508, Number(costs["packed"].GetProperty("decoder"), "memory"));
        // Each request and each answer has a first line and a few headers.
        Assert.IsTrue(costs.Values.All(cost => Number(cost, "headers") / Number(cost, "requests") is > 100 and < 1000));
    }

    [TestMethod]
    public void The_benchmark_prints_a_table_with_the_share_of_the_image()
    {
        using var folder = new TemporaryFolder();
        byte[] source = TestInput.Image(9000).Bytes.ToArray(), image = TestInput.Image(9400).Bytes.ToArray();
        var run = NanoOtaTool.Run("bench-encodings", folder.Write("old.bin", source), folder.Write("new.bin", image));
        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Output, "% of image");
        StringAssert.Contains(run.Output, "packed, no base");
    }

    [TestMethod]
    public void Inspect_shows_a_packed_file()
    {
        using var folder = new TemporaryFolder();
        var packed = PackedImages.Pack(TestInput.Image(9400), [TestInput.Image(9000)])[0].File;
        var run = NanoOtaTool.Run("inspect", folder.Write("a.pack", packed.Bytes), "--json");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        Assert.AreEqual(9000, json.RootElement.GetProperty("baseSize").GetInt32());
        Assert.AreEqual(packed.Bytes.Length, json.RootElement.GetProperty("bytes").GetInt32());
    }

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
