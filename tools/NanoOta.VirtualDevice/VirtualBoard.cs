using System.Diagnostics;
using System.Runtime.ExceptionServices;
using NanoOta.Boards;

namespace NanoOta.VirtualDevice;

/// <summary>
/// A board whose flash is a <see cref="NorFlash"/> and whose CPU is a process. It selects the slot, starts the app in it, serves its
/// native calls, runs the watchdogs and resets, until power is switched off. If a runtime slot holds an image, ESP-IDF's bootloader runs
/// first. It has a thread of its own; its methods may be called from
/// any thread. Flash and retained memory survive a reset; only the flash survives a loss of power.
/// </summary>
public sealed class VirtualBoard : IDisposable
{
    private static readonly TimeSpan LeastTrialTime = TimeSpan.FromMilliseconds(BootCalls.LeastTrialMs);

    private readonly NorFlash flash;
    private readonly FlashMap map;
    private readonly BoardRuntimes runtimes;
    private readonly RetainedMemory memory = new();
    private readonly VirtualBoardOptions options;
    private readonly Lock gate = new();
    private readonly AutoResetEvent commanded = new(false);
    private Thread? thread;
    private CpuProcess? cpu;
    private volatile NativePort? port;
    private Command? command;
    private Watchdogs? watchdogs;
    private ExceptionDispatchInfo? fault;

    /// <summary>A board without power.</summary>
    /// <param name="board">Its partition table; its flash size must be that of <paramref name="flash"/>.</param>
    /// <param name="flash">Its flash; the caller disposes it.</param>
    /// <param name="options">Receivers of events, and settings.</param>
    public VirtualBoard(Board board, NorFlash flash, VirtualBoardOptions options)
    {
        if (flash.Size != board.FlashSize)
            throw new ArgumentException($"a flash of {flash.Size} bytes for a board with {board.FlashSize}", nameof(flash));
        this.flash = flash;
        this.options = options;
        map = FlashMap.Of(board);
        runtimes = new BoardRuntimes(board, flash);
    }

    /// <summary>A command from outside; it has priority over the CPU.</summary>
    private sealed record Command(ResetReason? Reset, bool Cut = false);

    /// <summary>Whether the board runs; false also after power was lost.</summary>
    public bool IsOn => thread is { IsAlive: true };

    /// <summary>State in the boot record of the running firmware; null if none runs.</summary>
    public BootState? State => port?.Boot.State;

    /// <summary>Process id of the CPU; null if there is none.</summary>
    public int? CpuProcessId
    {
        get
        {
            lock (gate) return cpu?.Id;
        }
    }

    /// <summary>Switches power on, also of the flash. Returns at once.</summary>
    /// <param name="reason">Reset reason for the boot rules and the firmware.</param>
    /// <exception cref="InvalidOperationException">The board has power.</exception>
    public void PowerOn(ResetReason reason = ResetReason.PowerOn)
    {
        lock (gate)
        {
            if (IsOn) throw new InvalidOperationException("the board has power; use Reset, or PowerOff first");
            flash.PowerOn();
            memory.LosePower();
            (command, fault) = (null, null);
            commanded.Reset();
            thread = new Thread(() => Run(reason)) { IsBackground = true, Name = "board" };
            thread.Start();
        }
    }

    /// <summary>Resets the chip from outside; returns at once. Without power it does nothing.</summary>
    public void Reset(ResetReason reason) => Request(new Command(reason));

    /// <summary>Switches power off between two operations of the flash, and waits for the end of the CPU.</summary>
    public void PowerOff()
    {
        Request(new Command(null));
        WaitUntilOff(Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cuts power: as <see cref="PowerOff"/>, but also of the flash, and with an event.</summary>
    public void CutPowerNow()
    {
        flash.CutNow();
        Request(new Command(null, Cut: true));
        WaitUntilOff(Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits until the board is off; false if it still runs after <paramref name="timeout"/>.</summary>
    /// <exception cref="Exception">An exception of the event callback, or of the start of the CPU.</exception>
    public bool WaitUntilOff(TimeSpan timeout)
    {
        if (thread == Thread.CurrentThread) return false; // from an event: the board stops when the callback returns
        if (thread is { } running && !running.Join(timeout)) return false;
        Interlocked.Exchange(ref fault, null)?.Throw();
        return true;
    }

    /// <summary>Switches power off and waits for the end of the CPU. The flash stays open.</summary>
    public void Dispose()
    {
        Request(new Command(null));
        if (thread != Thread.CurrentThread) thread?.Join();
    }

    private void Run(ResetReason reason)
    {
        try
        {
            for (ResetReason? next = reason; next is { } current;)
            {
                next = RunUntilReset(current);
                if (next != null) Raise(new BoardEvent.WasReset(next.Value));
            }
        }
        catch (PowerLostException)
        {
            fault = Catch(() => Raise(new BoardEvent.PowerLost()));
        }
        catch (Exception e)
        {
            fault = ExceptionDispatchInfo.Capture(e);
        }

        port = null;
        if (fault != null) options.OnFault?.Invoke();
    }

    /// <summary>Runs one boot; returns the reason of the reset that ends it, or null if power was switched off.</summary>
    private ResetReason? RunUntilReset(ResetReason reason)
    {
        if (!runtimes.Any) return Boot(reason, null);
        if (runtimes.Start() is not { } runtime) return StopWithoutFirmware(reason);
        return runtime.Content?.Fault == RuntimeFault.CrashEarly ? Crash() : Boot(reason, runtime);
    }

    /// <summary>The native module of the runtime chooses the app, which then runs.</summary>
    private ResetReason? Boot(ResetReason reason, StartedRuntime? runtime)
    {
        var boot = runtime?.Slots is { } slots ? BootSelector.Boot(flash, map, memory, reason, slots)
            : BootSelector.Boot(flash, map, memory, reason, (byte)Math.Max(runtime?.Slot ?? 0, 0));
        if (boot.MustRestart) return TakeCommand() is { } early ? Execute(early) : ResetReason.Sw;
        if (boot.Slot is not { } slot) return StopWithoutFirmware(reason);

        Raise(new BoardEvent.Booted(slot, boot.Record.State, reason, boot, runtime));
        if (runtime?.Content is { } content)
        {
            if (content.Fault == RuntimeFault.Crash) return Crash();
            if (content.Fault == RuntimeFault.Hang) return WaitForWatchdog(boot);
            if (!content.NativeAssemblies.Contains(NativeAssembly.OfModule)) return StopUnlinked(boot);
        }

        return Run(boot, new NativePort(flash, map, boot, runtime?.Content?.NativeAssemblies ?? options.NativeAssemblies, runtime?.Slots)
        {
            OnGuard = Guard,
            TrialWatchdog = options.TrialWatchdog,
        });
    }

    private ResetReason? Run(BootOutcome boot, NativePort calls)
    {
        port = calls;
        var end = RunCpu(boot, calls);
        port = null;
        if (TakeCommand() is { } given) return Execute(given);
        if (end == BusEnd.Sleep) return Sleep(calls.SleepRequested!.Value);
        return end == BusEnd.Restart ? ResetReason.Sw : ResetReason.Panic;
    }

    private ResetReason? StopWithoutFirmware(ResetReason reason)
    {
        Raise(new BoardEvent.NothingToBoot(reason));
        return Execute(WaitForCommand(Timeout.InfiniteTimeSpan)!);
    }

    /// <summary>As nanoCLR, which does not load an assembly with another native checksum, and then lacks what it defines.</summary>
    private ResetReason? StopUnlinked(BootOutcome boot)
    {
        Raise(new BoardEvent.ConsoleLine($"link failure: the runtime has no {NativeAssembly.OfModule.Name} "
            + $"with the native checksum {NativeAssembly.OfModule.Checksum:X8}"));
        Raise(new BoardEvent.Ended());
        return WaitForWatchdog(boot);
    }

    private ResetReason? Crash()
    {
        Raise(new BoardEvent.ConsoleLine("the runtime panicked"));
        return TakeCommand() is { } given ? Execute(given) : ResetReason.Panic;
    }

    private ResetReason? WaitForWatchdog(BootOutcome boot)
    {
        var time = boot.Record.State == BootState.Trial ? TrialTimeLeft() : boot.IsGuarded ? options.StartGuard : Timeout.InfiniteTimeSpan;
        return WaitForCommand(time) is { } given ? Execute(given) : ResetReason.Wdt;
    }

    private ResetReason? Sleep(int milliseconds)
    {
        Raise(new BoardEvent.Sleeps(milliseconds));
        var time = milliseconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(milliseconds);
        return WaitForCommand(time) is { } given ? Execute(given) : ResetReason.DeepSleep;
    }

    private void Guard(int seconds)
    {
        watchdogs?.Guard(TimeSpan.FromSeconds(seconds));
        Raise(new BoardEvent.Guarded());
    }

    private BusEnd RunCpu(BootOutcome boot, NativePort calls)
    {
        using var process = CpuProcess.Start(options.Environment);
        using var timers = new Watchdogs(boot.Record.State == BootState.Trial, TrialTimeLeft(), () => OnWatchdog(process));
        if (boot.IsGuarded) timers.Guard(options.StartGuard);
        lock (gate)
        {
            (cpu, watchdogs) = (process, timers);
            if (command != null) process.Kill(); // it came before the process started
        }

        try
        {
            var end = Serve(process, calls);
            foreach (var line in process.End()) Raise(new BoardEvent.ConsoleLine(line));
            return end;
        }
        finally
        {
            lock (gate) (cpu, watchdogs) = (null, null);
        }
    }

    /// <summary>Time of the trial that the boots before a planned sleep did not use.</summary>
    private TimeSpan TrialTimeLeft()
    {
        var left = options.TrialWatchdog - TimeSpan.FromMilliseconds(memory.Load().TrialMs);
        return left > LeastTrialTime ? left : LeastTrialTime;
    }

    private BusEnd Serve(CpuProcess process, NativePort calls) =>
        new BusServer(process.FromCpu, process.ToCpu, calls)
        {
            OnConsole = line => Raise(new BoardEvent.ConsoleLine(line)),
            OnEnded = () => Raise(new BoardEvent.Ended()),
            OnConfirmed = () => watchdogs?.EndTrial(),
        }.Serve();

    private void OnWatchdog(CpuProcess process)
    {
        lock (gate)
            if (cpu == process) Request(new Command(ResetReason.Wdt));
    }

    private void Request(Command given)
    {
        lock (gate)
        {
            if (!IsOn) return;
            if (command == null || given.Reset == null) command = given; // a loss of power is not replaced by a reset
            cpu?.Kill();
            commanded.Set();
        }
    }

    private Command? TakeCommand()
    {
        lock (gate)
        {
            var taken = command;
            if (taken?.Reset != null) command = null;
            return taken;
        }
    }

    /// <summary>The next command from outside; null if the time is over first.</summary>
    private Command? WaitForCommand(TimeSpan time)
    {
        long begin = Stopwatch.GetTimestamp();
        while (true)
        {
            if (TakeCommand() is { } given) return given;
            var left = time < TimeSpan.Zero ? time : time - Stopwatch.GetElapsedTime(begin);
            if (time >= TimeSpan.Zero && left <= TimeSpan.Zero) return null;
            commanded.WaitOne(left);
        }
    }

    private static ResetReason? Execute(Command given) => given.Cut ? throw new PowerLostException() : given.Reset;

    private void Raise(BoardEvent boardEvent) => options.OnEvent?.Invoke(boardEvent);

    private static ExceptionDispatchInfo? Catch(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception e)
        {
            return ExceptionDispatchInfo.Capture(e);
        }
    }
}
