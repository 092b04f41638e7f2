using System.Security.Cryptography;
using NanoOta.Tests.Support;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>What a cable writes to the flash of a simulated device.</summary>
internal static class SimFlash
{
    private static FlashMap Map => SimDevice.Map;

    /// <summary>A flash as it comes from the factory: a release in slot 0 with its descriptor and index.</summary>
    public static NorFlash With(SimRelease first)
    {
        var bytes = new byte[2 * Map.SlotSize + FlashLayout.MinimumSize];
        bytes.AsSpan().Fill(0xFF);
        first.Image.CopyTo(bytes, Map.Slot(0));
        var index = TestImage.Index(first.Image);
        var descriptor = new byte[SlotDescriptor.Length];
        new SlotDescriptor
        {
            Version = first.Version,
            Sequence = first.Sequence,
            ImageSize = first.Image.Length,
            ImageDigest = SHA256.HashData(first.Image),
            IndexDigest = SHA256.HashData(index),
        }.WriteTo(descriptor);
        descriptor.CopyTo(bytes, Map.Index(0));
        index.CopyTo(bytes, Map.Index(0) + SlotDescriptor.Length);
        return new NorFlash(bytes.AsSpan());
    }

    /// <summary>Another firmware in a slot: the slot changes, and nothing else.</summary>
    public static void Deploy(NorFlash flash, int slot, SimRelease release)
    {
        for (int at = 0; at < Map.SlotSize; at += 4096) flash.EraseSector(Map.Slot(slot) + at);
        for (int at = 0; at < release.Image.Length; at += 4096)
        {
            var sector = new byte[Math.Min(4096, (release.Image.Length - at + 3) / 4 * 4)];
            release.Image.AsSpan(at, Math.Min(4096, release.Image.Length - at)).CopyTo(sector);
            flash.Program(Map.Slot(slot) + at, sector);
        }
    }
}
