using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace NanoOta.VirtualDevice;

/// <summary>The implementation in C on the records of the native module, built with gcc. It does not read images: this class tells it what
/// their checks find.</summary>
public sealed class NativeVectorModel : IVectorModel
{
    private const int None = 18;

    private static readonly string[] Names = [.. Enumerable.Range(0, 16).Select(i => $"ota_{i}"), "factory", "test"];

    private readonly Queue<string> answers;
    private Queue<string> ofVector = [];

    /// <summary>Builds it from a folder with the sources, and replays the vectors; <see cref="Begin"/> must be
    /// called for each in their order.</summary>
    /// <exception cref="VectorException">gcc is missing, or the sources do not compile.</exception>
    public NativeVectorModel(IReadOnlyList<OtaVector> vectors, string sources)
    {
        var folder = Directory.CreateTempSubdirectory("nanoota-");
        try
        {
            var program = Path.Combine(folder.FullName, "ota_oracle");
            Execute("gcc", ["-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-o", program, .. Directory.GetFiles(sources, "*.c")], "");
            answers = new(Execute(program, [], Write(vectors)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public void Begin(OtaVector vector)
    {
        if (answers.Count < vector.Steps.Count) throw new VectorException("--native: the program in C printed too few lines");
        ofVector = new(vector.Steps.Select(_ => answers.Dequeue()));
    }

    public VectorOutcome Run(VectorStep step)
    {
        var fields = ofVector.Dequeue().Split(' ', 9);
        return new VectorOutcome
        {
            Result = Field(fields[0]),
            Partition = Field(fields[1]),
            Error = Field(fields[2]),
            Value = Field(fields[3]),
            Records = $"{fields[4]} {fields[5]}",
            AppErases = int.Parse(fields[6], CultureInfo.InvariantCulture),
            Fuse = int.Parse(fields[7], CultureInfo.InvariantCulture),
            Operations = fields[8],
        };
    }

    private static string? Field(string text) => text == "-" ? null : text;

    private static string Write(IReadOnlyList<OtaVector> vectors)
    {
        var text = new StringBuilder();
        foreach (var vector in vectors)
        {
            var table = vector.Table;
            text.Append(CultureInfo.InvariantCulture, $"vector {(int)table.Variant} {table.Slots.Count} {Flag(table.Factory != null)} ");
            text.Append(CultureInfo.InvariantCulture, $"{Flag(table.Test != null)} {Flag(table.OtaData != null)} {vector.Fuse} ");
            text.AppendLine($"{Number(vector.Running?.Name)} {string.Join(' ', vector.Records.Select(Convert.ToHexStringLower))}");
            foreach (var (partition, image) in vector.Images)
            {
                byte[] bytes = EspImageBuilder.Build(image.Kind, image.SecureVersion);
                text.AppendLine($"image {Number(partition.Name)} {Check(table, partition, bytes)}");
            }

            foreach (var step in vector.Steps) text.AppendLine(Write(step, table));
        }

        return text.ToString();
    }

    private static string Write(VectorStep step, EspTable table)
    {
        var partition = step.Partition == null ? null : table.Find(step.Partition);
        byte[] image = step.Image == null ? [] : ManagedVectorModel.Build(step.Image);
        var place = partition ?? new EspPartition("none", 0x40000, 0x10000); // the call is refused
        int sectors = (image.Length + NorFlash.SectorSize - 1) / NorFlash.SectorSize;
        return $"step {step.Call} {Number(partition?.Name)} {step.Cut?.Operation ?? 0} {step.Cut?.Bytes ?? 0} {sectors} "
            + $"{Flag(image.Length > 0 && image[0] == 0xE9)} {Check(table, place, image)}";
    }

    private static string Check(EspTable table, EspPartition partition, byte[] image)
    {
        var flash = new NorFlash(partition.Offset + partition.Size);
        VectorFlash.Put(flash, partition, image);
        var images = new EspImages(flash, table);
        return $"{Flag(images.IsBootable(partition))} {Accepts(images, partition)} {images.SecureVersion(partition) ?? -1L}";
    }

    private static int Accepts(EspImages images, EspPartition partition)
    {
        try
        {
            return Flag(images.IsAccepted(partition));
        }
        catch (EspAbortException)
        {
            return 2;
        }
    }

    private static int Flag(bool value) => value ? 1 : 0;

    private static int Number(string? name) => name == null ? None : Array.IndexOf(Names, name);

    private static string Execute(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            process.WaitForExit();
            return process.ExitCode == 0 ? output.Result
                : throw new VectorException($"--native: {Path.GetFileName(program)} failed: {errors.Result.Split('\n')[0]}");
        }
        catch (Win32Exception)
        {
            throw new VectorException($"--native: {program} is not installed (Debian: apt-get install gcc libc6-dev)");
        }
    }
}
