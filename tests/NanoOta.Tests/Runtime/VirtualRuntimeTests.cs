using System.IO.Compression;
using NanoOta.Boards;
using NanoOta.Releases;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Runtime;

/// <summary>The runtimes of the virtual board: images that every tool accepts, with content like that of a real one.</summary>
[TestClass]
public sealed class VirtualRuntimeTests
{
    private static readonly Board Kind = Board.Load("esp32-s3-devkitc-1-8mb");

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("esp32-devkitc-4mb")]
    [DataRow("esp32-c3-devkitm-4mb")]
    [DataRow("esp32-s3-devkitc-1-8mb")]
    [DataRow("esp32-s3-devkitc-1-16mb")]
    public void The_image_is_a_nanoCLR_of_its_board(string id)
    {
        var board = Board.Load(id);
        foreach (int size in new[] { 4096, 1 << 16, 1_500_000 })
        {
            var bytes = new VirtualRuntime { Version = "1.17.1.2", SecureVersion = 3, Size = size }.Build(board);
            EspImage.CheckRuntime(bytes, "image", board);
            var image = EspImage.Read(bytes, "image");
            Assert.AreEqual((size, size, "nanoCLR", "1.17.1.2", 3u, true), (bytes.Length, image.Size, image.Project, image.Version,
                image.SecureVersion, image.IsHashed));
        }
    }

    [TestMethod]
    public void Flash_gives_back_what_was_built()
    {
        var slot = EspTable.Of(Kind).Slots[1];
        foreach (var fault in Enum.GetValues<RuntimeFault>())
        {
            var runtime = new VirtualRuntime
            {
                Version = "2.0.0",
                NativeAssemblies = [NativeAssembly.OfModule, new NativeAssembly("mscorlib", 0xFFFFFFFF)],
                Fault = fault,
                Size = 1 << 16,
            };
            var flash = new NorFlash(Kind.FlashSize);
            Assert.IsNull(VirtualRuntime.Read(flash, slot));
            NanoOta.Tests.VirtualDevice.TestBoard.Write(flash, slot.Offset, runtime.Build(Kind));
            var read = VirtualRuntime.Read(flash, slot)!;
            Assert.AreEqual(("2.0.0", fault), (read.Version, read.Fault));
            CollectionAssert.AreEqual(runtime.NativeAssemblies.ToArray(), read.NativeAssemblies.ToArray());
        }
    }

    [TestMethod]
    public void Its_list_of_native_assemblies_is_accepted_as_that_of_a_firmware()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("nano-ota").FullName, "native_assemblies.csv");
        File.WriteAllText(file, new VirtualRuntime { Version = "1", NativeAssemblies = [new NativeAssembly("A.B", 5), NativeAssembly.OfModule] }
            .NativeAssembliesCsv);
        NativeAssemblies.Load(file);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [TestMethod]
    public void Two_versions_share_most_content_which_is_compressible_as_code_is()
    {
        var (old, next) = (Build("1.0.0"), Build("1.0.1"));
        CollectionAssert.AreEqual(old, Build("1.0.0"));
        double size = Deflate(old) / (double)old.Length, shared = Shared(old, next);
        TestContext.WriteLine($"deflated {size:P1}, shared {shared:P1}, other seed {Shared(old, Build("1.0.0", seed: 2)):P1}");
        Assert.IsTrue(size is > 0.5 and < 0.85, $"{size:P1}");
        Assert.IsTrue(shared is > 0.9 and < 0.995, $"{shared:P1}");
        Assert.IsLessThan(0.05, Shared(old, Build("1.0.0", seed: 2)));
    }

    [TestMethod]
    public void What_does_not_fit_is_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new VirtualRuntime { Version = "1", Size = 4100 }.Build(Kind));
        Assert.ThrowsExactly<ArgumentException>(() => new VirtualRuntime { Version = new string('1', 32) }.Build(Kind));
        var many = Enumerable.Range(0, 64).Select(i => new NativeAssembly($"Assembly.{i}", 1)).ToArray();
        Assert.ThrowsExactly<ArgumentException>(() => new VirtualRuntime { Version = "1", Size = 4096, NativeAssemblies = many }.Build(Kind));
    }

    private static byte[] Build(string version, int seed = 1) => new VirtualRuntime { Version = version, Seed = seed }.Build(Kind);

    private static long Deflate(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true)) deflate.Write(bytes);
        return packed.Length;
    }

    /// <summary>The part of an image whose pieces of 64 bytes are somewhere in another one.</summary>
    private static double Shared(byte[] old, byte[] image)
    {
        const int Piece = 64;
        var pieces = Enumerable.Range(0, (old.Length - Piece) / 4).Select(i => Convert.ToBase64String(old, i * 4, Piece)).ToHashSet();
        int count = image.Length / Piece;
        return Enumerable.Range(0, count).Count(i => pieces.Contains(Convert.ToBase64String(image, i * Piece, Piece))) / (double)count;
    }
}
