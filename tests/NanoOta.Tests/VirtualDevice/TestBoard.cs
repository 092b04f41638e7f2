using System.Collections.Concurrent;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

/// <summary>A board with a flash in memory, to which images are flashed and whose events are waited for.</summary>
internal sealed class TestBoard : IDisposable
{
    public static readonly NanoOta.Boards.Board Kind = NanoOta.Boards.Board.Load("esp32-devkitc-4mb");
    public static readonly FlashMap Map = FlashMap.Of(Kind);

    /// <summary>Only keeps a broken test from hanging.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly BlockingCollection<BoardEvent> events = [];
    private readonly List<string> log = [];
    private readonly FlashMap map;

    public TestBoard(TimeSpan? watchdog = null, Dictionary<string, string>? environment = null, TimeSpan? startGuard = null,
        NanoOta.Boards.Board? kind = null, params NativeAssembly[] assemblies)
    {
        kind ??= Kind;
        map = FlashMap.Of(kind);
        Flash = new NorFlash(kind.FlashSize);
        Board = new VirtualBoard(kind, Flash, new VirtualBoardOptions
        {
            OnEvent = events.Add,
            TrialWatchdog = watchdog ?? Patience,
            StartGuard = startGuard ?? Patience,
            Environment = environment ?? [],
            NativeAssemblies = assemblies is [] ? [NativeAssembly.OfModule] : assemblies,
        });
    }

    public NorFlash Flash { get; }

    public VirtualBoard Board { get; }

    /// <summary>All events that were waited for or passed over.</summary>
    public IReadOnlyList<string> Log => log;

    /// <summary>Puts assemblies into a slot, back to back.</summary>
    public TestBoard Put(int slot, params byte[][] assemblies)
    {
        Write(Flash, map.Slot(slot), [.. assemblies.SelectMany(VirtualAssembly.Wrap)]);
        return this;
    }

    /// <summary>As an update does it that does not clear the rest of the slot: erases only the sectors it needs.</summary>
    public static void Write(NorFlash flash, int offset, byte[] image)
    {
        for (int at = 0; at < image.Length; at += NorFlash.SectorSize)
        {
            flash.EraseSector(offset + at);
            flash.Program(offset + at, image.AsSpan(at, Math.Min(NorFlash.SectorSize, image.Length - at)));
        }
    }

    /// <summary>Slot 1 starts its trial with the next power-on.</summary>
    public TestBoard OnTrial()
    {
        new BootRecords(Flash, Map).Save(TestFlash.Trial(boots: 0));
        return this;
    }

    public TestBoard PowerOn()
    {
        Board.PowerOn();
        return this;
    }

    /// <summary>The next event of a kind; fails with all that happened when none comes.</summary>
    public T Next<T>(Func<T, bool>? wanted = null)
        where T : BoardEvent
    {
        while (events.TryTake(out var happening, Patience))
        {
            log.Add(happening.ToString());
            if (happening is T match && (wanted == null || wanted(match))) return match;
        }

        Board.WaitUntilOff(TimeSpan.Zero); // throws what stopped the board, if anything did
        throw new AssertFailedException($"no {typeof(T).Name} came; the last of {log.Count} events:\n"
            + string.Join('\n', log.TakeLast(20)));
    }

    public string NextLine() => Next<BoardEvent.ConsoleLine>().Text;

    public TestBoard Prints(params string[] lines)
    {
        foreach (var line in lines) Assert.AreEqual(line, NextLine());
        return this;
    }

    /// <summary>What has happened since the last event that was waited for.</summary>
    public BoardEvent[] TakeAll()
    {
        var all = new List<BoardEvent>();
        while (events.TryTake(out var happening)) all.Add(happening);
        return [.. all];
    }

    public void Dispose() => Board.Dispose();
}
