using NanoOta.Releases.Packing;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Packed;

/// <summary>
/// The benchmark. With NANOOTA_BENCH=OLD,NEW it measures these images: <c>dotnet test --filter EncodingBenchTests</c>, and the table is
/// in the test's output.
/// </summary>
[TestClass]
public sealed class EncodingBenchTests
{
    [TestMethod]
    public void Packed_is_smaller_than_every_peer_that_is_installed()
    {
        byte[] source = RealCore.Pe, image = PackedImage.FixedCore();
        if (Environment.GetEnvironmentVariable("NANOOTA_BENCH") is { } names)
        {
            source = File.ReadAllBytes(names.Split(',')[0]);
            image = File.ReadAllBytes(names.Split(',')[1]);
        }

        var costs = EncodingBench.Measure(source, image, out var notInstalled);
        foreach (var cost in costs) Console.WriteLine($"{cost.Bytes,9} {100.0 * cost.Bytes / image.Length,6:F2} %  {cost.Name} {cost.Options}");
        Console.WriteLine($"not installed: {string.Join(", ", notInstalled)}");
        Assert.IsTrue(costs.Skip(1).All(cost => cost.Bytes > costs[0].Bytes));
        Assert.AreEqual(8, costs.Count + notInstalled.Count);
    }
}
