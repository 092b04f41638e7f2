using System.Security.Cryptography;
using System.Text;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Simulation;

/// <summary>Signs the releases of a schedule, and determines whether this device meets the requirements of their manifests.</summary>
internal sealed class FaultReleases(FaultSchedule schedule, Random random)
{
    public const string Chip = "esp32";
    public const string Native = "System.Device.Gpio";
    public const long NativeChecksum = 0x8F3A_11C2;

    private static readonly TestKey UnknownKey = new();

    // A device without the time installs an expired release.
    private static readonly Ending[] Unfitness =
    [
        Ending.Stopped, Ending.OtherBoard, Ending.TooBig, Ending.UnknownSigner, Ending.WrongRuntime, Ending.WrongChip,
        Ending.WrongLayout, Ending.AgentTooOld,
    ];

    private static readonly Ending[] OfManifest = [.. Unfitness, Ending.Expired, Ending.OldSequence, Ending.NeedsEarlier, Ending.NotInWave];

    private readonly int wave = random.Next(2) == 0 ? 10 : 50;

    public string DeviceId { get; private set; } = $"lamp {schedule.Seed}";

    /// <summary>Versions that this device must not take.</summary>
    public HashSet<string> Unfit { get; } = [];

    /// <summary>Settings schemas of the versions that state one.</summary>
    public Dictionary<string, int> Schemas { get; } = [];

    /// <summary>Taken for a release that the device may install, or the reason why not.</summary>
    public Ending DrawFitness() => random.Next(5) == 0 ? Unfitness[random.Next(Unfitness.Length)] : Ending.Taken;

    /// <summary>Gives the device an id that is not in the wave of a release.</summary>
    public void LeaveOut(SimRelease release)
    {
        for (int i = 0; IsInWave(release, wave); i++) DeviceId = $"lamp {schedule.Seed}-{i}";
    }

    /// <summary>The release with a manifest; unfit for this device if its ending requires that, or if it is not in the wave.</summary>
    /// <param name="release">The release.</param>
    /// <param name="ending">What is wrong with its manifest.</param>
    /// <param name="hasTurn">Whether the wave has reached this device.</param>
    public SimRelease Sign(SimRelease release, Ending ending, bool hasTurn = false)
    {
        int percent = ending == Ending.Stopped ? 0 : ending == Ending.NotInWave || random.Next(3) == 0 ? wave : 100;
        if (hasTurn && !IsInWave(release, percent)) percent = 100;
        if (OfManifest.Contains(ending) || !IsInWave(release, percent)) Unfit.Add(release.Version);
        int schema = random.Next(0, 4);
        Schemas[release.Version] = schema;
        var key = ending == Ending.UnknownSigner ? UnknownKey : TestManifest.SharedKey;
        var manifest = TestManifest.For(release.Image, release.Version, release.Sequence, key);
        if (ending == Ending.OtherBoard) manifest.Board = "board-b";
        if (ending == Ending.OldSequence) manifest.Sequence = 1L;
        if (ending == Ending.TooBig) manifest.Size = (long)SimDevice.Map.SlotSize + 1;
        // Any of its packed files, or none. With one, a device may find enough right blocks in files that are all damaged.
        bool isPlain = ending == Ending.DamagedForEver;
        release = release with { Encodings = [.. release.Encodings.Where(_ => random.Next(3) != 0 && !isPlain)] };
        manifest.Packed = [.. release.Encodings.Select(encoding => encoding.Entry)];
        manifest.Change = map => AddRequirements(map, ending, percent, schema);
        return release with { Manifest = manifest.Sign() };
    }

    // SPEC.md, section 2, implemented independently of the product.
    private bool IsInWave(SimRelease release, int percent)
    {
        var hash = SHA256.HashData([.. Encoding.UTF8.GetBytes(DeviceId), .. SHA256.HashData(release.Image)]);
        return ((hash[0] << 8) + hash[1]) * 100 / 65536 < percent;
    }

    // In the order of the keys.
    private void AddRequirements(List<(object, object)> map, Ending ending, int percent, int schema)
    {
        if (ending == Ending.Expired) map.Add((7L, FaultSchedule.StartsAt + 1));
        if (ending == Ending.NeedsEarlier) map.Add((8L, 1000L));
        if (percent != 100) map.Add((9L, (long)percent));
        if (schedule.HasMirror) map.Add((10L, new object[] { FaultSchedule.MirrorAddress }));
        long checksum = ending == Ending.WrongRuntime ? NativeChecksum ^ 1 : NativeChecksum;
        if (ending == Ending.WrongRuntime || random.Next(3) == 0)
            map.Add((11L, new object[] { new object[] { Native, checksum } }));
        if (ending == Ending.AgentTooOld || random.Next(3) == 0)
            map.Add((12L, (long)UpdateAgent.Level + (ending == Ending.AgentTooOld ? 1 : 0)));
        if (ending == Ending.WrongChip || random.Next(3) == 0) map.Add((13L, ending == Ending.WrongChip ? "esp32s3" : Chip));
        if (ending == Ending.WrongLayout || random.Next(3) == 0)
            map.Add((14L, (long)SimDevice.Map.SlotSize + (ending == Ending.WrongLayout ? 4096 : 0)));
        if (schema > 0) map.Add((15L, (long)schema));
    }
}
