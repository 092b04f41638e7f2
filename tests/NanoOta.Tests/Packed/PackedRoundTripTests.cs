using NanoOta.Releases;
using NanoOta.Releases.Packing;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Packed;

/// <summary>What is packed comes back on the device, and costs what it should.</summary>
[TestClass]
public sealed class PackedRoundTripTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(4095)]
    [DataRow(4096)]
    [DataRow(4097)]
    [DataRow(8192)]
    [DataRow(12301)]
    public void Noise_of_any_size_comes_back_and_grows_by_its_table_only(int size)
    {
        byte[] image = PackedImage.Noise(size, size), other = PackedImage.Noise(9001, 1);
        int blocks = BlockIndex.BlockCount(size);
        Assert.IsLessThanOrEqualTo(size + PackedTable.HeaderLength + blocks * PackedTable.EntryLength, PackUnpack(image, []));
        Assert.IsLessThanOrEqualTo(size + PackedTable.HeaderLength + blocks * PackedTable.EntryLength, PackUnpack(image, other));
        Assert.IsLessThan(64, PackUnpack(image, image));
    }

    [TestMethod]
    public void Zeros_periods_and_counters_shrink_to_almost_nothing()
    {
        var zeros = new byte[40_000];
        byte[] period = [.. Enumerable.Range(0, 20_001).Select(i => (byte)(i % 77))];
        byte[] counter = [.. Enumerable.Range(0, 5_000).SelectMany(i => BitConverter.GetBytes((ushort)i))];
        Assert.IsLessThan(150, PackUnpack(zeros, []));
        Assert.IsLessThan(250, PackUnpack(period, []));
        Assert.IsLessThan(2500, PackUnpack(counter, []));
    }

    [TestMethod]
    public void Random_edits_of_random_images_come_back()
    {
        int seed = Environment.TickCount;
        Console.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (int round = 0; round < 5; round++)
        {
            byte[] source = RealCore.Pe[..random.Next(1, 20_000)];
            PackUnpack(Edit(source, random), source);
        }
    }

    [TestMethod]
    public void A_runtime_comes_back_from_the_running_runtime_into_the_inactive_one()
    {
        var board = NanoOta.Boards.Board.Load("esp32-s3-devkitc-1-8mb");
        byte[] source = TestEspImage.Runtime(board, 20_000), image = TestEspImage.Runtime(board, 20_000, secureVersion: 1);
        foreach (byte[] origin in new[] { source, [] })
        {
            byte[] file = PackedImage.Pack(image, origin);
            var (error, unpacked) = PackedImage.Unpack(file, origin, image.Length, kind: ImageKind.Runtime);
            Assert.AreEqual(UpdateError.None, error);
            CollectionAssert.AreEqual(image, unpacked);
        }
    }

    [TestMethod]
    public void A_byte_changed_near_the_front_costs_less_than_70_bytes()
    {
        byte[] image = RealCore.Pe;
        image[700] ^= 0x55;
        Assert.IsLessThan(70, PackUnpack(image, RealCore.Pe));
    }

    [TestMethod]
    public void Columns_that_grew_by_a_constant_cost_a_few_bits_each()
    {
        Assert.IsLessThan(600, PackUnpack(PackedImage.ChangedCore(), RealCore.Pe));
    }

    [TestMethod]
    public void An_assembly_added_in_the_middle_costs_less_than_itself()
    {
        byte[] core = RealCore.Pe, added = core[12_000..22_000];
        byte[] source = [.. core[..12_000], .. core[22_000..]];
        Assert.IsLessThan(PackUnpack(added, []) + 50, PackUnpack([.. core[..12_000], .. added, .. core[22_000..]], source));
    }

    [TestMethod]
    public void Reordered_assemblies_cost_less_than_100_bytes()
    {
        byte[] core = RealCore.Pe;
        Assert.IsLessThan(100, PackUnpack([.. core[22_000..], .. core[..12_000], .. core[12_000..22_000]], core));
    }

    [TestMethod]
    public void The_core_library_shrinks_to_less_than_half_without_a_base()
    {
        Assert.IsLessThan(RealCore.Pe.Length / 2, PackUnpack(RealCore.Pe, []));
    }

    [TestMethod]
    public void Equal_input_gives_equal_output_on_any_number_of_cores()
    {
        byte[] image = PackedImage.ChangedCore(), first = PackedFile.Create(image, [], cores: 1).Bytes;
        CollectionAssert.AreEqual(first, PackedFile.Create(image, [], cores: 3).Bytes);
        CollectionAssert.AreEqual(first, PackedFile.Create(image, [], cores: 3).Bytes);
    }

    [TestMethod]
    public void Packing_reports_how_far_it_is_and_can_be_cancelled()
    {
        var reports = new List<double>();
        using var cancellation = new CancellationTokenSource();
        var progress = new Reports(share =>
        {
            reports.Add(share);
            if (reports.Count == 2) cancellation.Cancel();
        });
        Assert.ThrowsExactly<TaskCanceledException>(() => PackedFile.Create(RealCore.Pe, [], progress, cancellation.Token));
        Assert.IsTrue(reports[0] > 0 && reports[0] < reports[1] && reports[1] < 1);
    }

    [TestMethod]
    public void Sizes_that_the_format_does_not_have_are_refused()
    {
        Assert.ThrowsExactly<ReleaseException>(() => PackedFile.Create([], []));
        Assert.ThrowsExactly<ReleaseException>(() => PackedFile.Create(new byte[PackedModel.MaxImage + 1], []));
        Assert.ThrowsExactly<ReleaseException>(() => PackedFile.Create([1], new byte[PackedModel.MaxImage + 1]));
    }

    [TestMethod]
    public void A_file_is_read_back_by_its_header_and_anything_else_is_refused()
    {
        byte[] file = PackedImage.ChangedCorePatch();
        CollectionAssert.AreEqual(PackedImage.ChangedCore(), PackedFile.Parse(file, "x.nop").Unpack(RealCore.Pe));
        Assert.ThrowsExactly<ReleaseException>(() => PackedFile.Parse(file[..15], "x.nop"));
        Assert.ThrowsExactly<ReleaseException>(() => PackedFile.Parse(RealCore.Pe, "x.nop"));
        Assert.ThrowsExactly<ReleaseException>(() => PackedFile.Parse(file, "x.nop").Unpack(RealCore.Pe[1..]));
    }

    private static int PackUnpack(byte[] image, byte[] source)
    {
        byte[] file = PackedImage.Pack(image, source);
        var (error, output) = PackedImage.Unpack(file, source, image.Length);
        Assert.AreEqual(UpdateError.None, error);
        CollectionAssert.AreEqual(image, output);
        return file.Length;
    }

    private static byte[] Edit(byte[] source, Random random)
    {
        var image = new List<byte>();
        while (image.Count < source.Length || image.Count == 0)
        {
            int start = random.Next(source.Length), count = random.Next(1, 3000);
            image.AddRange(source.Skip(start).Take(count));
            if (random.Next(2) == 0) image.AddRange(PackedImage.Noise(random.Next(40), random.Next()));
            if (random.Next(3) == 0) image[random.Next(image.Count)] += 5;
        }

        return [.. image];
    }

    private sealed class Reports(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
