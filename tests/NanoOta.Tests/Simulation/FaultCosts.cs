using static NanoOta.Tests.Simulation.FaultWitness;

namespace NanoOta.Tests.Simulation;

/// <summary>Counts what a device spends: memory in the phases that work block by block, and operations of its flash.</summary>
internal sealed class FaultCosts(SimDevice device, FaultWorld world, FaultWitness witness)
{
    private const int HourMs = 3_600_000;
    private int opens, collections, allocating;

    /// <summary>Steps that worked on a block without opening a file.</summary>
    public int Steps { get; private set; }

    /// <summary>To be called behind each step of the device, with the phase that it was in and what it allocated.</summary>
    public void LookAtStep(Phase phase, long bytes)
    {
        // A collection counts what it finds of the thread's own heap as allocated.
        bool tellsNothing = device.Server.Opens != opens || GC.CollectionCount(0) != collections;
        opens = device.Server.Opens;
        collections = GC.CollectionCount(0);
        if (tellsNothing || phase is not (Phase.Stage or Phase.Clear or Phase.Seal or Phase.Verify)) return;
        Steps++;
        if (bytes > 0) allocating++;
    }

    /// <summary>
    /// Of the steps on blocks fewer than one in ten allocates: .NET does so now and then, an agent would do so for each block, which
    /// takes about four steps.
    /// </summary>
    public void LookAtMemory() => Require(allocating <= 5 + Steps / 10, $"{allocating} of {Steps} steps on blocks allocate");

    /// <summary>
    /// No sector of slot or index is written or erased more often than there were other offers, power cuts and, for the index,
    /// damaged files; boot record and journal follow from activations, boots and hours.
    /// </summary>
    public void LookAtFlash()
    {
        int offers = CountOffers(), damaged = device.Events.Count(e => e.Code == UpdateError.IndexCorrupt);
        int activations = device.Count(UpdateEventKind.Activated) + world.Cuts;
        Require(device.Flash.BlankErases == 0, "a blank sector is erased");
        int records = SimDevice.Map.Records / 4096;
        for (int sector = 0; sector < device.Flash.ProgramCounts.Length; sector++)
        {
            if (sector >= records && sector < records + 4) continue;
            int most = offers + world.Cuts + (sector < records ? 0 : damaged);
            int writes = device.Flash.ProgramCounts[sector], erases = device.Flash.EraseCounts[sector];
            Require(Math.Max(writes, erases) <= most, $"sector {sector}: {writes} writes, {erases} erases, {most} at most");
        }

        RequireWrites(records, witness.TrialBoots + 3 * activations + world.Cuts, "the boot record");
        int hours = (int)(device.Milliseconds / HourMs);
        RequireWrites(records + 2, device.Boots + hours + 3 * activations + world.Cuts + 1, "the journal");
    }

    private void RequireWrites(int sector, int most, string what)
    {
        int writes = device.Flash.ProgramCounts[sector] + device.Flash.ProgramCounts[sector + 1];
        Require(writes <= most, $"{what} is written {writes} times, {most} at most");
    }

    // An offer counts when it is another one than the last.
    private int CountOffers()
    {
        var offers = device.Events.Where(e => e.Kind == UpdateEventKind.Offer).Select(e => e.Version).ToList();
        return offers.Where((version, i) => i == 0 || version != offers[i - 1]).Count();
    }
}
