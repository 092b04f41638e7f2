using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>What is often done with a simulated device, and looked at in its flash.</summary>
internal static class SimRuns
{
    /// <summary>Runs until the agent rests with a confirmed firmware of a version.</summary>
    public static bool RunUntilConfirmed(this SimDevice device, string version, int maxSteps = 20_000) => device.RunUntil(
        () => device.RunningVersion == version && device.Agent?.Phase == Phase.Idle && device.State == BootState.Confirmed, maxSteps);

    /// <summary>Runs until the agent has looked for a release once more and rests again.</summary>
    public static bool RunOneCheck(this SimDevice device)
    {
        int idle = device.Count(UpdateEventKind.Idle);
        return device.RunUntil(() => device.Count(UpdateEventKind.Idle) > idle);
    }

    /// <summary>Another firmware is deployed by cable: the slot changes, and nothing else.</summary>
    public static void Deploy(this SimDevice device, int slot, SimRelease release)
    {
        SimFlash.Deploy(device.Flash, slot, release);
        device.PowerCycle();
    }

    /// <summary>A bit of an image flips, after the first header: its Main never runs again.</summary>
    public static void Damage(this SimDevice device, int slot, SimRelease release)
    {
        byte[] damaged = [.. release.Image];
        damaged[AssemblyHeader.Length + 1] ^= 1;
        var damagedRelease = release with { Image = damaged, Behaviour = Behaviour.NeverRuns };
        device.Know(damagedRelease);
        device.Deploy(slot, damagedRelease);
    }

    /// <summary>Whether a slot holds exactly this image and nothing else.</summary>
    public static bool SlotHolds(this SimDevice device, int slot, byte[] image)
    {
        var content = device.ReadSlot(slot);
        return content.AsSpan().StartsWith(image) && !content.AsSpan(image.Length).ContainsAnyExcept((byte)0xFF);
    }

    /// <summary>All bytes of a slot.</summary>
    public static byte[] ReadSlot(this SimDevice device, int slot)
    {
        var content = new byte[SimDevice.Map.SlotSize];
        device.Flash.Read(SimDevice.Map.Slot(slot), content);
        return content;
    }

    /// <summary>One bit of the flash is another one.</summary>
    public static void Flip(this SimDevice device, int offset)
    {
        int start = offset / NorFlash.SectorSize * NorFlash.SectorSize;
        var sector = new byte[NorFlash.SectorSize];
        device.Flash.Read(start, sector);
        sector[offset - start] ^= 0x10;
        device.Flash.EraseSector(start);
        device.Flash.Program(start, sector);
    }

    /// <summary>Flips one bit of a release in a slot; the release still runs.</summary>
    public static void FlipBit(this SimDevice device, int slot, SimRelease release)
    {
        const int At = 2 * 4096 + 17;
        device.Flip(SimDevice.Map.Slot(slot) + At);
        var image = (byte[])release.Image.Clone();
        image[At] ^= 0x10;
        device.Know(release with { Image = image });
    }
}
