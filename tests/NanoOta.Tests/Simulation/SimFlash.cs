using System.Security.Cryptography;
using NanoOta.Tests.Support;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>What a cable writes to the flash of a simulated device.</summary>
internal static class SimFlash
{
    /// <summary>Sectors of a runtime slot.</summary>
    public const int RuntimeSectors = 10;

    private static readonly int OtaData = Map.Records + FlashLayout.MinimumSizeWithRuntimes;

    /// <summary>The runtime slots behind everything else.</summary>
    public static readonly EspTable Table = new()
    {
        OtaData = OtaData,
        Slots = [.. Enumerable.Range(0, 2).Select(i =>
            new EspPartition($"ota_{i}", OtaData + (2 + i * RuntimeSectors) * 4096, RuntimeSectors * 4096))],
        Revision = EspImageBuilder.ChipRevision,
    };

    private static FlashMap Map => SimDevice.Map;

    /// <summary>A flash as <see cref="With(SimRelease)"/>, of a board with two runtime slots, with a runtime in the first.</summary>
    /// <param name="first">The app.</param>
    /// <param name="runtime">The runtime.</param>
    /// <param name="isDescribed">Whether its descriptor is there; a cable writes none.</param>
    public static NorFlash With(SimRelease first, SimRuntime runtime, bool isDescribed = true)
    {
        var bytes = new byte[Table.Slots[1].Offset + Table.Slots[1].Size];
        bytes.AsSpan().Fill(0xFF);
        With(first).Snapshot().AsSpan(0, 2 * Map.SlotSize + FlashLayout.MinimumSize).CopyTo(bytes);
        runtime.Image.CopyTo(bytes, Table.Slots[0].Offset);
        if (isDescribed) Describe(bytes, Map.RuntimeIndex(0), ImageKind.Runtime, runtime.Image, runtime.Version, first.Sequence);
        return new NorFlash(bytes.AsSpan());
    }

    /// <summary>A flash as it comes from the factory: a release in slot 0 with its descriptor and index.</summary>
    public static NorFlash With(SimRelease first)
    {
        var bytes = new byte[2 * Map.SlotSize + FlashLayout.MinimumSize];
        bytes.AsSpan().Fill(0xFF);
        first.Image.CopyTo(bytes, Map.Slot(0));
        Describe(bytes, Map.Index(0), ImageKind.App, first.Image, first.Version, first.Sequence);
        return new NorFlash(bytes.AsSpan());
    }

    private static void Describe(byte[] flash, int region, ImageKind kind, byte[] image, string version, long sequence)
    {
        var index = TestImage.Index(image);
        var descriptor = new byte[SlotDescriptor.Length];
        new SlotDescriptor
        {
            Kind = kind,
            Version = version,
            Sequence = sequence,
            ImageSize = image.Length,
            ImageDigest = SHA256.HashData(image),
            IndexDigest = SHA256.HashData(index),
        }.WriteTo(descriptor);
        descriptor.CopyTo(flash, region);
        index.CopyTo(flash, region + SlotDescriptor.Length);
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
