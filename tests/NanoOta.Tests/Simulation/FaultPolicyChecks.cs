using static NanoOta.Tests.Simulation.FaultSafetyChecks;

namespace NanoOta.Tests.Simulation;

/// <summary>
/// Checks how a device treats its application, its supply and the servers: it obeys vetoes and Retry-After, retries after
/// temporary faults, and uses the mirror only after the server failed.
/// </summary>
internal sealed class FaultPolicyChecks
{
    private const int HalfAnHourMs = 1_800_000;
    private const int MaxPostponeSeconds = 86_400;
    private const int Retries = 5;

    private readonly FaultSchedule schedule;
    private readonly SimDevice device;
    private readonly FaultEnvironment faults;
    private long barredSince = -1, shortSince = -1, leaveAloneUntil, waitsSince;
    private int boots, events, retries, writesWhenBarred, operations, mirrorOpens, deployments;
    private bool wasFaulty, wasAskedToLeave, isPermitted;
    private Phase phase;

    public FaultPolicyChecks(FaultSchedule schedule, SimDevice device, FaultEnvironment faults)
    {
        this.schedule = schedule;
        this.device = device;
        this.faults = faults;
        faults.OnOpen = CheckOpen;
        faults.OnAnswer = CheckAnswer;
    }

    /// <summary>To be called before each step of the device.</summary>
    public void Check()
    {
        long now = device.Milliseconds;
        for (; events < device.Events.Count; events++) CheckEvent(device.Events[events]);
        if (device.Boots != boots)
            (retries, mirrorOpens, wasFaulty, waitsSince) = (0, 0, IsServerOutOfReach, 0);
        // A planned sleep does not end a Retry-After.
        if (device.Boots != boots && (!device.IsPlannedWake || device.State == BootState.Trial)) leaveAloneUntil = 0;
        boots = device.Boots;
        wasFaulty |= IsServerOutOfReach;
        shortSince = !faults.Has(FaultKind.MemoryShort) ? -1 : shortSince < 0 ? now : shortSince;
        phase = device.Agent?.Phase ?? Phase.Settle;
        if (phase is not (Phase.Verify or Phase.Activate)) isPermitted = false;
        CheckWhenBarred(now);
        if (phase == Phase.Idle) return;
        Require(!HasPassedWindow(), "a maintenance window passed between two checks, with a release staged");
        waitsSince = 0;
    }

    /// <summary>To be called after each step of the device, with its phase before the step.</summary>
    public void CheckStep(Phase phase)
    {
        if (phase != Phase.Activate) return;
        // After a wait the image is hashed once more between the permission and the activation.
        bool wasPermitted = isPermitted;
        isPermitted = device.Agent!.Phase == Phase.Verify;
        if (!isPermitted && (wasPermitted || device.State != BootState.Activated)) return;
        Require(!faults.IsBarred, "activated although busy or without supply");
        Require(!schedule.HasWindow || IsInWindow(), "activated outside the window");
    }

    // Without memory for TLS the mirror is still available, over http.
    private bool IsServerOutOfReach => faults.IsNetworkFaulty || (schedule.IsHttps && faults.Has(FaultKind.MemoryShort));

    private bool IsInWindow() => device.UnixSeconds > 0 && MinuteOfWindow(device.UnixSeconds) < 60;

    /// <summary>Whether a whole window lay in the rest that followed a wait for one; the clock may have been set in between.</summary>
    private bool HasPassedWindow() => waitsSince > 0 && device.UnixSeconds > waitsSince
        && device.UnixSeconds - waitsSince < 2 * schedule.CheckIntervalMs / 1000
        && MinuteOfWindow(waitsSince) >= 60 && MinuteOfWindow(waitsSince) + (device.UnixSeconds - waitsSince) / 60 > 1440 + 60;

    private long MinuteOfWindow(long seconds) => (seconds / 60 % 1440 - schedule.WindowStart + 1440) % 1440;

    // The block that was already allowed may still be written to flash.
    private void CheckWhenBarred(long now)
    {
        if (!faults.IsBarred || deployments != faults.Cable.Deployments)
        {
            deployments = faults.Cable.Deployments;
            barredSince = -1;
            return;
        }

        if (barredSince >= 0 && device.Flash.Operations == operations) return;
        operations = device.Flash.Operations;
        int writes = device.Flash.ProgramCounts.Take(2 * SimDevice.SlotSectors).Sum();
        if (barredSince < 0) (barredSince, writesWhenBarred) = (now, writes);
        Require(writes - writesWhenBarred <= 1, "staged although busy or without supply");
    }

    private void CheckOpen(string name, bool isMirror)
    {
        long now = device.Milliseconds;
        bool isBarred = faults.IsBarred && barredSince >= 0 && now - barredSince >= HalfAnHourMs;
        bool isShort = schedule.IsHttps && !isMirror && faults.Has(FaultKind.MemoryShort) && shortSince >= 0
            && now - shortSince >= HalfAnHourMs;
        Require(!isBarred, "the network is used although busy or without supply");
        Require(!isShort, "TLS without memory");
        if (isMirror) mirrorOpens++;
        Require(!isMirror || wasFaulty, $"{name} is requested from the mirror although the server has no fault");
        Require(!name.EndsWith(".cose") || now >= leaveAloneUntil, "a release is requested from the server before its Retry-After is over");
    }

    private void CheckAnswer(UpdateError answer)
    {
        int seconds = Math.Min(device.Server.RetryAfterSeconds, MaxPostponeSeconds);
        if (answer != UpdateError.ServerFailed || seconds == 0) return;
        wasAskedToLeave |= seconds > 60;
        leaveAloneUntil = Math.Max(leaveAloneUntil, device.Milliseconds + seconds * 1000L);
    }

    private void CheckEvent((UpdateEventKind Kind, string Version, UpdateError Code) e)
    {
        bool isPassing = Array.IndexOf(FaultNetwork.Passing, e.Code) >= 0;
        bool isOfFile = isPassing || e.Code is UpdateError.FileNotFound or UpdateError.Redirected or UpdateError.WrongLength
            or UpdateError.BlockCorrupt or UpdateError.IndexCorrupt;
        if (e.Kind == UpdateEventKind.Error && isPassing) retries++;
        if (e.Kind != UpdateEventKind.Refused) return;
        Require(!isPassing || wasAskedToLeave || retries >= Retries, $"given up with {e.Code} after {retries} retries");
        Require(!schedule.HasMirror || !isOfFile || phase == Phase.Offer || mirrorOpens > 0,
            $"given up with {e.Code} without a request to the mirror");
        (retries, mirrorOpens, wasFaulty, wasAskedToLeave) = (0, 0, IsServerOutOfReach, false);
        waitsSince = e.Code == UpdateError.OutsideWindow ? device.UnixSeconds : 0;
    }
}
