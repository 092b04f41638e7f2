using System.Diagnostics;
using System.Text;
using NanoOta.VirtualDevice.Bus;
using static NanoOta.Native.NativeModule;

namespace NanoOta.VirtualDevice;

/// <summary>The firmware requested a reset, in one process with its board. No code of it may run after this.</summary>
public sealed class RestartException() : Exception("the firmware requested a reset");

/// <summary>The firmware requested deep sleep, in one process with its board. No code of it may run after this.</summary>
public sealed class SleepException(int milliseconds) : Exception("the firmware requested deep sleep")
{
    /// <summary>Duration; 0 = until a reset.</summary>
    public int Milliseconds => milliseconds;
}

/// <summary>
/// The native module's calls on one board, from a boot to the next reset; each boot needs a new object. Any argument is valid input: a call
/// that is out of range or not allowed returns Refused and changes nothing. Changes in flash survive every reset, other state does not.
/// </summary>
public sealed class NativePort : INativePort
{
    private const int WordSize = 4;
    private const int MaxGuardSeconds = 3600;

    private readonly NorFlash flash;
    private readonly FlashMap map;
    private readonly BootOutcome boot;
    private readonly BootCalls calls;
    private readonly IReadOnlyList<NativeAssembly> assemblies;
    private readonly byte[] padded = new byte[FlashLayout.SectorSize];
    private readonly long bootedAt = Stopwatch.GetTimestamp();
    private bool isTrialGuarded;

    /// <summary>The port for firmware after a boot.</summary>
    /// <param name="flash">The board's flash.</param>
    /// <param name="map">Offsets of slots and records in it.</param>
    /// <param name="boot">Result of the boot.</param>
    /// <param name="assemblies">The native assemblies of the firmware; default: only <c>NanoOta.Native</c>.</param>
    /// <param name="runtime">The runtime slots of a board that has them.</param>
    public NativePort(NorFlash flash, FlashMap map, BootOutcome boot, IReadOnlyList<NativeAssembly>? assemblies = null,
        RuntimeSlots? runtime = null)
    {
        this.flash = flash;
        this.map = map;
        this.boot = boot;
        this.assemblies = assemblies ?? [NativeAssembly.OfModule];
        calls = new BootCalls(flash, map, boot, runtime);
        isTrialGuarded = boot.Record.State == BootState.Trial;
    }

    /// <summary>Boot record and state after the last boot or call.</summary>
    public BootCalls Boot => calls;

    /// <summary>Milliseconds since the boot; default: real time.</summary>
    public Func<long>? Uptime { get; init; }

    /// <summary>Longest time of a trial, including boots after planned sleeps; default: seven minutes, as on a device.</summary>
    public TimeSpan TrialWatchdog { get; init; } = TimeSpan.FromMinutes(7);

    /// <summary>The same in seconds, rounded up.</summary>
    public int TrialSeconds => (int)Math.Ceiling(TrialWatchdog.TotalSeconds);

    /// <summary>Receives the seconds of each guard that starts, and 0 when it ends.</summary>
    public Action<int> OnGuard { get; init; } = _ => { };

    /// <summary>Whether the CPU still loads the slot: the calls are its own, not the firmware's.</summary>
    internal bool IsLoading { get; set; }

    /// <summary>Milliseconds of the requested deep sleep; every later call throws <see cref="SleepException"/>.</summary>
    public int? SleepRequested { get; private set; }

    /// <summary>Whether <see cref="Restart"/> was called; every later call throws <see cref="RestartException"/>.</summary>
    public bool RestartRequested { get; private set; }

    /// <summary>Makes NativeModule use this port, for the current execution context and its children, until the result is disposed.
    /// Firmware can so run in one process with its board, and tests in parallel.</summary>
    public IDisposable Attach() => Firmware.Attach(this);

    /// <inheritdoc cref="Native.NativeModule.GetValue"/>
    public int GetValue(int value)
    {
        RequireRunning();
        return value switch
        {
            ValueRunningSlot => calls.RunningSlot,
            ValueBootState => (int)calls.State,
            ValueRevertReason => (int)calls.Record.Reason,
            ValueResetReason => (int)boot.ResetReason,
            ValueTrialBoots => calls.Record.TrialBoots,
            ValuePowerBlips => calls.Record.PowerBlips,
            ValueSafeMode => boot.IsSafeMode ? 1 : 0,
            ValueCrashes => boot.Memory.Load().Failures,
            ValueKept => (int)boot.Memory.Load().Kept,
            ValueTrialSeconds => TrialSeconds,
            ValueCrashLimit => BootSelector.CrashLimit,
            _ => Refused,
        };
    }

    /// <inheritdoc cref="Native.NativeModule.GetAreaSize"/>
    public int GetAreaSize(int area)
    {
        RequireRunning();
        return area switch
        {
            RunningSlot or InactiveSlot => map.SlotSize,
            RunningIndex or InactiveIndex => FlashLayout.IndexRegionSize,
            Native.NativeModule.Journal or History => 2 * FlashLayout.SectorSize,
            _ => Refused,
        };
    }

    /// <inheritdoc cref="Native.NativeModule.Read"/>
    public int Read(int area, int offset, byte[]? buffer, int start, int count)
    {
        if (!Firmware.IsPart(buffer, start, count) || !IsIn(area, offset, count)) return Refused;
        flash.Read(StartOf(area) + offset, buffer.AsSpan(start, count));
        return Ok;
    }

    /// <inheritdoc cref="Native.NativeModule.Erase"/>
    public int Erase(int area, int offset)
    {
        if (!IsIn(area, offset, FlashLayout.SectorSize) || offset % FlashLayout.SectorSize != 0) return Refused;
        if (!MayWrite(area)) return Refused;
        flash.EraseSector(StartOf(area) + offset);
        return Ok;
    }

    /// <summary>Programs erased flash within one sector; Refused if it is not erased.</summary>
    public int Write(int area, int offset, byte[]? buffer, int start, int count)
    {
        if (!Firmware.IsPart(buffer, start, count) || !IsIn(area, offset, count) || !MayWrite(area)) return Refused;
        if (offset % WordSize != 0 || offset % FlashLayout.SectorSize > FlashLayout.SectorSize - count) return Refused;
        if (count == 0) return Ok;
        var words = padded.AsSpan(0, (count + WordSize - 1) / WordSize * WordSize);
        flash.Read(StartOf(area) + offset, words);
        if (words.ContainsAnyExcept((byte)0xFF)) return Refused;
        buffer.AsSpan(start, count).CopyTo(words);
        flash.Program(StartOf(area) + offset, words);
        return Ok;
    }

    /// <inheritdoc cref="Native.NativeModule.Activate"/>
    public int Activate()
    {
        RequireRunning();
        return calls.Activate();
    }

    /// <inheritdoc cref="Native.NativeModule.Confirm"/>
    public int Confirm()
    {
        RequireRunning();
        int result = calls.Confirm();
        isTrialGuarded &= result != Ok;
        return result;
    }

    /// <inheritdoc cref="Native.NativeModule.Reject"/>
    public int Reject(int reason)
    {
        RequireRunning();
        return calls.Reject(reason);
    }

    /// <summary>Ends this run of the firmware.</summary>
    /// <exception cref="RestartException">Always.</exception>
    public void Restart()
    {
        RequireRunning();
        RestartRequested = true;
        throw new RestartException();
    }

    /// <inheritdoc cref="Native.NativeModule.GetNativeAssembly"/>
    public int GetNativeAssembly(int index, byte[]? name)
    {
        RequireRunning();
        if (name == null || !IsAssembly(index) || assemblies[index].Name.Length > name.Length) return Refused;
        return Encoding.ASCII.GetBytes(assemblies[index].Name, name);
    }

    /// <inheritdoc cref="Native.NativeModule.GetNativeChecksum"/>
    public int GetNativeChecksum(int index)
    {
        RequireRunning();
        return IsAssembly(index) ? unchecked((int)assemblies[index].Checksum) : Refused;
    }

    /// <inheritdoc cref="Native.NativeModule.Guard"/>
    public int Guard(int seconds)
    {
        RequireRunning();
        if (seconds is < 0 or > MaxGuardSeconds) return Refused;
        if (!isTrialGuarded) OnGuard(seconds);
        return Ok;
    }

    /// <summary>Ends this run of the firmware unless it returns Refused.</summary>
    /// <exception cref="SleepException">The firmware sleeps.</exception>
    public int Sleep(int milliseconds, int kept)
    {
        RequireRunning();
        long uptime = Uptime?.Invoke() ?? (long)Stopwatch.GetElapsedTime(bootedAt).TotalMilliseconds;
        long trial = (long)TrialWatchdog.TotalMilliseconds;
        int limit = (int)calls.SleepLimit(milliseconds, uptime, trial);
        int result = calls.Sleep(milliseconds, kept, uptime, trial);
        if (result != Ok) return result;
        SleepRequested = limit;
        throw new SleepException(limit);
    }

    /// <inheritdoc cref="Native.NativeModule.ForgetCrashes"/>
    public int ForgetCrashes()
    {
        RequireRunning();
        return calls.ForgetCrashes();
    }

    /// <inheritdoc cref="Native.NativeModule.ReleaseRuntime"/>
    public int ReleaseRuntime()
    {
        RequireRunning();
        return calls.ReleaseRuntime();
    }

    /// <inheritdoc cref="Native.NativeModule.ActivateRuntime"/>
    public int ActivateRuntime(bool withApp)
    {
        RequireRunning();
        return calls.ActivateRuntime(withApp);
    }

    private bool IsAssembly(int index) => index >= 0 && index < assemblies.Count;

    private int StartOf(int area) => area switch
    {
        RunningSlot => map.Slot(calls.RunningSlot),
        InactiveSlot => map.Slot(calls.InactiveSlot),
        RunningIndex => map.Index(calls.RunningSlot),
        InactiveIndex => map.Index(calls.InactiveSlot),
        History => map.Records + FlashLayout.History,
        _ => map.Records + FlashLayout.Journal,
    };

    private bool MayWrite(int area) => area switch
    {
        InactiveSlot or InactiveIndex => calls.MayWriteInactive,
        Native.NativeModule.Journal or History => true,
        _ => false,
    };

    /// <summary>Whether the range is in a known area; valid for all arguments.</summary>
    private bool IsIn(int area, int offset, int count)
    {
        int size = GetAreaSize(area);
        return size != Refused && offset >= 0 && count >= 0 && count <= size && offset <= size - count;
    }

    private void RequireRunning()
    {
        if (!IsLoading) calls.NoteCall();
        if (RestartRequested) throw new RestartException();
        if (SleepRequested is { } milliseconds) throw new SleepException(milliseconds);
    }
}
