using System.Collections.Concurrent;
using NanoOta.Boards;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Device;

/// <summary>A run of a virtual device from power-on until a state is reached. It turns events of the board and lines of the firmware's
/// console into device events.</summary>
public sealed class DeviceRun : IDisposable
{
    private const int PollMs = 20;

    private readonly VirtualBoard board;
    private readonly NorFlash flash;
    private readonly FlashMap map;
    private readonly RunCounter counter = new();
    private readonly BlockingCollection<DeviceEvent> reached = [];
    private readonly Lock gate = new();
    private Goal? goal;
    private bool isOver;
    private RunningFirmware running = RunningFirmware.None;
    private DeviceEvent lastBoot = new() { By = DeviceEvent.ByBoard, Event = "boot" };

    /// <summary>A device without power.</summary>
    /// <param name="kind">Its board.</param>
    /// <param name="flash">Its flash; the caller disposes it.</param>
    /// <param name="environment">Settings and hardware for its firmware.</param>
    /// <param name="trialWatchdog">Longest time of a trial.</param>
    public DeviceRun(Board kind, NorFlash flash, DeviceEnvironment environment, TimeSpan trialWatchdog)
    {
        this.flash = flash;
        map = FlashMap.Of(kind);
        board = new VirtualBoard(kind, flash, new VirtualBoardOptions
        {
            OnEvent = On,
            OnFault = reached.CompleteAdding,
            TrialWatchdog = trialWatchdog,
            NativeAssemblies = environment.Natives,
            Environment = environment.Settings,
        });
    }

    /// <summary>Receives every event except idle, in order, on the board's thread.</summary>
    public Action<DeviceEvent> OnEvent { get; init; } = _ => { };

    /// <summary>Receives the other lines of the firmware's console.</summary>
    public Action<string> OnConsole { get; init; } = _ => { };

    /// <summary>Polled when the goal is reached; the run ends when it returns true.</summary>
    public Func<bool> MayEnd { get; init; } = () => true;

    /// <summary>Boots so far.</summary>
    public int Boots => counter.Boots;

    /// <summary>Bytes of images fetched so far, over all boots.</summary>
    public int BytesFetched => counter.BytesFetched;

    /// <summary>Whether the run ended because neither slot begins with an assembly.</summary>
    public bool HasNothingToBoot { get; private set; }

    /// <summary>The event that reached the goal of the last <see cref="Run"/>.</summary>
    public DeviceEvent? Reached { get; private set; }

    /// <summary>Switches power on, and off when the goal is reached, the time is over, or nothing can boot. To be called once.</summary>
    /// <param name="wanted">The goal; null = run until cancelled.</param>
    /// <param name="timeout">Longest time.</param>
    /// <param name="stop">Ends the run early.</param>
    /// <returns>Whether the goal was reached.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> ended it.</exception>
    /// <exception cref="Exception">An exception of a receiver of events; the device is off.</exception>
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
                if (limit.Token.WaitHandle.WaitOne(PollMs)) limit.Token.ThrowIfCancellationRequested();
            return true;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            lock (gate) isOver = true;
            board.PowerOff(); // throws the exception that stopped the board, if any
        }
    }

    /// <summary>Cuts power and restores it. Callable from any thread and from events.</summary>
    public void CutPower() => board.CutPowerNow();

    /// <inheritdoc/>
    public void Dispose() => board.Dispose();

    private void On(BoardEvent boardEvent)
    {
        switch (boardEvent)
        {
            case BoardEvent.Booted boot: OnBoot(boot); break;
            case BoardEvent.Sleeps sleep: Raise(Sleep(sleep.Milliseconds)); break;
            case BoardEvent.WasReset reset when reset.Reason is not (ResetReason.Sw or ResetReason.DeepSleep):
                Raise(Reboot(reset.Reason));
                break;
            case BoardEvent.NothingToBoot: OnNothingToBoot(); break;
            case BoardEvent.Guarded: CheckGoal(lastBoot); break;
            case BoardEvent.PowerLost:
                Raise(Reboot(ResetReason.PowerOn));
                Task.Run(RestorePower);
                break;
            case BoardEvent.Ended: OnConsole("(the app ended; a real device now waits in the debugger loop)"); break;
            case BoardEvent.ConsoleLine line: OnLine(line.Text); break;
        }
    }

    private void RestorePower()
    {
        board.WaitUntilOff(Timeout.InfiniteTimeSpan);
        lock (gate)
            if (!isOver) board.PowerOn();
    }

    private void OnBoot(BoardEvent.Booted boot)
    {
        counter.CountBoot();
        running = RunningFirmware.Read(flash, map, boot);
        var state = boot.State switch
        {
            BootState.Trial => "on trial",
            BootState.Reverted => "reverted",
            _ => "confirmed",
        };
        var reason = boot.State == BootState.Reverted ? boot.Outcome.Record.Reason : UpdateError.None;
        if (running.IsSafeMode) state += ", safe mode";
        if (reason != UpdateError.None) state += ": " + UpdateErrors.Text(reason);
        lastBoot = new DeviceEvent
        {
            By = DeviceEvent.ByBoard,
            Event = "boot",
            Slot = running.Slot,
            Version = running.Version,
            Runtime = boot.Runtime,
            Code = (int)reason,
            Bytes = BytesFetched,
            Reason = $"{state}, reset: {ResetReasons.Text(boot.Reason)}",
            Detail = running.IsOther ? "the image in the slot is not the one of its descriptor" : null,
            Reset = boot.Reason,
            Firmware = running,
        };
        lastBoot = Raise(lastBoot);
    }

    private void OnNothingToBoot()
    {
        Raise(Error(UpdateError.SlotNotBootable));
        HasNothingToBoot = true;
        reached.CompleteAdding();
    }

    private void OnLine(string line)
    {
        var e = AgentLine.Find(line, out var text);
        if (e == null || text != "") OnConsole(text);
        if (e != null) CheckGoal(Raise(counter.OfAgent(e)));
    }

    private DeviceEvent Raise(DeviceEvent e)
    {
        e = counter.Complete(e);
        if (e.Event != "idle") OnEvent(e);
        return e;
    }

    private void CheckGoal(DeviceEvent e)
    {
        if (goal?.IsReached(e, running, board.State) == true && !reached.IsAddingCompleted) reached.Add(e);
    }

    private DeviceEvent Reboot(ResetReason reason) =>
        OfBoard("reboot", reason == ResetReason.PowerOn ? "loss of power" : ResetReasons.Text(reason)) with { Reset = reason };

    private DeviceEvent Sleep(int milliseconds) =>
        OfBoard("sleep", milliseconds == 0 ? "until a reset" : $"for {milliseconds} ms");

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
}
