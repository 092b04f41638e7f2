using System.CommandLine;
using NanoOta.Boards;
using NanoOta.Releases;
using NanoOta.Releases.Packing;

namespace NanoOta.Cli.Release;

/// <summary><c>nano-ota inspect</c>: shows the content of a release, an image or a flash.</summary>
internal static class InspectCommand
{
    private const byte CborTag18 = 0xD2;

    public static Command Create()
    {
        var path = new Argument<string>("PATH")
        {
            Description = "A release folder, a manifest (.cose), a block index (.idx), a packed image (.pack), an image (.bin), "
                + "an assembly (.pe), a runtime (nanoCLR.bin) or a flash file",
        };
        var board = CommonOptions.Board(required: false);
        board.Description += "; needed for a flash file";
        var json = CommonOptions.Json();
        var command = new ExampleCommand("inspect", "Show the content of a release, an image or a flash. Does not check signatures.",
            "nano-ota inspect release",
            "nano-ota inspect release/manifest.cose --json",
            "nano-ota inspect src/Lamp/bin/Release/Lamp.bin",
            "nano-ota inspect device.flash --board esp32-devkitc-4mb") { path, board, json };
        command.SetAction(result =>
        {
            Report.Print(result, Describe(result.GetRequiredValue(path), result.GetValue(board)), result.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static object Describe(string path, string? board)
    {
        if (Directory.Exists(path)) return DescribeFolder(path);
        if (!File.Exists(path)) throw new ReleaseException($"{path}: no such file or folder");
        byte[] file = InputPath.Read(path);
        if (board != null)
        {
            var loaded = Board.Load(board);
            return Description.OfFlash(loaded, file, FlashImage.Read(loaded, file, path), FlashImage.ReadRuntimes(loaded, file));
        }

        if (file.Length > 0 && file[0] == CborTag18) return DescribeManifest(file, path);
        if (IndexFile.ImageSize(file) is var size and > 0) return Description.OfIndex(file, size);
        if (file.AsSpan().StartsWith("NODP"u8)) return Description.OfPacked(PackedFile.Parse(file, path));
        if (file.AsSpan().StartsWith("NFMRK"u8)) return Description.OfImage(ReadImage(file, path));
        if (EspImage.StartsLike(file)) return Description.OfEspImage(EspImage.Read(file, path), file);
        throw new ReleaseException(file.Length >= 1 << 21 && int.IsPow2(file.Length)
            ? $"{path}: has the size of a flash; give --board"
            : $"{path}: not a manifest, block index, image or runtime; a flash file needs --board");
    }

    // A single assembly may lack the padding that an image has.
    private static AppImage ReadImage(byte[] file, string path) => PeFiles.IsPe(path)
        ? PeFiles.Read(path) : AppImage.Parse(file, path);

    private static object DescribeManifest(byte[] file, string path)
    {
        var (signed, manifest) = ReadManifest(file, path);
        return Description.OfManifest(signed, manifest);
    }

    private static (SignedManifest Signed, ReleaseManifest Manifest) ReadManifest(byte[] file, string path)
    {
        try
        {
            var signed = SignedManifest.Read(file);
            return (signed, signed.Decode());
        }
        catch (ReleaseException e)
        {
            throw new ReleaseException($"{path}: {e.Message}; download the file again, or pack the release again");
        }
    }

    private static object DescribeFolder(string folder)
    {
        var (signed, manifest) = ReadManifest(ReleaseCheck.ReadManifest(folder), Path.Combine(folder, Manifest.FileName));
        var files = manifest.Images.SelectMany(image => image.Encodings, (image, encoding) => (image.Kind, Encoding: encoding))
            .Where(file => file.Encoding.Kind == ManifestEncoding.Plain)
            .Select(file => (file.Kind, Path: Path.Combine(folder, file.Encoding.Location)));
        return new
        {
            folder,
            manifest = Description.OfManifest(signed, manifest),
            content = files.Select(file => File.Exists(file.Path) ? DescribeImage(file.Kind, InputPath.Read(file.Path), file.Path)
                : throw new ReleaseException($"{file.Path}: the manifest names it, but it is missing")).ToArray(),
        };
    }

    private static object DescribeImage(int kind, byte[] file, string path) => kind == ManifestImage.App
        ? Description.OfImage(AppImage.Parse(file, path)) : Description.OfEspImage(EspImage.Read(file, path), file);
}
