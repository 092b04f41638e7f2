using System.CommandLine;
using NanoOta.Releases;

namespace NanoOta.Cli.Release;

/// <summary><c>nano-ota pack</c>: packs a signed release.</summary>
internal static class PackCommand
{
    public static Command Create()
    {
        var key = new Option<string>("--key") { Description = "Private key that signs", HelpName = "PEM", Required = true };
        var folder = CommonOptions.Of<string>("--out", "DIR", "Release folder; images of older releases remain in it", required: true);
        var trust = CommonOptions.Trust("Key that the packed firmware trusts; may be repeated [default: that of --key]", false);
        var needs = new Option<string[]>("--needs")
        {
            Description = "For the virtual device: native assembly that the app needs; may be repeated (apps for boards contain the list)",
            HelpName = "NAME=0xCHECKSUM",
            Arity = ArgumentArity.OneOrMore,
        };
        var level = CommonOptions.Of<int?>("--agent-level", "NUMBER",
            "Minimum agent level of a device that may install it (SPEC.md, section 2) [default: any]");
        var clr = new Option<string?>("--clr")
        {
            Description = "The runtime, nanoCLR.bin, for boards with two runtime slots; needs --firmware; with it --app may be omitted",
            HelpName = "FILE",
        };
        var keepClr = new Option<bool>("--keep-clr")
        {
            Description = "Carry the runtime of the newest release in --out again, for devices that did not install it",
        };
        var bases = new Option<string[]>("--delta-from")
        {
            Description = "Release folder, app image or nanoCLR.bin that devices run; an update from it fetches only the difference; up to "
                + "3 of each kind [default: the last 3 in --out]",
            HelpName = "RELEASE|IMAGE",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        var noDelta = new Option<bool>("--no-delta") { Description = "Write the plain image only, neither differences nor a compressed form" };
        var force = new Option<bool>("--force")
        {
            Description = "Replace a release with the same sequence and another image; devices that installed it ignore this one",
        };
        var json = CommonOptions.Json();
        var firmware = new FirmwareOptions(needsApp: false);
        var rollout = new RolloutOptions();
        var command = new ExampleCommand("pack", "Pack an app, a runtime or both into a signed release folder.",
            "nano-ota pack --board esp32-devkitc-4mb --app src/Thermometer --version 1.2.0 --key keys/private.pem --out release",
            "nano-ota pack --board esp32-devkitc-4mb --app src/Lamp/bin/Release --version 1.2.0 --key k.pem --out release "
                + "--firmware native_assemblies.csv",
            "nano-ota pack --board esp32-devkitc-4mb --app app.bin --version 2.0.0-rc.1 --sequence 17 --key k.pem --out beta",
            "nano-ota pack --board esp32-devkitc-4mb --app src/Lamp/bin/Release --version 2.0.0 --key k.pem --out release --settings-schema 2 "
                + "--agent-level 1",
            "nano-ota pack --board esp32-s3-devkitc-1-8mb --clr nanoCLR.bin --firmware native_assemblies.csv --app src/Lamp/bin/Release "
                + "--version 3.0.0 --key k.pem --out release");
        firmware.AddTo(command);
        rollout.AddTo(command);
        foreach (var option in new Option[] { clr, keepClr, key, folder, trust, needs, level, bases, noDelta, force, json })
            command.Add(option);
        command.SetAction(result =>
        {
            using var signing = SigningKey.Load(result.GetRequiredValue(key));
            var trusted = CommonOptions.LoadKeys(result.GetValue(trust));
            var natives = NativeNeeds.Parse(needs.Name, result.GetValue(needs));
            var runtime = result.GetValue(clr);
            bool keeps = result.GetValue(keepClr);
            if (keeps && runtime != null) throw new ReleaseException("--clr and --keep-clr exclude each other; give one");
            var made = firmware.Make(result, trusted.Length > 0 ? trusted : [signing.Public], runtime);
            if (made.Order.Images.Count == 0)
                throw new ReleaseException("there is no app; give --app, or --clr for a release with a runtime alone");
            CheckNeeds(made, natives);
            var target = result.GetRequiredValue(folder);
            var order = made.Order with
            {
                Rollout = rollout.Apply(result, new Rollout()),
                Needs = natives,
                AgentLevel = result.GetValue(level),
            };
            var earlier = EarlierRelease.In(target, order);
            if (keeps)
            {
                order = earlier.KeepRuntime(order, signing.Public);
                if (!order.App!.IsVirtual) made = made with { NativeChecksums = "as the runtime of the release has them" };
            }

            if (runtime != null) earlier.CheckSecureVersion(order, runtime);
            if (!result.GetValue(force)) earlier.CheckSequence(order);
            string[] given = result.GetValue(bases) ?? [];
            if (result.GetValue(noDelta) && given.Length > 0) throw new ReleaseException("--delta-from and --no-delta exclude each other; give one");
            ReleaseBuilder.Check(order);
            if (!result.GetValue(noDelta)) order = Pack(result, order, keeps, given, target);
            var manifest = ReleaseBuilder.Publish(order, signing, target);
            var notes = Notes(order, earlier, manifest);
            Report.Print(result, Description.OfFirmware(target, made with { Order = order }, signing.Public, notes), result.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static void CheckNeeds(Firmware made, IReadOnlyList<NativeNeed> needs)
    {
        if (needs.Count == 0) return;
        if (made.Order.App == null) throw new ReleaseException("--needs is about an app; omit it, or give --app");
        if (!made.Order.App.IsVirtual)
            throw new ReleaseException("--needs is for the virtual device; omit it, because an image for a board has its native needs");
        made.Natives?.Check(needs);
    }

    // A runtime that is kept has its packed files already.
    private static ReleaseOrder Pack(ParseResult result, ReleaseOrder order, bool keepsRuntime, string[] given, string folder)
    {
        var runtime = keepsRuntime ? null : order.Runtime;
        int[] kinds = [.. new ReleaseImage?[] { order.App, runtime }.OfType<ReleaseImage>().Select(image => image.Kind)];
        var bases = given.SelectMany(path => PackedImages.Load(path, kinds)).ToList();
        IReadOnlyList<PackedImage> PackOne(ReleaseImage? image)
        {
            if (image == null) return [];
            var ofKind = bases.Where(source => source.Kind == image.Kind).ToList();
            return PackedImages.Pack(image, ofKind.Count > 0 ? ofKind : PackedImages.FindEarlier(folder, image),
                PercentLine.For(result.InvocationConfiguration.Error, image));
        }

        return order with
        {
            Packed = PackOne(order.App),
            PackedRuntime = keepsRuntime ? order.PackedRuntime : PackOne(runtime),
        };
    }

    private static List<string> Notes(ReleaseOrder order, EarlierRelease earlier, ReleaseManifest manifest)
    {
        var notes = new List<string>();
        if (order.Rollout.WavePercent == 0) notes.Add("no device installs it until its wave is increased: nano-ota rollout --wave");
        if (order.Sequence == ReleaseVersion.MaxSequence) notes.Add("it has the highest sequence; no release can follow it");
        if (earlier.OfTable(order.Board) is { } moved) notes.Add(moved);
        if (order.Runtime == null && earlier.HasRuntime)
            notes.Add("the release before it has a runtime, and devices that did not install that refuse this one (4014) if its app needs "
                + "it; carry the runtime again with --keep-clr");
        int leftOut = order.Images.Sum(part => part.Packed.Count + 1) - manifest.Images.Sum(image => image.Encodings.Count);
        if (leftOut > 0) notes.Add($"{leftOut} packed files were left out, because the manifest would have 4096 bytes or more");
        return notes;
    }
}
