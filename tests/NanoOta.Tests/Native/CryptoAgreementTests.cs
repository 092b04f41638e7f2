using System.Security.Cryptography;

namespace NanoOta.Tests.Native;

/// <summary>The cryptography of the firmware, mbedTLS behind the glue, against that of .NET, which signs releases.</summary>
[TestClass]
public sealed class CryptoAgreementTests
{
    private const int Keys = 50;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Both_accept_the_same_signatures()
    {
        int seed = Environment.TickCount;
        TestContext.WriteLine($"seed {seed} (of what is changed; keys are always fresh)");
        var random = new Random(seed);
        var cases = Enumerable.Range(0, Keys).SelectMany(_ => Cases(random)).ToList();
        var answers = RunOracle(cases.Select(c => $"verify {c.Text}"));
        for (int i = 0; i < cases.Count; i++)
            Assert.AreEqual(cases[i].IsGood ? "1" : "0", answers[i], $"seed {seed}, case {i}: {cases[i].Text}");
        Assert.AreEqual(Keys, cases.Count(c => c.IsGood), "one good signature for each key");
    }

    [TestMethod]
    public void Both_compute_the_same_hash_of_every_length_around_a_block()
    {
        var random = new Random(1);
        int[] lengths = [.. Enumerable.Range(1, 200), 4095, 4096, 65536];
        var messages = lengths.Select(length => Bytes(random, length)).ToList();
        var answers = RunOracle(messages.Select(m => $"hash {Convert.ToHexString(m)}"));
        for (int i = 0; i < messages.Count; i++)
            Assert.AreEqual(Convert.ToHexString(SHA256.HashData(messages[i])), answers[i], $"{lengths[i]} bytes");
    }

    /// <summary>A good signature, and the same with one bit changed in each of its three parts, as .NET judges them.</summary>
    private static IEnumerable<(string Text, bool IsGood)> Cases(Random random)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var hash = Bytes(random, 32);
        var point = key.ExportParameters(false).Q;
        byte[][] parts = [[.. point.X!, .. point.Y!], hash, key.SignHash(hash)];
        yield return WithVerdict(parts);
        for (int changed = 0; changed < parts.Length; changed++)
        {
            var copy = parts.Select(part => part.ToArray()).ToArray();
            copy[changed][random.Next(copy[changed].Length)] ^= (byte)(1 << random.Next(8));
            yield return WithVerdict(copy);
        }
    }

    private static (string Text, bool IsGood) WithVerdict(byte[][] parts) =>
        (string.Join(' ', parts.Select(Convert.ToHexString)), Verify(parts[0], parts[1], parts[2]));

    private static bool Verify(byte[] point, byte[] hash, byte[] signature)
    {
        try
        {
            var q = new ECPoint { X = point[..32], Y = point[32..] };
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = q });
            return key.VerifyHash(hash, signature);
        }
        catch (CryptographicException)
        {
            return false; // not a point of the curve
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string[] RunOracle(IEnumerable<string> questions)
    {
        var lines = questions.ToList();
        var (code, output, errors) = NativeBuild.Run(NativeBuild.GlueProgram("crypto_oracle"), [], lines);
        var answers = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.AreEqual(0, code, errors);
        Assert.HasCount(lines.Count, answers, errors);
        return answers;
    }
}
