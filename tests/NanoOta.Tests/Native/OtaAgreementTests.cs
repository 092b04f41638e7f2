using NanoOta.Cli;
using NanoOta.Tests.Cli;
using NanoOta.Tests.Support;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Native;

/// <summary>ESP-IDF's boot rules over otadata exist twice: in C# for the virtual device, in C on the records of the native
/// module.</summary>
[TestClass]
public sealed class OtaAgreementTests
{
    private static readonly uint[] Sequences = [0, 1, 1, 2, 2, 3, 4, 5, 8, 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF];
    private static readonly uint[] States = [0, 0, 1, 1, 2, 2, 2, 3, 4, 5, 0xFFFFFFFF];

    private static readonly string[] Calls =
    [
        "boot", "boot", "boot", "set_boot", "set_boot", "mark_valid", "mark_valid", "mark_invalid", "get_state", "get_boot", "get_running",
        "get_next_update", "get_last_invalid", "rollback_possible", "invalidate_inactive", "erase_last_boot", "ota_begin",
        "ota_write_image", "ota_write_image",
    ];

    private static readonly string[] WithPartition = ["set_boot", "get_state", "ota_begin", "ota_write_image"];

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void All_recorded_vectors_pass_in_c_and_none_is_skipped()
    {
        OptionalTools.Here.Require("gcc");
        var run = NanoOtaTool.Run("vectors", SharedFile.Find("vectors", "esp-idf-boot.json"), "--native");
        Assert.AreEqual(ExitCode.Success, run.ExitCode, run.Output + run.Error);
        StringAssert.EndsWith(run.Output.TrimEnd(), " passed, 0 failed, 0 skipped");
    }

    [TestMethod]
    public void Both_implementations_agree_on_random_courses()
    {
        OptionalTools.Here.Require("gcc");
        int seed = Environment.TickCount;
        TestContext.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var vectors = Enumerable.Range(0, 1500).Select(i => WithOutcomes(Next(random, $"{i}"))).ToList();
        var failures = VectorReplay.Run(vectors, new NativeVectorModel(vectors, Path.Combine(AppContext.BaseDirectory, "native"))).ToList();
        Assert.IsEmpty(failures, $"seed {seed}: {failures.FirstOrDefault()}");
        var results = vectors.SelectMany(vector => vector.Steps).Select(step => $"{step.Call} {step.Expected.Result} {step.Expected.Error}");
        Assert.IsGreaterThan(50, results.Distinct().Count(), "the outcomes are not varied enough");
    }

    private static OtaVector WithOutcomes(OtaVector vector)
    {
        var model = new ManagedVectorModel();
        model.Begin(vector);
        return new OtaVector
        {
            Id = vector.Id,
            Group = vector.Group,
            Table = vector.Table,
            Fuse = vector.Fuse,
            Images = vector.Images,
            Records = vector.Records,
            Running = vector.Running,
            Steps = [.. vector.Steps.Select(step => step with { Expected = model.Run(step) })],
        };
    }

    private static OtaVector Next(Random random, string id)
    {
        var table = new EspTable
        {
            Variant = (OtaVariant)random.Next(3),
            OtaData = random.Next(20) == 0 ? null : 0xD000,
            Factory = random.Next(3) == 0 ? new EspPartition("factory", 0x10000, 0x10000) : null,
            Test = random.Next(5) == 0 ? new EspPartition("test", 0x20000, 0x10000) : null,
            Slots = [.. Enumerable.Range(0, random.Next(1, 5)).Select(i => new EspPartition($"ota_{i}", 0x40000 + i * 0x10000, 0x10000))],
            Revision = EspImageBuilder.ChipRevision,
        };
        EspPartition[] partitions = [.. new[] { table.Factory, table.Test }.OfType<EspPartition>(), .. table.Slots];
        return new OtaVector
        {
            Id = id,
            Group = "random",
            Table = table,
            Fuse = random.Next(3),
            Images = partitions.ToDictionary(p => p, _ => NextImage(random)),
            Records = [NextRecord(random), NextRecord(random)],
            Running = random.Next(3) == 0 ? null : partitions[random.Next(partitions.Length)],
            Steps = [.. Enumerable.Range(0, 8).Select(_ => NextStep(random, partitions))],
        };
    }

    private static VectorImage NextImage(Random random) => new(
        random.Next(3) > 0 ? "valid" : EspImageBuilder.Kinds[random.Next(EspImageBuilder.Kinds.Count)],
        random.Next(10) == 0 ? 33 : (uint)random.Next(4));

    private static byte[] NextRecord(Random random)
    {
        byte[] record = OtaRecord.Of(Sequences[random.Next(Sequences.Length)], (OtaState)States[random.Next(States.Length)]).Encode();
        if (random.Next(6) == 0) record[28] ^= 1;
        if (random.Next(6) == 0) record[4] = 0x55;
        return random.Next(5) == 0 ? [.. Enumerable.Repeat((byte)0xFF, record.Length)] : record;
    }

    private static VectorStep NextStep(Random random, EspPartition[] partitions)
    {
        var call = Calls[random.Next(Calls.Length)];
        var partition = random.Next(20) == 0 ? "ota_9" : partitions[random.Next(partitions.Length)].Name;
        var cut = random.Next(6) == 0 ? new VectorCut(random.Next(1, 4), random.Next(33)) : null;
        return new VectorStep(call, WithPartition.Contains(call) ? partition : null,
            call == "ota_write_image" ? NextImage(random) : null, cut, new VectorOutcome { Records = "" });
    }
}
