using System.Security.Cryptography;
using NanoOta.Boards;
using NanoOta.Releases.Packing;

namespace NanoOta.Releases;

/// <summary>The result of one check of a release.</summary>
/// <param name="Check">The name of the check.</param>
/// <param name="Passed">Whether it passed; null if it was not run, because an earlier check failed.</param>
/// <param name="Detail">The error, or the value found.</param>
public sealed record Finding(string Check, bool? Passed, string Detail);

/// <summary>Checks a release folder like a device, in the same order.</summary>
public sealed class ReleaseCheck
{
    private readonly string folder;
    private readonly List<Finding> findings = [];
    private bool failed;
    private string prefix = "";

    private ReleaseCheck(string folder) => this.folder = folder;

    /// <summary>Runs all checks. Reads the payload only if the signature is valid; lists checks that depend on a failed one as not
    /// checked.</summary>
    /// <exception cref="ReleaseException">There is no such folder, or no manifest in it.</exception>
    public static IReadOnlyList<Finding> Run(string folder, IReadOnlyList<PublicKey> trusted)
    {
        byte[] file = ReadManifest(folder);
        var check = new ReleaseCheck(folder);
        var signed = check.Step("manifest form", () =>
        {
            var read = SignedManifest.Read(file);
            return (read, $"COSE_Sign1, {file.Length} bytes");
        });
        check.Step("signature", () =>
        {
            bool good = trusted.Any(signed!.IsSignedBy);
            var keyId = Hex(signed!.KeyId);
            if (good) return (signed, "by key " + keyId);
            bool known = trusted.Any(key => Hex(key.Id) == keyId);
            throw new ReleaseException(known ? "does not match the manifest" : $"by key {keyId}, which is not trusted");
        });
        var manifest = check.Step("manifest fields", () =>
        {
            var read = signed!.Decode();
            return (read, $"{read.Product} {read.Version} for {read.Board}, sequence {read.Sequence}{Conditions(read)}");
        });
        check.Step("as devices read it", () => (DeviceReader.Read(file, trusted), "as above"));
        if (manifest == null) check.CheckImage(null, null);
        foreach (var image in manifest?.Images ?? []) check.CheckImage(image, manifest!.Chip);
        check.findings.Add(Takers(manifest));
        return check.findings;
    }

    /// <summary>The manifest file of a release folder; only the first 4096 bytes of a longer file.</summary>
    /// <exception cref="ReleaseException">There is no such folder, or no manifest in it.</exception>
    public static byte[] ReadManifest(string folder)
    {
        var path = Path.Combine(folder, Manifest.FileName);
        if (!File.Exists(path)) throw new ReleaseException($"{folder}: not a release folder (no {Manifest.FileName} in it); give one");
        byte[] bytes = InputPath.Read(path, remedy: "pack the release again");
        return bytes.Length <= Manifest.MaxLength ? bytes : bytes[..Manifest.MaxLength];
    }

    private static Finding Takers(ReleaseManifest? manifest)
    {
        const string Name = "who may take it";
        if (manifest == null) return new Finding(Name, null, "not checked");
        if (ReleaseConditions.WhyNone(manifest, DateTimeOffset.UtcNow) is { } why) return new Finding(Name, false, "no device: " + why);
        return manifest.Rollout.WavePercent == 0 ? new Finding(Name, null, "no device while it is stopped (a wave of 0 percent)")
            : new Finding(Name, true, $"{manifest.Rollout.WavePercent} percent of the devices");
    }

    private static string Conditions(ReleaseManifest manifest) => (manifest.Chip == null ? "" : $"; chip {manifest.Chip}")
        + (manifest.SlotSize == null ? "" : $"; app slots of {manifest.SlotSize} bytes")
        + (manifest.AgentLevel == null ? "" : $"; agent level {manifest.AgentLevel}")
        + (manifest.SettingsSchema == null ? "" : $"; settings schema {manifest.SettingsSchema}");

    private void CheckImage(ManifestImage? image, string? chip)
    {
        prefix = image is { Kind: ManifestImage.Runtime } ? "runtime " : "";
        var index = Step("index file", () => (ReadFile(image!.IndexLocation, BlockIndex.FileLength(image.Size)), image.IndexLocation));
        Step("index digest", () => Digest(index!, image!.IndexDigest));
        Step("index header", () =>
        {
            int named = IndexFile.ImageSize(index!);
            return named == image!.Size ? (index, $"{BlockIndex.BlockCount(named)} blocks")
                : throw new ReleaseException($"not an index for an image of {image.Size} bytes; pack the release again");
        });
        if (image == null) CheckEncoding(null, null, null, null);
        foreach (var encoding in image?.Encodings ?? []) CheckEncoding(image, encoding, index, chip);
        prefix = "";
    }

    private void CheckEncoding(ManifestImage? image, ManifestEncoding? encoding, byte[]? index, string? chip)
    {
        if (encoding is { Kind: ManifestEncoding.Packed })
        {
            CheckPacked(image!, encoding);
            return;
        }

        if (encoding is { Kind: not ManifestEncoding.Plain })
        {
            findings.Add(new Finding($"{prefix}encoding {encoding.Kind}", null, "not supported by this version of nano-ota"));
            return;
        }

        var bytes = Step("image file", () => (ReadFile(encoding!.Location, image!.Size), encoding.Location));
        Step("image size", () => bytes!.Length == image!.Size ? (bytes, $"{image.Size} bytes")
            : throw new ReleaseException($"{bytes.Length} bytes, but the manifest states {image.Size}; pack the release again"));
        Step("image blocks", () => IndexFile.FirstBadBlock(index!, bytes!) is var bad and >= 0
            ? throw new ReleaseException($"block {bad} does not match its hash in the index; pack the release again")
            : (bytes, "all match the index"));
        Step("image digest", () => Digest(bytes!, image!.Digest));
        Step<object>("image structure", () => image!.Kind == ManifestImage.Runtime
            ? CheckRuntime(bytes!, encoding!.Location, image, chip) : CheckApp(bytes!, encoding!.Location));
    }

    private static (object, string) CheckApp(byte[] bytes, string location)
    {
        var parsed = AppImage.Parse(bytes, location);
        RuntimeRules.Check(parsed, location);
        return (parsed, $"{parsed.Assemblies.Count} {(parsed.IsVirtual ? "virtual" : "real")} assemblies");
    }

    private static (object, string) CheckRuntime(byte[] bytes, string location, ManifestImage image, string? chip)
    {
        var parsed = EspImage.Read(bytes, location);
        if (!parsed.IsApplication) throw new ReleaseException($"{location}: has no application descriptor, so it is not a nanoCLR");
        if (chip != null && parsed.ChipName != chip)
            throw new ReleaseException($"{location}: is for {parsed.ChipName ?? $"the chip with id {parsed.ChipId}"}, but the release "
                + $"is for {chip}");
        return (parsed, $"{parsed.Project} {parsed.Version}, secure_version {parsed.SecureVersion}, {image.NativeCount} native checksums");
    }

    private void CheckPacked(ManifestImage image, ManifestEncoding encoding)
    {
        var file = Step("packed file", () =>
        {
            byte[] bytes = ReadFile(encoding.Location, encoding.FileSize!.Value);
            return bytes.Length == encoding.FileSize ? (PackedFile.Parse(bytes, encoding.Location), $"{encoding.Location}, {bytes.Length} bytes")
                : throw new ReleaseException($"{bytes.Length} bytes, but the manifest states {encoding.FileSize}; pack the release again");
        });
        Step("packed table", () => Digest(file!.Bytes[..file.TableLength], encoding.TableDigest!));
        var source = encoding.BaseDigest == null ? null : PackedImages.TryLoad(folder, image.Kind, encoding.BaseDigest);
        if (encoding.BaseDigest != null && source == null)
        {
            findings.Add(new Finding(prefix + "packed image", null, $"not checked: its base {Hex(encoding.BaseDigest)} is not in the folder"));
            return;
        }

        Step("packed image", () => Digest(file!.Unpack(source == null ? [] : source.Bytes.ToArray()), image.Digest));
    }

    // A larger file is not read: it may have any size.
    private byte[] ReadFile(string location, int most)
    {
        var path = Path.Combine(folder, location);
        if (!File.Exists(path)) throw new ReleaseException($"{location} is missing in {folder}; pack the release again");
        return InputFile.TryRead(path, most, out var problem) ?? throw new ReleaseException($"{location} {problem}");
    }

    private static (byte[], string) Digest(byte[] bytes, byte[] expected) =>
        SHA256.HashData(bytes).AsSpan().SequenceEqual(expected) ? (bytes, Hex(expected))
            : throw new ReleaseException("does not match the digest in the manifest; pack the release again");

    private T? Step<T>(string name, Func<(T, string)> check) where T : class?
    {
        name = prefix + name;
        if (failed)
        {
            findings.Add(new Finding(name, null, "not checked"));
            return null;
        }

        try
        {
            var (result, detail) = check();
            findings.Add(new Finding(name, true, detail));
            return result;
        }
        catch (ReleaseException e)
        {
            findings.Add(new Finding(name, false, e.Message));
            failed = true;
            return null;
        }
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
