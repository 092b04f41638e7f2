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
        var bases = new Option<string[]>("--delta-from")
        {
            Description = "Release folder or image that devices run; an update from it fetches only the difference; up to 3 "
                + "[default: the last 3 in --out]",
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
        var firmware = new FirmwareOptions();
        var rollout = new RolloutOptions();
        var command = new ExampleCommand("pack", "Pack an app into a signed release folder.",
            "nano-ota pack --board esp32-devkitc-4mb --app src/Thermometer --version 1.2.0 --key keys/private.pem --out release",
            "nano-ota pack --board esp32-devkitc-4mb --app src/Lamp/bin/Release --version 1.2.0 --key k.pem --out release "
                + "--firmware native_assemblies.csv",
            "nano-ota pack --board esp32-devkitc-4mb --app app.bin --version 2.0.0-rc.1 --sequence 17 --key k.pem --out beta",
            "nano-ota pack --board esp32-devkitc-4mb --app src/Lamp/bin/Release --version 2.0.0 --key k.pem --out release --settings-schema 2 "
                + "--agent-level 1");
        firmware.AddTo(command);
        rollout.AddTo(command);
        foreach (var option in new Option[] { key, folder, trust, needs, level, bases, noDelta, force, json }) command.Add(option);
        command.SetAction(result =>
        {
            using var signing = SigningKey.Load(result.GetRequiredValue(key));
            var trusted = CommonOptions.LoadKeys(result.GetValue(trust));
            var natives = NativeNeeds.Parse(needs.Name, result.GetValue(needs));
            var made = firmware.Make(result, trusted.Length > 0 ? trusted : [signing.Public]);
            if (natives.Count > 0 && !made.Order.Image.IsVirtual)
                throw new ReleaseException("--needs is for the virtual device; omit it, because an image for a board has its native needs");
            var target = result.GetRequiredValue(folder);
            var order = made.Order with
            {
                Rollout = rollout.Apply(result, new Rollout()),
                Needs = natives,
                AgentLevel = result.GetValue(level),
            };
            var earlier = EarlierRelease.In(target, order);
            if (!result.GetValue(force)) earlier.CheckSequence(order);
            string[] given = result.GetValue(bases) ?? [];
            if (result.GetValue(noDelta) && given.Length > 0) throw new ReleaseException("--delta-from and --no-delta exclude each other; give one");
            if (!result.GetValue(noDelta)) order = order with { Packed = Pack(result, order.Image, given, target) };
            ReleaseBuilder.Publish(order, signing, target);
            Report.Print(result, Description.OfFirmware(target, made, signing.Public, Notes(order, earlier)), result.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static IReadOnlyList<PackedImage> Pack(ParseResult result, AppImage image, string[] given, string folder)
    {
        var bases = given.Length > 0 ? [.. given.Select(PackedImages.Load)] : PackedImages.FindEarlier(folder, image);
        return PackedImages.Pack(image, bases, PercentLine.For(result.InvocationConfiguration.Error));
    }

    private static List<string> Notes(ReleaseOrder order, EarlierRelease earlier)
    {
        var notes = new List<string>();
        if (order.Rollout.WavePercent == 0) notes.Add("no device installs it until its wave is increased: nano-ota rollout --wave");
        if (order.Sequence == ReleaseVersion.MaxSequence) notes.Add("it has the highest sequence; no release can follow it");
        if (earlier.OfTable(order.Board) is { } moved) notes.Add(moved);
        return notes;
    }
}
