using NanoOta.Tests.Support;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>The limits of an update: memory on the device, and wear of its flash.</summary>
[TestClass]
public sealed class BudgetTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 9);

    [TestMethod]
    public void An_agent_takes_at_most_12_KB()
    {
        var device = SimDevice.Offered(First, Second);
        long agentBytes = 0;
        device.Break = ports =>
        {
            var options = new UpdateOptions { TrustedKeys = [Support.TestManifest.SharedKey.Base64] };
            _ = new UpdateAgent(ports, options);
            long before = GC.GetAllocatedBytesForCurrentThread();
            _ = new UpdateAgent(ports, options);
            agentBytes = GC.GetAllocatedBytesForCurrentThread() - before;
        };
        Assert.IsTrue(device.RunUntil(() => agentBytes > 0));
        Console.WriteLine($"an agent allocates {agentBytes} bytes");
        Assert.IsLessThanOrEqualTo(12 * 1024, agentBytes);
    }

    [TestMethod]
    public void The_largest_offer_takes_at_most_4_KB_beside_the_agent()
    {
        var mirrors = Enumerable.Range(0, 4).Select(i => (object)("http://" + new string('a', 119) + i + "/")).ToArray();
        var natives = Enumerable.Range(0, 40).Select(i => (object)new object[] { new string('n', 62) + i.ToString("00"), 1L }).ToArray();
        var manifest = new TestManifest
        {
            Product = new string('p', 32),
            Board = new string('b', 32),
            Version = new string('v', 32),
            IndexLocation = new string('i', 96),
            ImageLocation = new string('j', 96),
            Change = map => map.AddRange([((object)10L, (object)mirrors), (11L, natives)]),
        };
        var key = new byte[32];
        var file = manifest.Sign(manifest.Payload(), TestManifest.Encode(new List<(object, object)> { (1L, -7L), (4L, key) }));
        Assert.IsInRange(3600, Manifest.MaxLength - 1, file.Length);
        var crypto = new AcceptAllCrypto();
        var reader = new ManifestReader(new TrustedKeys([TestManifest.SharedKey.Base64], crypto), crypto, new NoNativeCode());
        Assert.AreEqual(UpdateError.None, reader.Read(file, file.Length, out var offer));
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = reader.Read(file, file.Length, out offer);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Console.WriteLine($"reading the largest offer allocates {bytes} bytes");
        Assert.HasCount(4, offer.Mirrors);
        Assert.IsLessThanOrEqualTo(4096, bytes);
    }

    [TestMethod]
    public void Staging_allocates_nothing_for_a_block()
    {
        var device = SimDevice.Offered(First, Second);
        device.Events.EnsureCapacity(1000);
        var perStep = new List<long>();
        device.OnStep = (phase, bytes) =>
        {
            if (phase == Phase.Stage) perStep.Add(bytes);
        };
        Assert.IsTrue(device.RunUntil(() => device.State == BootState.Trial));
        // The address is put together once; the first block warms up what .NET itself allocates once.
        int warm = perStep.Count / BlockIndex.BlockCount(Second.Image.Length) * 2;
        Assert.IsGreaterThan(20, perStep.Count - warm);
        Assert.AreEqual(0, perStep.Skip(warm).Sum(), string.Join(' ', perStep));
    }

    [TestMethod]
    public void An_update_writes_each_sector_at_most_once_and_erases_none_that_is_blank()
    {
        var device = SimDevice.Offered(First, Second);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        var third = SimRelease.Make("1.2.0", 3, 6);
        device.Publish(third);
        var before = (Programs: (int[])device.Flash.ProgramCounts.Clone(), Erases: (int[])device.Flash.EraseCounts.Clone());
        Assert.IsTrue(device.RunUntilConfirmed("1.2.0"));

        Assert.AreEqual(0, device.Flash.BlankErases);
        for (int sector = 0; sector < device.Flash.ProgramCounts.Length; sector++)
        {
            if (IsRecord(sector)) continue;
            Assert.IsLessThanOrEqualTo(1, device.Flash.ProgramCounts[sector] - before.Programs[sector], $"sector {sector}");
            Assert.IsLessThanOrEqualTo(1, device.Flash.EraseCounts[sector] - before.Erases[sector], $"sector {sector}");
        }

        int records = Enumerable.Range(0, device.Flash.ProgramCounts.Length).Where(IsRecord)
            .Sum(sector => device.Flash.ProgramCounts[sector] - before.Programs[sector]);
        Console.WriteLine($"journal and boot record are written {records} times in a good update");
        Assert.IsLessThanOrEqualTo(7, records);
        Assert.IsGreaterThan(0, records);
    }

    // Boot record and journal: the first four sectors of the partition.
    private static bool IsRecord(int sector) => sector >= SimDevice.Map.Records / 4096 && sector < SimDevice.Map.Records / 4096 + 4;

    // Any key, any signature, and all without allocating.
    private sealed class AcceptAllCrypto : ICrypto
    {
        public void HashStart()
        {
        }

        public void HashBytes(byte[] buffer, int start, int count)
        {
        }

        public bool HashFlash(FlashArea area, int offset, int count) => true;

        public bool HashFinish(byte[] digest) => true;

        public bool VerifyEcdsaP256(byte[] publicKey, byte[] hash, byte[] signature) => true;
    }

    private sealed class NoNativeCode : IRuntime
    {
        public long GetNativeChecksum(string assembly) => -1;
    }
}
