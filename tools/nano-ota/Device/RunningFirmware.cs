using System.Security.Cryptography;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Device;

/// <summary>The firmware that the board booted, from the board's own data.</summary>
/// <param name="Slot">0 or 1.</param>
/// <param name="Version">The version in its descriptor, if the slot holds the image of that descriptor; else empty. Of a newer runtime that
/// came alone, the version in that one's.</param>
/// <param name="IsOther">Whether there is a descriptor, and the slot holds another image.</param>
/// <param name="State">State at the boot.</param>
/// <param name="IsSafeMode">Whether it was booted in safe mode.</param>
public sealed record RunningFirmware(int Slot, string Version, bool IsOther, BootState State, bool IsSafeMode)
{
    internal static RunningFirmware None { get; } = new(0, "", false, BootState.Confirmed, false);

    internal static RunningFirmware Read(NorFlash flash, FlashMap map, BoardEvent.Booted boot)
    {
        var described = ReadDescriptor(flash, map.Index(boot.Slot));
        bool isOther = described != null && !Holds(flash, map.Slot(boot.Slot), map.SlotSize, described);
        var release = isOther ? null : Newer(described, flash, map, boot.Runtime);
        return new RunningFirmware(boot.Slot, release?.Version ?? "", isOther, boot.State, boot.Outcome.IsSafeMode);
    }

    private static SlotDescriptor? Newer(SlotDescriptor? app, NorFlash flash, FlashMap map, StartedRuntime? started)
    {
        if (app == null || started?.Region is not { } region) return app;
        var newer = SlotDescriptor.Newer(app, ReadDescriptor(flash, map.RuntimeIndex(started.Slot)));
        return newer == app || Holds(flash, region.Offset, region.Size, newer) ? newer : app;
    }

    private static SlotDescriptor? ReadDescriptor(NorFlash flash, int offset)
    {
        var descriptor = new byte[SlotDescriptor.Length];
        flash.Read(offset, descriptor);
        return SlotDescriptor.Read(descriptor);
    }

    private static bool Holds(NorFlash flash, int offset, int size, SlotDescriptor described)
    {
        if (described.ImageSize < 1 || described.ImageSize > size) return false;
        var image = new byte[described.ImageSize];
        flash.Read(offset, image);
        return SHA256.HashData(image).AsSpan().SequenceEqual(described.ImageDigest);
    }
}
