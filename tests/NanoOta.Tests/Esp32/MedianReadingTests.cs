namespace NanoOta.Tests.Esp32;

/// <summary>The arithmetic of measuring the supply; the converter itself is on the device only.</summary>
[TestClass]
public sealed class MedianReadingTests
{
    private const int Maximum = 4095;

    private readonly MedianReading reading = new();

    [TestMethod]
    public void The_median_is_that_of_sorting_whatever_the_order()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < 2000; round++)
        {
            var values = Enumerable.Range(0, MedianReading.Count).Select(_ => random.Next(Maximum + 1)).ToArray();
            Assert.AreEqual(values.Order().ElementAt(MedianReading.Count / 2), Scale(values), $"seed {seed}: {string.Join(' ', values)}");
        }
    }

    [TestMethod]
    public void Spikes_in_less_than_half_of_the_readings_change_nothing() =>
        Assert.AreEqual(2000, Scale([0, 2001, 4095, 2000, 0, 1999, 4095, 2000, 2000]));

    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(1, 2)]
    [DataRow(2047, 4999)]
    [DataRow(2048, 5001)]
    [DataRow(4095, 10000)]
    public void A_reading_is_scaled_to_the_nearest_millivolt(int value, int expected) =>
        Assert.AreEqual(expected, Scale([.. Enumerable.Repeat(value, MedianReading.Count)], 10000));

    [TestMethod]
    public void The_largest_numbers_do_not_overflow() =>
        Assert.AreEqual(int.MaxValue, Scale([.. Enumerable.Repeat(int.MaxValue, MedianReading.Count)], int.MaxValue, int.MaxValue));

    [TestMethod]
    public void A_missing_reading_gives_no_result() =>
        Assert.AreEqual(MedianReading.None, Scale(new int[MedianReading.Count - 1]));

    [TestMethod]
    [DataRow(-1)]
    [DataRow(Maximum + 1)]
    public void An_impossible_converter_reading_is_a_failed_one(int value) =>
        Assert.AreEqual(MedianReading.None, Scale([5, 5, 5, 5, value, 5, 5, 5, 5]));

    [TestMethod]
    [DataRow(0, 5000)]
    [DataRow(-1, 5000)]
    [DataRow(Maximum, 0)]
    [DataRow(Maximum, -5000)]
    public void An_unknown_scale_gives_no_result(int maximum, int fullScale) =>
        Assert.AreEqual(MedianReading.None, Scale(new int[MedianReading.Count], fullScale, maximum));

    [TestMethod]
    public void Each_measurement_is_independent_and_allocates_nothing()
    {
        int[] first = [.. Enumerable.Repeat(4000, MedianReading.Count)], second = [.. Enumerable.Repeat(7, MedianReading.Count)];
        Scale(first);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int result = Scale(second);
        Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.AreEqual(7, result);
    }

    private int Scale(int[] values, int fullScale = Maximum, int maximum = Maximum)
    {
        reading.Clear();
        foreach (int value in values) reading.Add(value);
        return reading.Scale(maximum, fullScale);
    }
}
