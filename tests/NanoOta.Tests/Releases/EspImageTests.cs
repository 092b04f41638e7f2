using NanoOta.Boards;
using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

[TestClass]
public sealed class EspImageTests
{
    private static readonly Board Esp32 = TestInput.Board;
    private static readonly Board C3 = Board.Load("esp32-c3-devkitm-4mb");

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Good_images_pass_for_their_chip(bool hashed)
    {
        foreach (var board in new[] { Esp32, C3 })
            for (int size = 48; size < 160; size += 8)
            {
                EspImage.CheckBootloader(TestEspImage.Bootloader(board, size, hashed), "b.bin", board);
                EspImage.CheckRuntime([.. TestEspImage.Runtime(board, size, hashed), 1, 2, 3], "what follows is ignored", board);
            }
    }

    [TestMethod]
    public void Every_flipped_bit_that_the_chip_detects_is_detected()
    {
        const int HashAppended = 8 * 23; // without it there is no hash to be wrong, and the checksum still is right
        byte[] image = TestEspImage.Runtime(Esp32, 96);
        for (int bit = 0; bit < 8 * image.Length; bit++)
        {
            if (bit == HashAppended) continue;
            byte[] damaged = [.. image];
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.IsTrue(Refusal(damaged).StartsWith("r.bin: "), $"bit {bit}");
        }
    }

    [TestMethod]
    public void Without_a_hash_the_checksum_protects_the_segments()
    {
        byte[] image = TestEspImage.Runtime(Esp32, 96, hashed: false);
        image[TestEspImage.Body + 5] ^= 1;
        StringAssert.Contains(Refusal(image), "is damaged: its checksum is wrong; build or download it again");
    }

    [TestMethod]
    public void Every_truncation_is_refused()
    {
        byte[] image = TestEspImage.Runtime(Esp32, 96);
        for (int length = 0; length < image.Length; length++) Refusal(image[..length]);
    }

    [TestMethod]
    public void Random_headers_cause_no_unexpected_exception()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] image = TestEspImage.Runtime(Esp32, 96, hashed: false);
            for (int n = random.Next(1, 4); n > 0; n--) image[random.Next(60)] = (byte)random.Next(256);
            try
            {
                EspImage.CheckRuntime(image, "r.bin", Esp32);
            }
            catch (ReleaseException)
            {
                continue;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, image {i}: {e}");
            }
        }
    }

    [TestMethod]
    public void Files_for_another_board_are_reported()
    {
        StringAssert.Contains(Refusal(TestEspImage.Runtime(C3)),
            "r.bin: is for esp32c3, but esp32-devkitc-4mb has the esp32; build it for that chip");
        byte[] unknown = TestEspImage.Runtime(Esp32);
        unknown[12] = 13;
        StringAssert.Contains(Refusal(unknown), "is for the chip with id 13");
        byte[] larger = TestEspImage.Runtime(Esp32);
        larger[3] = 0x30;
        StringAssert.Contains(Refusal(larger),
            "is built for 8 MB of flash, but esp32-devkitc-4mb has 4 MB; set CONFIG_ESPTOOLPY_FLASHSIZE_4MB and build it again");
    }

    [TestMethod]
    public void Swapped_files_are_reported()
    {
        StringAssert.Contains(Refusal(TestEspImage.Bootloader(Esp32)), "no application descriptor, so it is not a nanoCLR");
        StringAssert.Contains(TestInput.Refusal(() => EspImage.CheckBootloader(TestEspImage.Runtime(Esp32), "b.bin", Esp32)),
            "is an application, not a bootloader; exchange --bootloader and --clr if swapped");
        StringAssert.Contains(Refusal("PK\u0003\u0004 a package, not a file of it"u8.ToArray()), "is not an ESP-IDF image");
    }

    [TestMethod]
    public void A_file_that_does_not_fit_its_region_is_reported()
    {
        StringAssert.Contains(Refusal(TestEspImage.Runtime(Esp32, 0x1D0000)),
            "but the partition 'factory' of esp32-devkitc-4mb has only 1900544");
        byte[] loader = TestEspImage.Bootloader(C3, 0x7F00);
        EspImage.CheckBootloader(loader, "b.bin", C3);
        byte[] same = TestEspImage.Bootloader(Esp32, 0x7F00);
        StringAssert.Contains(TestInput.Refusal(() => EspImage.CheckBootloader(same, "b.bin", Esp32)),
            "the space before the partition table has only 28672");
    }

    private static string Refusal(byte[] image) => TestInput.Refusal(() => EspImage.CheckRuntime(image, "r.bin", Esp32));
}
