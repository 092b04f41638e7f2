using System.Security.Cryptography;
using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Errors;

/// <summary>5001 and on: files that differ from the manifest, images that are no app, flash that fails.</summary>
internal static class ImageErrors
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    public static Dictionary<UpdateError, Func<UpdateError>> Scenarios { get; } = new()
    {
        { UpdateError.IndexCorrupt, () => Refusal(device => Damage(device, "1.1.0/app.idx", 40)) },
        { UpdateError.BlockCorrupt, () => Refusal(device => Damage(device, "1.1.0/app.bin", 3 * 4096)) },
        { UpdateError.ImageCorrupt, RefusalOfTwoImages },
        { UpdateError.ImageMalformed, () => RefusalOfImage(image => image[SecondAssembly(image)] ^= 1) },
        { UpdateError.FlashReadFailed, () => Refusal(device => device.Break = ports => ports.Flash = new UnreadableFlash(ports.Flash,
            FlashArea.InactiveSlot, () => device.Agent?.Phase == Phase.Verify)) },
        { UpdateError.FlashEraseFailed, () => Refusal(WearOutUsedSector) },
        { UpdateError.FlashWriteFailed, () => Refusal(device => device.Flash.WearOut(SimDevice.Map.Slot(1) + 3 * 4096)) },
        { UpdateError.ActivateFailed, () => Refusal(device => device.Break = ports => ports.Boot = new FixedSlotBoot(ports.Boot)) },
        { UpdateError.IndexUnknownFormat, RefusalOfIndexFormat },
        { UpdateError.HashFailed, () => Refusal(device => device.Break = ports => ports.Crypto = new FaultyHash(ports.Crypto,
            () => device.Agent?.Phase == Phase.Verify)) },
        { UpdateError.ImageChanged, () => Refusal(FlipBitWhileItWaits) },
        { UpdateError.RuntimeImageInvalid, RefusalOfRuntime },
        { UpdateError.ImageUnknownFormat, () => RefusalOfImage(image => image[5] = (byte)'2') },
    };

    private static UpdateError RefusalOfRuntime()
    {
        var device = new SimDevice(First, SimRuntime.Make("clr-1", 3, 1));
        device.Publish(SimRelease.Of("1.1.0", 2, SimRuntime.Make("clr-2", 3, 2, chip: 5)));
        return ObservedError.Refusal(device);
    }

    private static void FlipBitWhileItWaits(SimDevice device)
    {
        device.OnStep = (phase, _) =>
        {
            if (phase != Phase.Verify || device.Agent!.Phase != Phase.Activate) return;
            device.OnStep = (_, _) => Assert.AreEqual(UpdateError.None, device.Agent!.Pause(false));
            Assert.AreEqual(UpdateError.None, device.Agent.Pause(true));
            device.FlipBit(1, Second);
        };
    }

    private static UpdateError Refusal(Action<SimDevice> change)
    {
        var device = SimDevice.Offered(First, Second);
        change(device);
        return ObservedError.Refusal(device);
    }

    private static void Damage(SimDevice device, string file, int at)
    {
        var damaged = (byte[])device.Server.Get(file).Clone();
        damaged[at] ^= 1;
        device.Server.Put(file, damaged);
    }

    private static UpdateError RefusalOfImage(Action<byte[]> change)
    {
        var image = (byte[])Second.Image.Clone();
        change(image);
        return ObservedError.Refusal(SimDevice.Offered(First, new SimRelease("1.1.0", 2, image, Behaviour.Good)));
    }

    private static int SecondAssembly(byte[] image) => AssemblyHeader.Align(Bytes.GetSize(image, AssemblyHeader.TotalSizeOffset));

    // Signed are the digest of one image and the index of another.
    private static UpdateError RefusalOfTwoImages()
    {
        var other = TestImage.Image(7, 99)[..Second.Image.Length];
        return RefusalOfIndex(TestImage.Index(other), device => device.Server.Put("1.1.0/app.bin", other));
    }

    private static UpdateError RefusalOfIndexFormat()
    {
        var index = TestImage.Index(Second.Image);
        index[4] = 2;
        return RefusalOfIndex(index, _ => { });
    }

    private static UpdateError RefusalOfIndex(byte[] index, Action<SimDevice> change)
    {
        var manifest = TestManifest.For(Second.Image, "1.1.0", 2, TestManifest.SharedKey);
        manifest.IndexDigest = SHA256.HashData(index);
        var device = SimDevice.Offered(First, Second with { Manifest = manifest.Sign() });
        device.Server.Put("1.1.0/app.idx", index);
        change(device);
        return ObservedError.Refusal(device);
    }

    private static void WearOutUsedSector(SimDevice device)
    {
        int sector = SimDevice.Map.Slot(1) + 2 * 4096;
        device.Flash.Program(sector, new byte[4]);
        device.Flash.WearOut(sector);
    }
}
