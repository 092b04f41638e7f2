using NanoOta.DeviceTests;

namespace NanoOta.Tests.Mqtt;

/// <summary>The counter in a real journal, over flash that survives a "reset".</summary>
internal sealed class JournalCounters : ICounterStore
{
    private readonly byte[] scratch = new byte[FlashLayout.SectorSize];
    private readonly Journal journal;

    public JournalCounters(JournalFlash flash)
    {
        journal = new Journal(flash, new SectorWriter(new UpdatePorts { Flash = flash, Crypto = flash }));
        journal.Load(scratch);
    }

    public long Last => journal.CommandCounter;

    public bool Save(long counter)
    {
        long before = journal.CommandCounter;
        journal.CommandCounter = counter;
        if (journal.Save(scratch)) return true;
        journal.CommandCounter = before;
        return false;
    }
}
