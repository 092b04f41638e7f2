using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using NanoOta.Native;
using NanoOta.Tests.Support;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.VirtualDevice;

/// <summary>The native module in one process with its board.</summary>
[TestClass]
public sealed class NativeModuleTests
{
    private readonly NorFlash flash = TestFlash.With(null, 0);
    private readonly byte[] digest = new byte[32];

    [TestMethod]
    public void Without_a_board_a_call_fails_with_the_remedy()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => NativeModule.GetValue(0));
        Assert.Contains("NativePort.Attach", error.Message);
    }

    [TestMethod]
    public async Task Firmware_that_runs_side_by_side_uses_its_own_board_on_every_thread()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            var own = TestFlash.With(TestFlash.Trial(boots: i + 1), 0, 1);
            using var attached = Boot(own).Attach();
            await Task.Yield();
            int onThread = 0;
            var thread = new Thread(() => onThread = NativeModule.GetValue(NativeModule.ValueTrialBoots));
            thread.Start();
            thread.Join();
            Assert.AreEqual(i + 2, onThread);
            Assert.AreEqual(i + 2, NativeModule.GetValue(NativeModule.ValueTrialBoots));
        }));
    }

    [TestMethod]
    public void The_hash_covers_buffers_and_flash_in_order()
    {
        using var attached = Boot(flash).Attach();
        NativeModule.HashStart();
        NativeModule.HashBytes([9, 9], 0, 2);
        Assert.AreEqual(NativeModule.Ok, NativeModule.HashStart(), "a new start forgets the old one");
        Assert.AreEqual(NativeModule.Ok, NativeModule.HashBytes([0, 1, 2, 3], 1, 2));
        Assert.AreEqual(NativeModule.Ok, NativeModule.HashArea(NativeModule.RunningSlot, 4, 100));
        Assert.AreEqual(NativeModule.Ok, NativeModule.HashFinish(digest));
        CollectionAssert.AreEqual(SHA256.HashData([1, 2, .. flash.Snapshot()[4..104]]), digest);
    }

    [TestMethod]
    public void A_hash_without_a_start_or_with_a_bad_range_is_refused()
    {
        using var attached = Boot(flash).Attach();
        Assert.AreEqual(NativeModule.Refused, NativeModule.HashBytes([1], 0, 1));
        Assert.AreEqual(NativeModule.Refused, NativeModule.HashArea(NativeModule.RunningSlot, 0, 1));
        Assert.AreEqual(NativeModule.Refused, NativeModule.HashFinish(digest));
        NativeModule.HashStart();
        Assert.AreEqual(NativeModule.Refused, NativeModule.HashBytes(null!, 0, 0));
        Assert.AreEqual(NativeModule.Refused, NativeModule.HashBytes([1], 1, 1));
        Assert.AreEqual(NativeModule.Refused, NativeModule.HashBytes([1], int.MaxValue, int.MaxValue));
        Assert.AreEqual(NativeModule.Refused, NativeModule.HashArea(NativeModule.RunningSlot, 0x1FFF, 2));
        Assert.AreEqual(NativeModule.Refused, NativeModule.HashArea(NativeModule.RunningSlot, 0, 65537));
        Assert.AreEqual(NativeModule.Refused, NativeModule.HashArea(NativeModule.RunningSlot, int.MinValue, int.MinValue));
        Assert.AreEqual(NativeModule.Refused, NativeModule.HashFinish(new byte[31]));
        Assert.AreEqual(NativeModule.Refused, NativeModule.HashFinish(null!));
        NativeModule.HashFinish(digest);
        CollectionAssert.AreEqual(SHA256.HashData([]), digest);
    }

    [TestMethod]
    public void A_signature_is_good_only_for_its_hash_and_key()
    {
        using var attached = Boot(flash).Attach();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(false).Q;
        byte[] publicKey = [.. point.X!, .. point.Y!];
        var hash = SHA256.HashData([1, 2, 3]);
        var signature = key.SignHash(hash);
        Assert.IsTrue(NativeModule.VerifyEcdsaP256(publicKey, hash, signature));
        for (int i = 0; i < 64; i += 9)
        {
            Assert.IsFalse(NativeModule.VerifyEcdsaP256(publicKey, hash, Flip(signature, i)), $"signature {i}");
            Assert.IsFalse(NativeModule.VerifyEcdsaP256(Flip(publicKey, i), hash, signature), $"key {i}");
            Assert.IsFalse(NativeModule.VerifyEcdsaP256(publicKey, Flip(hash, i / 2), signature), $"hash {i / 2}");
        }
    }

    [TestMethod]
    public void A_malformed_key_hash_or_signature_is_rejected()
    {
        using var attached = Boot(flash).Attach();
        foreach (var size in new[] { 0, 32, 63, 64, 65 })
        {
            Assert.IsFalse(NativeModule.VerifyEcdsaP256(new byte[size], new byte[32], new byte[64]));
            Assert.IsFalse(NativeModule.VerifyEcdsaP256(new byte[64], new byte[size], new byte[64]));
            Assert.IsFalse(NativeModule.VerifyEcdsaP256(new byte[64], new byte[32], new byte[size]));
        }

        Assert.IsFalse(NativeModule.VerifyEcdsaP256(null!, null!, null!));
    }

    [TestMethod]
    public void The_surface_is_that_of_the_real_module_in_its_order()
    {
        var source = File.ReadAllText(Repository.At("bootloader-config", "native", "NanoOta.Native", "NativeModule.cs"));
        var real = Regex.Matches(source, @"public static extern (.+);").Select(m => m.Groups[1].Value);
        var numbers = File.ReadAllText(Repository.At("bootloader-config", "native", "NanoOta.Native", "NativeNumbers.cs"));
        var constants = Regex.Matches(numbers, @"public const int (\w+) = (-?\d+);").Select(m => $"{m.Groups[1]} = {m.Groups[2]}");
        var type = typeof(NativeModule);
        var methods = type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly);
        CollectionAssert.AreEqual(real.ToArray(), methods.OrderBy(m => m.MetadataToken).Select(Signature).ToArray());
        CollectionAssert.AreEqual(constants.ToArray(),
            type.GetFields().Select(f => $"{f.Name} = {f.GetRawConstantValue()}").ToArray());
        CollectionAssert.AreEqual(new[] { type }, type.Assembly.GetExportedTypes(), "nothing else is public");
    }

    [TestMethod]
    public void No_call_takes_more_than_65536_bytes_of_a_buffer()
    {
        using var attached = Boot(flash).Attach();
        var large = new byte[65537];
        NativeModule.HashStart();
        Assert.AreEqual(NativeModule.Refused, NativeModule.HashBytes(large, 0, 65537));
        Assert.AreEqual(NativeModule.Refused, NativeModule.Read(NativeModule.RunningSlot, 0, large, 0, 65537));
        Assert.AreEqual(NativeModule.Ok, NativeModule.HashBytes(large, 1, 65536));
    }

    [TestMethod]
    public void The_native_assemblies_of_a_board_are_just_the_module_unless_given()
    {
        using var attached = Boot(flash).Attach();
        var name = new byte[14];
        Assert.AreEqual(14, NativeModule.GetNativeAssembly(0, name));
        Assert.AreEqual("NanoOta.Native", Encoding.ASCII.GetString(name));
        Assert.AreEqual(NativeAssembly.OfModule.Checksum, (uint)NativeModule.GetNativeChecksum(0));
        Assert.AreEqual(NativeModule.Refused, NativeModule.GetNativeAssembly(1, name));
    }

    [TestMethod]
    public void Native_assemblies_are_named_in_their_order_and_nothing_else_is()
    {
        NativeAssembly[] given = [new("mscorlib", 0x80000001), new("System.Net", 5)];
        using var attached = new NativePort(flash, TestFlash.Map, TestFlash.Boot(flash), given).Attach();
        var name = new byte[8];
        Assert.AreEqual(8, NativeModule.GetNativeAssembly(0, name), "it fits exactly");
        Assert.AreEqual(NativeModule.Refused, NativeModule.GetNativeAssembly(1, name), "one byte too short");
        Assert.AreEqual("mscorlib", Encoding.ASCII.GetString(name), "a refusal leaves the buffer alone");
        Assert.AreEqual(10, NativeModule.GetNativeAssembly(1, new byte[20]));
        Assert.AreEqual(0x80000001, (uint)NativeModule.GetNativeChecksum(0));
        foreach (int index in new[] { -1, 2, int.MinValue, int.MaxValue })
        {
            Assert.AreEqual(NativeModule.Refused, NativeModule.GetNativeAssembly(index, new byte[200]));
            Assert.AreEqual(NativeModule.Refused, NativeModule.GetNativeChecksum(index));
        }

        Assert.AreEqual(NativeModule.Refused, NativeModule.GetNativeAssembly(0, null!));
    }

    private static string Signature(MethodInfo method)
    {
        var parameters = method.GetParameters().Select(p => $"{Name(p.ParameterType)} {p.Name}");
        return $"{Name(method.ReturnType)} {method.Name}({string.Join(", ", parameters)})";
    }

    private static string Name(Type type) => type == typeof(int) ? "int" : type == typeof(bool) ? "bool"
        : type == typeof(void) ? "void" : type == typeof(byte[]) ? "byte[]" : type.FullName!;

    private static byte[] Flip(byte[] bytes, int at)
    {
        var copy = bytes.ToArray();
        copy[at] ^= 1;
        return copy;
    }

    private static NativePort Boot(NorFlash flash) => new(flash, TestFlash.Map, TestFlash.Boot(flash));
}
