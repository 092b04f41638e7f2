using System.Diagnostics;
using System.Runtime.ExceptionServices;
using NanoOta.Boards;

namespace NanoOta.VirtualDevice;

/// <summary>
/// A board whose flash is a <see cref="NorFlash"/> and whose CPU is a process: it selects the slot, starts what lies there,
/// answers its native calls, guards a trial with a watchdog and resets, until power goes. It works on a thread of its own;
/// its methods may be called from any thread. Flash and retained memory survive a reset, and only the flash a loss of power.
/// </summary>
public sealed class VirtualBoard : IDisposable
{
    private static readonly TimeSpan LeastTrialTime = TimeSpan.FromMilliseconds(BootCalls.LeastTrialMs);

    private readonly NorFlash flash;
    private readonly FlashMap map;
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
    /// <param name="flash">Its flash, which stays the caller's.</param>
    /// <param name="options">Where events go, and more.</param>
    public VirtualBoard(Board board, NorFlash flash, VirtualBoardOptions options)
    {
        if (flash.Size != board.FlashSize)
            throw new ArgumentException($"a flash of {flash.Size} bytes for a board with {board.FlashSize}", nameof(flash));
        this.flash = flash;
        this.options = options;
        map = FlashMap.Of(board);
    }

    /// <summary>What the outside wants; it comes before whatever the CPU does.</summary>
    private sealed record Command(ResetReason? Reset, bool Cut = false);

    /// <summary>Whether the board runs; false also after power was lost.</summary>
    public bool IsOn => thread is { IsAlive: true };

    /// <summary>State of the firmware that runs, as its boot record has it now; null while none does.</summary>
    public BootState? State => port?.Boot.State;

    /// <summary>Number of the CPU's process; null while there is none.</summary>
    public int? CpuProcessId
    {
        get
        {
            lock (gate) return cpu?.Id;
        }
    }

    /// <summary>Gives power; the flash works again if it had lost it. Returns at once.</summary>
    /// <param name="reason">What the boot rules and the firmware see.</param>
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
    public void Reset(ResetReason reason) => Demand(new Command(reason));

    /// <summary>Takes power away between two operations of the flash, and waits until the CPU is gone.</summary>
    public void PowerOff()
    {
        Demand(new Command(null));
        WaitUntilOff(Timeout.InfiniteTimeSpan);
    }

    /// <summary>Power fails now: as <see cref="PowerOff"/>, but the flash is cut too and the board reports it.</summary>
    public void CutPowerNow()
    {
        flash.CutNow();
        Demand(new Command(null, Cut: true));
        WaitUntilOff(Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits until the board is off; false when it still runs after <paramref name="timeout"/>.</summary>
    /// <exception cref="Exception">What the caller's event callback threw, or what kept the CPU from starting.</exception>
    public bool WaitUntilOff(TimeSpan timeout)
    {
        if (thread == Thread.CurrentThread) return false; // from an event: the board stops when the callback returns
        if (thread is { } running && !running.Join(timeout)) return false;
        Interlocked.Exchange(ref fault, null)?.Throw();
        return true;
    }

    /// <summary>Takes power away; the CPU is gone when it returns. The flash stays open.</summary>
    public void Dispose()
    {
        Demand(new Command(null));
        if (thread != Thread.CurrentThread) thread?.Join();
    }

    private void Run(ResetReason reason)
    {
        try
        {
            for (ResetReason? next = reason; next is { } why;)
            {
                next = RunUntilReset(why);
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

    /// <summary>One boot; the reason of the reset that ends it, or null when power was switched off.</summary>
    private ResetReason? RunUntilReset(ResetReason reason)
    {
        var boot = BootSelector.Boot(flash, map, memory, reason);
        if (boot.Slot is not { } slot)
        {
            Raise(new BoardEvent.NothingToBoot(reason));
            return Obey(WaitForCommand(Timeout.InfiniteTimeSpan)!);
        }

        Raise(new BoardEvent.Booted(slot, boot.Record.State, reason, boot));
        var calls = new NativePort(flash, map, boot, options.NativeAssemblies)
        {
            OnGuard = Guard,
            TrialWatchdog = options.TrialWatchdog,
        };
        port = calls;
        var end = RunCpu(boot, calls);
        port = null;
        if (TakeCommand() is { } wanted) return Obey(wanted);
        if (end == BusEnd.Sleep) return Sleep(calls.SleepRequested!.Value);
        return end == BusEnd.Restart ? ResetReason.Sw : ResetReason.Panic;
    }

    private ResetReason? Sleep(int milliseconds)
    {
        Raise(new BoardEvent.Sleeps(milliseconds));
        var time = milliseconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(milliseconds);
        return WaitForCommand(time) is { } wanted ? Obey(wanted) : ResetReason.DeepSleep;
    }

    private void Guard(int seconds)
    {
        watchdogs?.Guard(TimeSpan.FromSeconds(seconds));
        Raise(new BoardEvent.Guarded());
    }

    private BusEnd RunCpu(BootOutcome boot, NativePort calls)
    {
        using var process = CpuProcess.Start(options.Environment);
        using var dogs = new Watchdogs(boot.Record.State == BootState.Trial, TrialTimeLeft(), () => Bite(process));
        if (boot.IsGuarded) dogs.Guard(options.StartGuard);
        lock (gate)
        {
            (cpu, watchdogs) = (process, dogs);
            if (command != null) process.Kill(); // it came before there was anything to kill
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

    /// <summary>What the boots before a planned sleep have left of it.</summary>
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

    private void Bite(CpuProcess process)
    {
        lock (gate)
            if (cpu == process) Demand(new Command(ResetReason.Wdt));
    }

    private void Demand(Command wanted)
    {
        lock (gate)
        {
            if (!IsOn) return;
            if (command == null || wanted.Reset == null) command = wanted; // no reset overtakes a loss of power
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

    /// <summary>What the outside wants; null when the time is over before that.</summary>
    private Command? WaitForCommand(TimeSpan time)
    {
        long begin = Stopwatch.GetTimestamp();
        while (true)
        {
            if (TakeCommand() is { } wanted) return wanted;
            var left = time < TimeSpan.Zero ? time : time - Stopwatch.GetElapsedTime(begin);
            if (time >= TimeSpan.Zero && left <= TimeSpan.Zero) return null;
            commanded.WaitOne(left);
        }
    }

    private static ResetReason? Obey(Command wanted) => wanted.Cut ? throw new PowerLostException() : wanted.Reset;

    private void Raise(BoardEvent happening) => options.OnEvent?.Invoke(happening);

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
