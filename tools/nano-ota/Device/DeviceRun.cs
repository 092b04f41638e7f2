using System.Collections.Concurrent;
using System.Diagnostics;
using NanoOta.Boards;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Device;

/// <summary>
/// A virtual device from power-on until a state is reached. It turns what the board and the firmware's console say into
/// events, and does not look into the flash: what it reports is what a person with a serial cable would see.
/// </summary>
public sealed class DeviceRun : IDisposable
{
    private const int LookMs = 20;

    private readonly VirtualBoard board;
    private readonly NorFlash flash;
    private readonly FlashMap map;
    private readonly Stopwatch time = Stopwatch.StartNew();
    private readonly BlockingCollection<DeviceEvent> reached = [];
    private readonly Lock gate = new();
    private Goal? goal;
    private bool isOver;
    private string version = "";
    private RunningFirmware running = RunningFirmware.None;
    private DeviceEvent lastBoot = new() { By = DeviceEvent.ByBoard, Event = "boot" };
    private int bytesBefore, bytesNow;

    /// <summary>A device without power.</summary>
    /// <param name="kind">Its board.</param>
    /// <param name="flash">Its flash, which stays the caller's.</param>
    /// <param name="surroundings">What its firmware finds around it.</param>
    /// <param name="trialWatchdog">Time that a trial has for its verdict.</param>
    public DeviceRun(Board kind, NorFlash flash, Surroundings surroundings, TimeSpan trialWatchdog)
    {
        this.flash = flash;
        map = FlashMap.Of(kind);
        board = new VirtualBoard(kind, flash, new VirtualBoardOptions
        {
            OnEvent = Hear,
            OnFault = reached.CompleteAdding,
            TrialWatchdog = trialWatchdog,
            NativeAssemblies = surroundings.Natives,
            Environment = surroundings.Settings,
        });
    }

    /// <summary>Gets every event but idle, in order, on the board's thread.</summary>
    public Action<DeviceEvent> OnEvent { get; init; } = _ => { };

    /// <summary>Gets the other lines of the firmware's console.</summary>
    public Action<string> OnConsole { get; init; } = _ => { };

    /// <summary>Asked, when the goal is reached, whether power may go; again until it says yes.</summary>
    public Func<bool> MayEnd { get; init; } = () => true;

    /// <summary>Boots so far.</summary>
    public int Boots { get; private set; }

    /// <summary>Bytes of images fetched so far, over all boots.</summary>
    public int BytesFetched => bytesBefore + bytesNow;

    /// <summary>Whether the run ended because neither slot begins with an assembly: nothing would ever happen.</summary>
    public bool HasNothingToBoot { get; private set; }

    /// <summary>The event that reached the goal of the last <see cref="Run"/>.</summary>
    public DeviceEvent? Reached { get; private set; }

    /// <summary>
    /// Gives power, and takes it away when the goal is reached, the time is over, or nothing can boot. To be called once.
    /// </summary>
    /// <param name="wanted">Null: run until cancelled.</param>
    /// <param name="timeout">Longest time.</param>
    /// <param name="stop">Ends the run early.</param>
    /// <returns>Whether the goal was reached.</returns>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    /// <exception cref="Exception">What a receiver of events threw; the device is off.</exception>
    /// <exception cref="FlashFileException">The flash file cannot be written.</exception>
    public bool Run(Goal? wanted, TimeSpan timeout, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(timeout);
        goal = wanted;
        try
        {
            board.PowerOn();
            if (!reached.TryTake(out var e, Timeout.Infinite, limit.Token)) return false;
            Reached = e;
            while (!MayEnd() && !reached.IsAddingCompleted)
                if (limit.Token.WaitHandle.WaitOne(LookMs)) limit.Token.ThrowIfCancellationRequested();
            return true;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            lock (gate) isOver = true;
            board.PowerOff(); // throws what stopped it, if anything did
        }
    }

    /// <summary>Power fails now, and comes back; for any thread, and from events.</summary>
    public void CutPower() => board.CutPowerNow();

    /// <inheritdoc/>
    public void Dispose() => board.Dispose();

    private void Hear(BoardEvent happening)
    {
        switch (happening)
        {
            case BoardEvent.Booted boot: HearBoot(boot); break;
            case BoardEvent.Sleeps sleep: Raise(Sleep(sleep.Milliseconds)); break;
            case BoardEvent.WasReset reset when reset.Reason is not (ResetReason.Sw or ResetReason.DeepSleep):
                Raise(Reboot(Text(reset.Reason)));
                break;
            case BoardEvent.NothingToBoot: HearNothing(); break;
            case BoardEvent.Guarded: Judge(lastBoot); break;
            case BoardEvent.PowerLost:
                Raise(Reboot("power failed"));
                Task.Run(PowerBack);
                break;
            case BoardEvent.Ended: OnConsole("(the app has ended; a device now waits in the debugger loop)"); break;
            case BoardEvent.ConsoleLine line: HearLine(line.Text); break;
        }
    }

    private void PowerBack()
    {
        board.WaitUntilOff(Timeout.InfiniteTimeSpan);
        lock (gate)
            if (!isOver) board.PowerOn();
    }

    private void HearBoot(BoardEvent.Booted boot)
    {
        Boots++;
        bytesBefore += bytesNow;
        bytesNow = 0;
        running = RunningFirmware.Look(flash, map, boot);
        var state = boot.State switch
        {
            BootState.Trial => "on trial",
            BootState.Reverted => "reverted",
            _ => "confirmed",
        };
        var reason = boot.State == BootState.Reverted ? boot.Outcome.Record.Reason : UpdateError.None;
        if (running.IsSafeMode) state += ", safe mode";
        lastBoot = new DeviceEvent
        {
            By = DeviceEvent.ByBoard,
            Event = "boot",
            Slot = running.Slot,
            Version = running.Version,
            Code = (int)reason,
            Bytes = BytesFetched,
            Reason = $"{state}{(reason == UpdateError.None ? "" : ": " + UpdateErrors.Text(reason))}, after {Text(boot.Reason)}",
            Detail = running.IsOther ? "the slot holds another image than its descriptor says" : null,
        };
        lastBoot = Raise(lastBoot);
    }

    private void HearNothing()
    {
        Raise(Error(UpdateError.SlotNotBootable));
        HasNothingToBoot = true;
        reached.CompleteAdding();
    }

    private void HearLine(string line)
    {
        var e = AgentLine.Find(line, out var text);
        if (e == null || text != "") OnConsole(text);
        if (e != null) HearEvent(e);
    }

    // A device counts from its last boot; a run counts over all of them.
    private void HearEvent(DeviceEvent e)
    {
        if (e is { Event: "offer" } && e.Version != version)
        {
            version = e.Version!;
            bytesBefore = 0;
        }

        bytesNow = e.Bytes ?? bytesNow;
        e = e with { Bytes = BytesFetched, Reason = e is { Event: "reboot" } ? "by the agent" : e.Reason };
        Judge(Raise(e));
    }

    private DeviceEvent Raise(DeviceEvent e)
    {
        e = e with { Boots = Boots, Ms = time.ElapsedMilliseconds };
        if (e.Event != "idle") OnEvent(e);
        return e;
    }

    private void Judge(DeviceEvent e)
    {
        if (goal?.IsReached(e, running, board.State) == true && !reached.IsAddingCompleted) reached.Add(e);
    }

    private DeviceEvent Reboot(string reason) => OfBoard("reboot", reason);

    private DeviceEvent Sleep(int milliseconds) =>
        OfBoard("sleep", milliseconds == 0 ? "until something resets it" : $"for {milliseconds} ms");

    private DeviceEvent OfBoard(string name, string reason) => new()
    {
        By = DeviceEvent.ByBoard,
        Event = name,
        Slot = running.Slot,
        Version = running.Version,
        Code = 0,
        Reason = reason,
        Bytes = BytesFetched,
    };

    private static DeviceEvent Error(UpdateError error) =>
        new() { By = DeviceEvent.ByBoard, Event = "error", Code = (int)error, Reason = UpdateErrors.Text(error) };

    private static string Text(ResetReason reason) => reason switch
    {
        ResetReason.PowerOn => "power-on",
        ResetReason.Sw => "a reset by the firmware",
        ResetReason.Panic => "a panic",
        ResetReason.TaskWdt or ResetReason.IntWdt or ResetReason.Wdt => "a watchdog",
        ResetReason.Brownout => "a brown-out",
        ResetReason.DeepSleep => "deep sleep",
        _ => $"reset reason {(int)reason}",
    };
}
