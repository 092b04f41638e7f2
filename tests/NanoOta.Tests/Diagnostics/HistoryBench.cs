using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Diagnostics;

/// <summary>A history on two sectors, with firmware that a test can restart, and a listener after it.</summary>
internal sealed class HistoryBench : IFlash, IBootControl, IClock
{
    private readonly UpdateEvent happening = new();

    public HistoryBench(NorFlash? flash = null)
    {
        Flash = flash ?? new NorFlash(Size);
        Start();
    }

    public const int Size = 2 * FlashLayout.SectorSize;

    public NorFlash Flash { get; }

    public History History { get; private set; } = null!;

    public UpdatePorts Ports { get; private set; } = null!;

    /// <summary>Whether the native module has the area.</summary>
    public bool HasArea { get; set; } = true;

    public long Milliseconds { get; set; }

    public long UnixSeconds { get; set; }

    public int Kept { get; set; }

    public int RunningSlot { get; set; }

    /// <summary>Events that the history has taken.</summary>
    public int Received { get; private set; }

    public BootState State => BootState.Confirmed;

    public UpdateError RevertReason => UpdateError.None;

    public int TrialLimitSeconds => 0;

    public int CrashLimit => 0;

    public ResetReason ResetReason { get; set; }

    public int TrialBoots => 0;

    public int PowerBlips => 0;

    public int Crashes { get; set; }

    public void Guard(int seconds)
    {
    }

    public void ForgetCrashes()
    {
    }

    public bool IsSafeMode => false;

    /// <summary>Versions of all records, the oldest first.</summary>
    public List<string> Versions => [.. All.Select(r => r.Version)];

    public List<HistoryRecord> All
    {
        get
        {
            var all = new List<HistoryRecord>();
            for (int i = 0; i < History.Count; i++)
            {
                var record = new HistoryRecord();
                Assert.IsTrue(History.Read(i, record));
                all.Add(record);
            }

            return all;
        }
    }

    /// <summary>The firmware starts anew.</summary>
    public void Start(ResetReason reason = ResetReason.PowerOn)
    {
        Flash.PowerOn();
        ResetReason = reason;
        Ports = new UpdatePorts { Flash = this, Boot = this, Clock = this };
        History = new History(Ports);
    }

    public void Publish(UpdateEventKind kind, string version = "", UpdateError code = UpdateError.None, int slot = 1, int fetched = 0)
    {
        (happening.Kind, happening.Version, happening.Code, happening.Slot) = (kind, version, code, slot);
        happening.BytesFetched = fetched;
        History.On(happening);
        Received++;
    }

    public int GetSize(FlashArea area) => area == FlashArea.History && HasArea ? Size : -1;

    public bool Read(FlashArea area, int offset, byte[] buffer, int start, int count)
    {
        if (area != FlashArea.History) return false;
        Flash.Read(offset, buffer.AsSpan(start, count));
        return true;
    }

    public bool Erase(FlashArea area, int offset)
    {
        if (area == FlashArea.InactiveSlot) return true;
        Assert.AreEqual(FlashArea.History, area);
        Flash.EraseSector(offset);
        return true;
    }

    public bool Write(FlashArea area, int offset, byte[] buffer, int start, int count)
    {
        Assert.AreEqual(FlashArea.History, area);
        Flash.Program(offset, buffer.AsSpan(start, count));
        return true;
    }

    public bool Activate() => false;

    public bool ReleaseRuntime() => false;

    public bool ActivateRuntime(bool withApp) => false;

    public bool Confirm() => false;

    public bool Reject(UpdateError reason) => false;

    public bool Sleep(int milliseconds, int kept) => false;

    public void Restart() => Assert.Fail("a history resets nothing");
}
