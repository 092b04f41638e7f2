using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Diagnostics;

/// <summary>The report of simulated devices, parsed by another JSON reader.</summary>
[TestClass]
public sealed class SupportReportTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);
    private static readonly SimRelease Third = SimRelease.Make("1.2.0", 3, 4);

    [TestMethod]
    public void A_report_between_any_two_steps_matches_flash_and_changes_nothing()
    {
        var device = SimDevice.Offered(First, Second);
        var sim = new SimHistory(device);
        var phases = new HashSet<string>();
        sim.OnRound = agent =>
        {
            var report = Parse(sim.Write(agent));
            Assert.AreEqual(Names.Of(agent.Phase), report.GetProperty("phase").GetString());
            phases.Add(report.GetProperty("phase").GetString()!);
            var slots = report.GetProperty("slots").EnumerateArray().ToArray();
            var running = slots.Single(s => s.GetProperty("runs").GetInt32() == 1);
            Assert.AreEqual(device.Running!.Version, running.GetProperty("ver").GetString());
            Assert.AreEqual(Hash(device.Running.Image), running.GetProperty("sha").GetString());
            for (int slot = 0; slot < 2; slot++)
                Assert.AreEqual(SimDevice.Map.IsPlausible(device.Flash, slot) ? 1 : 0, slots[slot].GetProperty("head").GetInt32());
            Assert.AreEqual(sim.History.Count, report.GetProperty("history").GetArrayLength());
            Assert.AreEqual(Names.Of(device.State), report.GetProperty("boot").GetProperty("state").GetString());
        };
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(Second.Image.Length, device.Server.ImageBytesRead);
        Assert.AreEqual(0, device.Count(UpdateEventKind.Error));
        foreach (var phase in Enum.GetValues<Phase>().Where(p => p != Phase.Reject)) Assert.Contains(Names.Of(phase), phases);
    }

    [TestMethod]
    public void A_report_names_the_failed_release_with_reason_and_text()
    {
        var device = SimDevice.Offered(First, Second);
        var sim = new SimHistory(device);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        device.Publish(Third with { Behaviour = Behaviour.Unhealthy });
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.Quarantined));
        sim.Request.Number = 12345;
        sim.Request.Connections = 3;
        sim.Request.LinkError = UpdateError.BrokerLost;
        var report = Parse(sim.Write(device.Agent!));
        Assert.AreEqual(12345, report.GetProperty("n").GetInt64());
        Assert.AreEqual("software", report.GetProperty("boot").GetProperty("reset").GetString());
        var quarantined = report.GetProperty("journal").GetProperty("quarantine").EnumerateArray().Single();
        Assert.AreEqual(Hash(Third.Image), quarantined.GetProperty("sha").GetString());
        Assert.AreEqual((int)UpdateError.HealthCheckFailed, quarantined.GetProperty("code").GetInt32());
        var errors = report.GetProperty("errors").EnumerateArray().ToDictionary(e => (UpdateError)e.GetProperty("code").GetInt32());
        CollectionAssert.AreEquivalent(
            new[] { UpdateError.Quarantined, UpdateError.BrokerLost, UpdateError.HealthCheckFailed }, errors.Keys.ToArray());
        foreach (var (code, error) in errors)
        {
            Assert.AreEqual(UpdateErrors.Text(code), error.GetProperty("text").GetString());
            Assert.IsFalse(error.TryGetProperty("remedy", out _), "only host tools show remedies");
        }

        var history = report.GetProperty("history").EnumerateArray().ToArray();
        Assert.AreEqual("start", history[0].GetProperty("e").GetString());
        Assert.AreEqual("refused", history[^1].GetProperty("e").GetString());
        var numbers = history.Select(h => h.GetProperty("n").GetInt32()).ToArray();
        CollectionAssert.AreEqual(Enumerable.Range(1, history.Length).ToArray(), numbers);
        Assert.AreEqual(3, report.GetProperty("link").GetProperty("connections").GetInt32());
        Assert.AreEqual(1, report.GetProperty("totals").GetProperty("reverts").GetInt32());
        var key = TrustedKeys.ComputeId(Convert.FromBase64String(TestManifest.SharedKey.Base64), sim.Ports.Crypto);
        Assert.AreEqual(Convert.ToHexStringLower(key), report.GetProperty("keys").EnumerateArray().Single().GetString());
        Assert.IsFalse(report.TryGetProperty("cut", out _));
    }

    [TestMethod]
    public void The_longest_values_fit_when_the_oldest_records_are_omitted()
    {
        var bench = new HistoryBench(Longest());
        var options = new UpdateOptions
        {
            Product = new string('p', 32),
            Board = new string('b', 32),
            Chip = new string('c', 32),
            DeviceId = new string('\u00e9', 32),
            Address = "https://" + new string('a', 300) + "/",
            TrustedKeys = [.. Enumerable.Range(0, 9).Select(_ => new TestKey().Base64)],
            Supply = new SupplyLimits { Download = 99_999, Write = 99_999, Activate = 99_999 },
        };
        bench.Ports.Supply = new Cell(() => 99_999);
        bench.Ports.Memory = new Heap { Free = int.MaxValue, LargestBlock = int.MaxValue };
        bench.Ports.Crypto = new HostCrypto();
        bench.ResetReason = (ResetReason)int.MaxValue;
        bench.Crashes = 255;
        bench.UnixSeconds = 4_102_444_800;
        bench.Milliseconds = 2_000_000_000_000;
        var agent = new UpdateAgent(bench.Ports, options);
        for (int i = 0; i < 8; i++)
        {
            var digest = Enumerable.Repeat((byte)(0xA0 + i), 32).ToArray();
            agent.Journal.Quarantine(digest, UpdateError.HealthCheckTimedOut + i);
        }

        agent.Journal.TakeInHand(new byte[32].Select((_, i) => (byte)(i + 1)).ToArray());
        agent.Journal.CommandCounter = (1L << 53) - 1;
        var report = new SupportReport(bench.Ports, options, bench.History);
        var request = new ReportRequest
        {
            Number = (1L << 53) - 1,
            Connections = int.MaxValue,
            DroppedMessages = int.MaxValue,
            RefusedMessages = int.MaxValue,
            LinkError = UpdateError.BrokerUnreachable,
        };
        int most = 0;
        for (int size = SupportReport.MinLength; size <= SupportReport.MaxLength + 500; size += 61)
        {
            var buffer = new byte[size];
            int length = report.Write(agent, request, buffer);
            Assert.IsLessThanOrEqualTo(Math.Min(size, SupportReport.MaxLength), length);
            var json = Parse(buffer[..length]);
            int held = json.GetProperty("history").GetArrayLength();
            Assert.AreEqual(held < 32, json.TryGetProperty("cut", out _), $"{held} of 32 in {size}");
            if (held > 0) Assert.AreEqual(bench.All[^1].Number, json.GetProperty("history")[held - 1].GetProperty("n").GetInt32());
            Assert.IsTrue(held >= most, "more room, more records");
            most = held;
            foreach (var part in new[] { "slots", "boot", "journal", "supply", "memory", "link", "totals", "errors" })
                Assert.IsTrue(json.TryGetProperty(part, out _), part);
            Assert.AreEqual(8, json.GetProperty("errors").GetArrayLength());
        }

        Console.WriteLine($"{most} of 32 of the longest records fit into {SupportReport.MaxLength} bytes");
        Assert.IsInRange(16, 32, most);
    }

    [TestMethod]
    public void A_usual_report_of_a_full_history_is_whole()
    {
        var device = SimDevice.Offered(First, Second);
        var sim = new SimHistory(device);
        for (int i = 2; i < 9; i++)
        {
            string version = $"1.{i}.0-rc.1.build.20261123";
            device.Publish(SimRelease.Make(version, i, 5));
            Assert.IsTrue(device.RunUntilConfirmed(version));
        }

        var report = sim.Write(device.Agent!);
        Assert.AreEqual(32, Parse(report).GetProperty("history").GetArrayLength());
        Assert.IsFalse(Parse(report).TryGetProperty("cut", out _));
        Console.WriteLine($"a report of 32 records has {report.Length} bytes");
    }

    [TestMethod]
    public void A_report_without_history_and_link_contains_the_rest()
    {
        var device = SimDevice.Offered(First, Second);
        var sim = new SimHistory(device);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        var buffer = new byte[SupportReport.MinLength];
        var report = Parse(buffer[..new SupportReport(sim.Ports, new UpdateOptions(), null).Write(device.Agent!, new ReportRequest(), buffer)]);
        Assert.AreEqual("1.1.0", report.GetProperty("ver").GetString());
        foreach (var part in new[] { "history", "totals", "link", "cut" }) Assert.IsFalse(report.TryGetProperty(part, out _), part);
        Assert.ThrowsExactly<ArgumentException>(() => sim.Report.Write(device.Agent!, new ReportRequest(), new byte[SupportReport.MinLength - 1]));
    }

    [TestMethod]
    public void A_supply_that_throws_costs_its_own_number_and_no_other()
    {
        var device = SimDevice.Offered(First, Second);
        var sim = new SimHistory(device);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        sim.Ports.Supply = new Cell(() => throw new InvalidOperationException("broken"));
        var supply = Parse(sim.Write(device.Agent!)).GetProperty("supply");
        Assert.IsFalse(supply.TryGetProperty("mv", out _));
        Assert.AreEqual(0, supply.GetProperty("ext").GetInt32());
    }

    [TestMethod]
    public void A_report_allocates_little()
    {
        var device = SimDevice.Offered(First, Second);
        var sim = new SimHistory(device);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        var buffer = new byte[SupportReport.MaxLength];
        sim.Report.Write(device.Agent!, new ReportRequest(), buffer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        sim.Report.Write(device.Agent!, new ReportRequest(), buffer);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Console.WriteLine($"a report allocates {bytes} bytes");
        Assert.IsLessThanOrEqualTo(8192, bytes);
    }

    private static string Hash(byte[] image) => Convert.ToHexStringLower(SHA256.HashData(image));

    private static JsonElement Parse(byte[] report)
    {
        Assert.IsFalse(report.Any(b => b is < 0x20 or > 0x7E), "ASCII alone");
        return JsonDocument.Parse(Encoding.ASCII.GetString(report)).RootElement;
    }

    // A history whose numbers have all their digits.
    private static NorFlash Longest()
    {
        var flash = new NorFlash(HistoryBench.Size);
        var bytes = new byte[SlotDescriptor.Length];
        for (int i = 0; i < 37; i++)
        {
            new HistoryRecord
            {
                Number = 1_999_000_000 + i,
                Kind = (int)UpdateEventKind.Activated,
                Slot = 1,
                Code = UpdateError.None + 1001 + i % 11,
                Uptime = 2_000_000_000,
                UnixSeconds = 4_102_444_800,
                Sequence = (1L << 53) - 1,
                Version = new string('v', 32),
                LowestSupply = 99_999,
                LowestMemory = int.MaxValue,
            }.WriteTo(bytes);
            flash.Program(i * HistoryRecord.Length, bytes.AsSpan(0, HistoryRecord.Length));
        }

        return flash;
    }

    private sealed class HostCrypto : ICrypto
    {
        private readonly MemoryStream hashed = new();

        public void HashStart() => hashed.SetLength(0);

        public void HashBytes(byte[] buffer, int start, int count) => hashed.Write(buffer, start, count);

        public bool HashFlash(FlashArea area, int offset, int count) => false;

        public bool HashFinish(byte[] digest) => SHA256.TryHashData(hashed.ToArray(), digest, out _);

        public bool VerifyEcdsaP256(byte[] publicKey, byte[] hash, byte[] signature) => false;
    }
}
