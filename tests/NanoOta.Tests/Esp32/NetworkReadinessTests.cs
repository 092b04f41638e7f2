namespace NanoOta.Tests.Esp32;

[TestClass]
public sealed class NetworkReadinessTests : IClock
{
    private readonly NetworkReadiness readiness;
    private bool hasAddress, hasTime;

    public NetworkReadinessTests() => readiness = new(this, () => hasAddress, () => hasTime);

    public long Milliseconds { get; private set; }

    [TestMethod]
    public void Without_an_address_nothing_is_ready_however_long_it_takes()
    {
        hasTime = true;
        Assert.IsFalse(IsReadyAt(0));
        Assert.IsFalse(IsReadyAt(long.MaxValue));
    }

    [TestMethod]
    public void With_an_address_and_the_time_of_day_the_network_is_ready_at_once()
    {
        hasAddress = hasTime = true;
        Assert.IsTrue(IsReadyAt(0));
    }

    [TestMethod]
    public void The_time_of_day_is_waited_for_only_so_long()
    {
        Assert.IsFalse(IsReadyAt(500_000));
        hasAddress = true;
        Assert.IsFalse(IsReadyAt(600_000), "the wait begins with the address");
        Assert.IsFalse(IsReadyAt(600_000 + NetworkReadiness.MaxTimeWaitMs - 1));
        Assert.IsTrue(IsReadyAt(600_000 + NetworkReadiness.MaxTimeWaitMs));
    }

    [TestMethod]
    public void An_address_that_was_lost_begins_the_wait_anew()
    {
        hasAddress = true;
        Assert.IsFalse(IsReadyAt(0));
        Assert.IsTrue(IsReadyAt(NetworkReadiness.MaxTimeWaitMs));
        hasAddress = false;
        Assert.IsFalse(IsReadyAt(NetworkReadiness.MaxTimeWaitMs + 1));
        hasAddress = true;
        Assert.IsFalse(IsReadyAt(NetworkReadiness.MaxTimeWaitMs + 2));
        hasTime = true;
        Assert.IsTrue(IsReadyAt(NetworkReadiness.MaxTimeWaitMs + 2));
    }

    private bool IsReadyAt(long milliseconds)
    {
        Milliseconds = milliseconds;
        return readiness.IsReady();
    }
}
