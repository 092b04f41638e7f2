using NanoOta.Tests.Simulation;

namespace NanoOta.Tests.Mqtt;

/// <summary>Reports over a broker, from the command to the document.</summary>
[TestClass]
public sealed class ReportDeliveryTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    private readonly SimDevice device = SimDevice.Offered(First, Second);
    private readonly SimMqtt remote;
    private readonly Heap memory = new() { Free = 90_000, LargestBlock = 40_000 };
    private bool isMemoryOut;

    public ReportDeliveryTests() => remote = new SimMqtt(device) { MakeSupport = Support };

    [TestMethod]
    public void Each_report_has_the_number_of_its_command_and_the_phase_of_the_request()
    {
        remote.OnRound = _ => remote.Send(CommandKind.Report);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        remote.OnRound = _ => { };
        Assert.IsTrue(device.RunUntil(() => remote.Reports.Count == remote.Answers.Count));
        CollectionAssert.AreEqual(
            remote.Answers.Select(a => a.Number).ToArray(), remote.Reports.Select(r => r.GetProperty("n").GetInt64()).ToArray());
        var phases = remote.Reports.Select(r => r.GetProperty("phase").GetString()).ToHashSet();
        foreach (var phase in new[] { "idle", "offer", "index", "stage", "trial" }) Assert.Contains(phase, phases);
        var link = remote.Reports[^1].GetProperty("link");
        Assert.AreEqual(1, link.GetProperty("connections").GetInt32());
        Assert.AreEqual(0, link.GetProperty("err").GetInt32());
    }

    [TestMethod]
    public void A_report_waits_for_an_absent_broker_and_a_second_one_is_refused_meanwhile()
    {
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsTrue(device.RunOneCheck());
        remote.Send(CommandKind.Report);
        remote.Send(CommandKind.Report);
        remote.Broker.IsUp = false;
        Assert.IsTrue(RunFor(600_000));
        Assert.IsEmpty(remote.Reports);
        remote.Broker.IsUp = true;
        Assert.IsTrue(device.RunUntil(() => remote.Reports.Count > 0));
        CollectionAssert.AreEqual(
            new[] { UpdateError.None, UpdateError.CommandNotPossible }, remote.Answers.Select(a => a.Code).ToArray());
        Assert.AreEqual(UpdateError.None, remote.Execute(CommandKind.Report));
        Assert.IsTrue(device.RunUntil(() => remote.Reports.Count > 1));
        CollectionAssert.AreEqual(new long[] { 1, 3 }, remote.Reports.Select(r => r.GetProperty("n").GetInt64()).ToArray());
    }

    [TestMethod]
    public void Without_memory_a_report_is_refused_and_the_device_continues()
    {
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        isMemoryOut = true;
        Assert.AreEqual(UpdateError.MemoryLow, remote.Execute(CommandKind.Report));
        isMemoryOut = false;
        Assert.AreEqual(UpdateError.None, remote.Execute(CommandKind.Report));
        Assert.IsTrue(device.RunUntil(() => remote.Reports.Count == 1));
    }

    [TestMethod]
    public void The_memory_of_a_report_is_free_once_it_is_published()
    {
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(UpdateError.None, remote.Execute(CommandKind.Report));
        Assert.IsTrue(device.RunUntil(() => remote.Reports.Count == 1));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.IsFalse(remote.Broker.ReportBuffer!.IsAlive);
    }

    [TestMethod]
    public void Firmware_without_reports_refuses_the_command()
    {
        remote.MakeSupport = null;
        Assert.AreEqual(UpdateError.CommandNotPossible, remote.Execute(CommandKind.Report));
    }

    [TestMethod]
    public void A_flood_of_report_commands_gives_one_report_at_a_time_and_delays_no_update()
    {
        remote.OnRound = _ =>
        {
            for (int i = 0; i < 20; i++) remote.Send(CommandKind.Report);
        };
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.IsTrue(device.SlotHolds(1, Second.Image));
        Assert.AreEqual(Second.Image.Length, device.Server.ImageBytesRead);
        Assert.IsLessThanOrEqualTo(remote.Answers.Count, remote.Reports.Count);
        Assert.IsTrue(remote.Broker.Published.All(m => m.Payload.Length <= SupportReport.MaxLength));
    }

    private SupportReport Support(UpdatePorts ports)
    {
        ports.Memory = new ScarceMemory(memory, () => isMemoryOut);
        return new SupportReport(ports, new UpdateOptions(), null);
    }

    private bool RunFor(long milliseconds)
    {
        long until = device.Milliseconds + milliseconds;
        return device.RunUntil(() => device.Milliseconds >= until);
    }

    // Nothing can be allocated while a report is written.
    private sealed class ScarceMemory(IMemory memory, Func<bool> isOut) : IMemory
    {
        public int Free => memory.Free;

        public int LargestBlock => isOut() ? throw new OutOfMemoryException("by order of the test") : memory.LargestBlock;

        public int FreeManaged => memory.FreeManaged;

        public void Release() => memory.Release();
    }
}
