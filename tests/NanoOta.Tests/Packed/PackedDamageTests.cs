using System.Security.Cryptography;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Packed;

/// <summary>Damage is refused by number: no exception, no read outside base and written output.</summary>
[TestClass]
public sealed class PackedDamageTests
{
    // NANO_OTA_CAMPAIGN multiplies them (docs/TESTING.md).
    private static readonly int Seconds = 4 * int.Parse(Environment.GetEnvironmentVariable("NANO_OTA_CAMPAIGN") ?? "1");

    [TestMethod]
    public void Every_flipped_byte_of_a_patch_is_refused()
    {
        byte[] image = PackedImage.ChangedCore(), file = PackedImage.ChangedCorePatch();
        int tableLength = PackedTable.LengthOf(file, 0);
        for (int i = 0; i < file.Length; i++)
            for (int bit = 0; bit < 8; bit += 3)
            {
                file[i] ^= (byte)(1 << bit);
                var (error, _) = PackedImage.Unpack(file, RealCore.Pe, image.Length);
                // The output's SHA-256 is for the agent: it finds with it how far an update was.
                bool isOfOutput = i < tableLength && i >= PackedTable.HeaderLength && (i & 15) is >= 4 and < 8;
                if (!isOfOutput) Assert.AreNotEqual(UpdateError.None, error, $"byte {i}, bit {bit}");
                file[i] ^= (byte)(1 << bit);
            }
    }

    [TestMethod]
    public void Without_the_checks_of_its_code_a_damaged_patch_reads_nothing_outside()
    {
        byte[] image = PackedImage.ChangedCore(), file = PackedImage.ChangedCorePatch();
        int refused = 0, others = 0;
        for (int i = PackedTable.LengthOf(file, 0); i < file.Length; i++)
            for (int bit = 0; bit < 8; bit += 3)
            {
                file[i] ^= (byte)(1 << bit);
                var (error, output) = PackedImage.Unpack(file, RealCore.Pe, image.Length, false);
                if (error != UpdateError.None) refused++;
                else if (!SHA256.HashData(output).SequenceEqual(SHA256.HashData(image))) others++;
                file[i] ^= (byte)(1 << bit);
            }

        Console.WriteLine($"{refused} refused, {others} decoded to something else");
        Assert.IsGreaterThan(20 * others, refused);
    }

    [TestMethod]
    public void A_patch_that_is_cut_anywhere_is_refused()
    {
        byte[] image = PackedImage.ChangedCore(), file = PackedImage.ChangedCorePatch();
        for (int i = 0; i < file.Length; i++)
        {
            var (error, _) = PackedImage.Unpack(file[..i], RealCore.Pe, image.Length);
            Assert.AreNotEqual(UpdateError.None, error, $"{i} bytes");
        }
    }

    [TestMethod]
    public void Another_base_never_gives_an_exception()
    {
        byte[] image = PackedImage.ChangedCore(), file = PackedImage.ChangedCorePatch();
        for (int seed = 0; seed < 5; seed++)
        {
            var (error, output) = PackedImage.Unpack(file, PackedImage.Noise(RealCore.Pe.Length, seed), image.Length);
            Assert.IsTrue(error != UpdateError.None || !output.SequenceEqual(image));
        }
    }

    // Guided by what the decoder does: a mutated segment that takes it to a new state is mutated further.
    [TestMethod]
    public void Mutated_segments_are_decoded_or_refused_and_read_nothing_outside()
    {
        int seed = Environment.TickCount;
        Console.WriteLine($"seed {seed}");
        var random = new Random(seed);
        byte[] image = PackedImage.ChangedCore();
        var corpus = new List<(byte[] File, byte[] Source)> { (PackedImage.ChangedCorePatch(), RealCore.Pe), (PackedImage.Pack(image, []), []) };
        var states = new HashSet<int>();
        var end = DateTime.UtcNow.AddSeconds(Seconds);
        int rounds = 0, decoded = 0;
        for (; DateTime.UtcNow < end; rounds++)
        {
            var (parent, source) = corpus[random.Next(4) == 0 ? random.Next(2) : random.Next(corpus.Count)];
            byte[] file = (byte[])parent.Clone();
            Mutate(file, PackedTable.LengthOf(file, 0), random);
            var flash = new StrictFlash(source, image.Length, file) { States = [] };
            var error = PackedImage.Unpack(flash, file, source.Length, false);
            if (error == UpdateError.None) decoded++;
            if (flash.States.Count(states.Add) > 0 && corpus.Count < 2000) corpus.Add((file, source));
        }

        Console.WriteLine($"{rounds} rounds, {decoded} decoded, {states.Count} states, {corpus.Count} files");
        Assert.IsGreaterThan(2, corpus.Count, "no mutated file reached a new state");
    }

    private static void Mutate(byte[] file, int tableLength, Random random)
    {
        for (int n = random.Next(1, 5); n > 0; n--)
        {
            int at = random.Next(tableLength, file.Length), count = random.Next(1, Math.Min(40, file.Length - at) + 1);
            switch (random.Next(4))
            {
                case 0: file[at] = (byte)random.Next(256); break;
                case 1: random.NextBytes(file.AsSpan(at, count)); break;
                case 2: file.AsSpan(at, count).Fill((byte)(255 * random.Next(2))); break;
                default: file.AsSpan(random.Next(tableLength, file.Length - count + 1), count).ToArray().CopyTo(file, at); break;
            }
        }
    }
}
