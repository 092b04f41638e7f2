namespace NanoOta.Tests.AgentThread;

[TestClass]
public sealed class NetworkReadinessTests : IClock
{
    private readonly NetworkReadiness readiness;
    private bool hasAddress, hasTime;

    public NetworkReadinessTests() => readiness = new(this, () => hasAddress);

    public long Milliseconds { get; private set; }

    public long UnixSeconds => hasTime ? 1_795_392_000 : 0;

    [TestMethod]
    public void Without_an_address_the_network_is_never_ready()
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
    public void The_wait_for_the_time_of_day_is_bounded()
    {
        Assert.IsFalse(IsReadyAt(500_000));
        hasAddress = true;
        Assert.IsFalse(IsReadyAt(600_000), "the wait begins with the address");
        Assert.IsFalse(IsReadyAt(600_000 + NetworkReadiness.MaxTimeWaitMs - 1));
        Assert.IsTrue(IsReadyAt(600_000 + NetworkReadiness.MaxTimeWaitMs));
    }

    [TestMethod]
    public void A_lost_address_restarts_the_wait()
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
