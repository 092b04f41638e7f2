using System.Security.Cryptography;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Device;

/// <summary>The firmware that the board booted, from the board's own data.</summary>
/// <param name="Slot">0 or 1.</param>
/// <param name="Version">The version in its descriptor, if the slot holds the image of that descriptor; else empty.</param>
/// <param name="IsOther">Whether there is a descriptor, and the slot holds another image.</param>
/// <param name="State">State at the boot.</param>
/// <param name="IsSafeMode">Whether it was booted in safe mode.</param>
public sealed record RunningFirmware(int Slot, string Version, bool IsOther, BootState State, bool IsSafeMode)
{
    internal static RunningFirmware None { get; } = new(0, "", false, BootState.Confirmed, false);

    internal static RunningFirmware Read(NorFlash flash, FlashMap map, BoardEvent.Booted boot)
    {
        var descriptor = new byte[SlotDescriptor.Length];
        flash.Read(map.Index(boot.Slot), descriptor);
        var described = SlotDescriptor.Read(descriptor);
        bool isOther = described != null && !Holds(flash, map, boot.Slot, described);
        return new RunningFirmware(boot.Slot, isOther ? "" : described?.Version ?? "", isOther, boot.State, boot.Outcome.IsSafeMode);
    }

    private static bool Holds(NorFlash flash, FlashMap map, int slot, SlotDescriptor described)
    {
        if (described.ImageSize < 1 || described.ImageSize > map.SlotSize) return false;
        var image = new byte[described.ImageSize];
        flash.Read(map.Slot(slot), image);
        return SHA256.HashData(image).AsSpan().SequenceEqual(described.ImageDigest);
    }
}
