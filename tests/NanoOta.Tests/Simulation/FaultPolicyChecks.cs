using static NanoOta.Tests.Simulation.FaultSafetyChecks;

namespace NanoOta.Tests.Simulation;

/// <summary>
/// Watches how a device treats its application, its supply and the servers: does nothing that it may not, leaves alone who asks
/// for it, tries again what passes, and tries the mirror in its turn.
/// </summary>
internal sealed class FaultPolicyChecks
{
    private const int HalfAnHourMs = 1_800_000;
    private const int MaxPostponeSeconds = 86_400;
    private const int Retries = 5;

    private readonly FaultSchedule schedule;
    private readonly SimDevice device;
    private readonly FaultEnvironment world;
    private long barredSince = -1, shortSince = -1, leaveAloneUntil, waitsSince;
    private int boots, events, retries, writesWhenBarred, operations, mirrorOpens, deployments;
    private bool wasFaulty, wasAskedToLeave;
    private Phase phase;

    public FaultPolicyChecks(FaultSchedule schedule, SimDevice device, FaultEnvironment world)
    {
        this.schedule = schedule;
        this.device = device;
        this.world = world;
        world.OnOpen = LookAtOpen;
        world.OnAnswer = LookAtAnswer;
    }

    /// <summary>To be called before each step of the device.</summary>
    public void Look()
    {
        long now = device.Milliseconds;
        for (; events < device.Events.Count; events++) LookAtEvent(device.Events[events]);
        if (device.Boots != boots)
            (retries, mirrorOpens, wasFaulty, waitsSince) = (0, 0, IsServerOutOfReach, 0);
        // A planned sleep ends no quiet.
        if (device.Boots != boots && (!device.IsPlannedWake || device.State == BootState.Trial)) leaveAloneUntil = 0;
        boots = device.Boots;
        wasFaulty |= IsServerOutOfReach;
        shortSince = !world.Has(FaultKind.MemoryShort) ? -1 : shortSince < 0 ? now : shortSince;
        phase = device.Agent?.Phase ?? Phase.Settle;
        LookWhenBarred(now);
        if (phase == Phase.Idle) return;
        Require(!HasPassedWindow(), "a maintenance window passed between two checks, with a release staged");
        waitsSince = 0;
    }

    /// <summary>To be called behind each step of the device, with the phase that it was in.</summary>
    public void LookAtStep(Phase phase)
    {
        if (phase != Phase.Activate || device.State != BootState.Activated) return;
        Require(!world.IsBarred, "activated although busy or without supply");
        Require(!schedule.HasWindow || IsInWindow(), "activated outside the window");
    }

    // Without memory for TLS there is still the mirror, which speaks http.
    private bool IsServerOutOfReach => world.IsNetworkFaulty || (schedule.IsHttps && world.Has(FaultKind.MemoryShort));

    private bool IsInWindow() => device.UnixSeconds > 0 && MinuteOfWindow(device.UnixSeconds) < 60;

    /// <summary>Whether a whole window lay in the rest that followed a wait for one; the clock may have been set in between.</summary>
    private bool HasPassedWindow() => waitsSince > 0 && device.UnixSeconds > waitsSince
        && device.UnixSeconds - waitsSince < 2 * schedule.CheckIntervalMs / 1000
        && MinuteOfWindow(waitsSince) >= 60 && MinuteOfWindow(waitsSince) + (device.UnixSeconds - waitsSince) / 60 > 1440 + 60;

    private long MinuteOfWindow(long seconds) => (seconds / 60 % 1440 - schedule.WindowStart + 1440) % 1440;

    // The block for which there was permission may still come to flash.
    private void LookWhenBarred(long now)
    {
        if (!world.IsBarred || deployments != world.Cable.Deployments)
        {
            deployments = world.Cable.Deployments;
            barredSince = -1;
            return;
        }

        if (barredSince >= 0 && device.Flash.Operations == operations) return;
        operations = device.Flash.Operations;
        int writes = device.Flash.ProgramCounts.Take(2 * SimDevice.SlotSectors).Sum();
        if (barredSince < 0) (barredSince, writesWhenBarred) = (now, writes);
        Require(writes - writesWhenBarred <= 1, "staged although busy or without supply");
    }

    private void LookAtOpen(string name, bool isMirror)
    {
        long now = device.Milliseconds;
        bool isBarred = world.IsBarred && barredSince >= 0 && now - barredSince >= HalfAnHourMs;
        bool isShort = schedule.IsHttps && !isMirror && world.Has(FaultKind.MemoryShort) && shortSince >= 0 && now - shortSince >= HalfAnHourMs;
        Require(!isBarred, "the network is used although busy or without supply");
        Require(!isShort, "TLS without memory");
        if (isMirror) mirrorOpens++;
        Require(!isMirror || wasFaulty, $"the mirror is asked for {name} although nothing is wrong with the server");
        Require(!name.EndsWith(".cose") || now >= leaveAloneUntil, "the server is asked for a release although it wants to be left alone");
    }

    private void LookAtAnswer(UpdateError answer)
    {
        int seconds = Math.Min(device.Server.RetryAfterSeconds, MaxPostponeSeconds);
        if (answer != UpdateError.ServerFailed || seconds == 0) return;
        wasAskedToLeave |= seconds > 60;
        leaveAloneUntil = Math.Max(leaveAloneUntil, device.Milliseconds + seconds * 1000L);
    }

    private void LookAtEvent((UpdateEventKind Kind, string Version, UpdateError Code) e)
    {
        bool isPassing = Array.IndexOf(FaultNetwork.Passing, e.Code) >= 0;
        bool isOfFile = isPassing || e.Code is UpdateError.FileNotFound or UpdateError.Redirected or UpdateError.WrongLength
            or UpdateError.BlockCorrupt or UpdateError.IndexCorrupt;
        if (e.Kind == UpdateEventKind.Error && isPassing) retries++;
        if (e.Kind != UpdateEventKind.Refused) return;
        Require(!isPassing || wasAskedToLeave || retries >= Retries, $"given up with {e.Code} after {retries} retries");
        Require(!schedule.HasMirror || !isOfFile || phase == Phase.Offer || mirrorOpens > 0,
            $"given up with {e.Code} without a look at the mirror");
        (retries, mirrorOpens, wasFaulty, wasAskedToLeave) = (0, 0, IsServerOutOfReach, false);
        waitsSince = e.Code == UpdateError.OutsideWindow ? device.UnixSeconds : 0;
    }
}
