using NanoOta.Releases;
using NanoOta.Tests.Boards;
using NanoOta.Tests.Releases;
using NanoOta.Tests.Support;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Runtime;

[TestClass]
public sealed class EspImageReaderTests
{
    private const int Esp32 = 0;

    [TestMethod]
    [DataRow("valid", EspImageFault.None)]
    [DataRow("no_hash", EspImageFault.None)]
    [DataRow("bad_desc_magic", EspImageFault.None)]
    [DataRow("short_first_segment", EspImageFault.None)]
    [DataRow("half_written", EspImageFault.Length)]
    [DataRow("bad_magic", EspImageFault.Magic)]
    [DataRow("bad_checksum", EspImageFault.Checksum)]
    [DataRow("no_hash_bad_checksum", EspImageFault.Checksum)]
    [DataRow("bad_hash", EspImageFault.Sha256)]
    [DataRow("payload_flip", EspImageFault.Checksum)]
    [DataRow("payload_flip2", EspImageFault.Sha256)]
    [DataRow("wrong_chip", EspImageFault.ChipId)]
    [DataRow("min_rev_high", EspImageFault.MinRevision)]
    [DataRow("max_rev_low", EspImageFault.MaxRevision)]
    [DataRow("too_many_segments", EspImageFault.SegmentCount)]
    [DataRow("bad_load_addr", EspImageFault.LoadAddress)]
    [DataRow("misaligned_map", EspImageFault.MapAddress)]
    [DataRow("too_long", EspImageFault.Length)]
    [DataRow("unaligned_segment", EspImageFault.SegmentLength)]
    public void Each_defect_is_found_at_its_field(string kind, EspImageFault expected) =>
        Assert.AreEqual(expected, Read(EspImageBuilder.Build(kind)).Fault);

    [TestMethod]
    public void Erased_flash_is_no_image() =>
        Assert.AreEqual(EspImageFault.Magic, Read([.. Enumerable.Repeat((byte)0xFF, 4096)]).Fault);

    [TestMethod]
    public void A_good_image_gives_its_descriptor_and_length()
    {
        byte[] image = EspImageBuilder.Build("valid", secureVersion: 7);
        var reader = Read([.. image, 1, 2, 3]);
        Assert.IsTrue(reader is { HasDescriptor: true, Version: "1.0.0", Project: "nanoCLR", SecureVersion: 7, IsHashed: true });
        Assert.AreEqual(image.Length, reader.Length);
    }

    [TestMethod]
    public void The_number_of_the_segment_at_fault_is_given()
    {
        Assert.AreEqual(1, Read(EspImageBuilder.Build("bad_load_addr")).Segment);
        Assert.AreEqual(1, Read(EspImageBuilder.Build("unaligned_segment")).Segment);
        Assert.AreEqual(2, Read(EspImageBuilder.Build("misaligned_map")).Segment);
    }

    [TestMethod]
    public void Every_truncation_is_found()
    {
        byte[] image = EspImageBuilder.Build("valid");
        for (int length = 0; length < image.Length; length++)
            Assert.AreNotEqual(EspImageFault.None, Read(image[..length]).Fault, $"{length} bytes");
    }

    [TestMethod]
    public void Every_flipped_bit_of_a_hashed_image_is_found()
    {
        const int HashAppended = 8 * 23; // without it there is no hash to be wrong
        byte[] image = EspImageBuilder.Build("valid");
        for (int bit = 0; bit < 8 * image.Length; bit++)
        {
            if (bit == HashAppended) continue;
            byte[] damaged = [.. image];
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.AreNotEqual(EspImageFault.None, Read(damaged).Fault, $"bit {bit}");
        }
    }

    [TestMethod]
    public void A_revision_that_is_not_known_is_not_checked()
    {
        foreach (var kind in new[] { "min_rev_high", "max_rev_low" })
            Assert.AreEqual(EspImageFault.None, Read(EspImageBuilder.Build(kind), revision: -1).Fault, kind);
    }

    [TestMethod]
    public void A_read_that_fails_is_reported()
    {
        byte[] image = EspImageBuilder.Build("valid");
        for (int good = 0; good < 10; good++)
        {
            var flash = new ImageFlash(image, good);
            var reader = new EspImageReader(flash, FlashArea.InactiveSlot, new HostCrypto(), new byte[256]);
            reader.Begin(image.Length, Esp32, -1);
            while (!reader.Step())
            {
            }

            Assert.AreEqual(EspImageFault.Unreadable, reader.Fault, $"after {good} reads");
        }
    }

    [TestMethod]
    public void Steps_allocate_nothing_behind_the_descriptor()
    {
        byte[] image = TestEspImage.Runtime(AllBoards.Load("esp32-devkitc-4mb"), 900_000);
        var reader = new EspImageReader(new ImageFlash(image), FlashArea.InactiveSlot, new HostCrypto(), new byte[4096]);
        Assert.AreEqual(0, Allocations.Least(() =>
        {
            reader.Begin(image.Length, Esp32, -1);
            for (int i = 0; i < 20; i++) Assert.IsFalse(reader.Step());
            return Allocations.Of(() =>
            {
                for (int i = 0; i < 150; i++) Assert.IsFalse(reader.Step());
            });
        }));
        int steps = 170;
        while (!reader.Step()) steps++;
        Assert.AreEqual(EspImageFault.None, reader.Fault);
        Assert.IsGreaterThan(image.Length / 4096, steps, "at most a block in each");
    }

    [TestMethod]
    public void One_reader_reads_one_image_after_another()
    {
        byte[] image = EspImageBuilder.Build("valid");
        var reader = new EspImageReader(new ImageFlash(image), FlashArea.InactiveSlot, new HostCrypto(), new byte[4096]);
        for (int room = image.Length - 4; room <= image.Length; room += 4)
        {
            reader.Begin(room, Esp32, -1);
            while (!reader.Step())
            {
            }

            Assert.AreEqual(room == image.Length ? EspImageFault.None : EspImageFault.Length, reader.Fault);
        }
    }

    private static EspImageReader Read(byte[] image, int revision = EspImageBuilder.ChipRevision)
    {
        var reader = new EspImageReader(new ImageFlash(image), FlashArea.InactiveSlot, new HostCrypto(), new byte[256]);
        reader.Begin(image.Length, Esp32, revision);
        while (!reader.Step())
        {
        }

        return reader;
    }

    private sealed class ImageFlash(byte[] image, int good = int.MaxValue) : IFlash
    {
        private int reads;

        public int GetSize(FlashArea area) => image.Length;

        public bool Read(FlashArea area, int offset, byte[] buffer, int start, int count)
        {
            Array.Copy(image, offset, buffer, start, count);
            return reads++ < good;
        }

        public bool Erase(FlashArea area, int offset) => false;

        public bool Write(FlashArea area, int offset, byte[] buffer, int start, int count) => false;
    }
}
