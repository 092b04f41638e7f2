using System.Security.Cryptography;
using NanoOta.Boards;
using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

/// <summary>Test data with names.</summary>
internal static class TestInput
{
    public const string BoardName = "esp32-devkitc-4mb";

    public static Board Board { get; } = Board.Load(BoardName);

    public static byte[] Dll(string name, params string[] references) =>
        TinyAssembly.Create(name, new Version(1, 2, 3, 4), hasMain: false, references);

    public static byte[] AppDll(params string[] references) =>
        TinyAssembly.Create("App", new Version(1, 0, 0, 0), hasMain: true, references);

    /// <summary>An image of a few assemblies.</summary>
    public static AppImage Image() => AppImage.Build([VirtualAssembly.Wrap(Dll("Lib")), VirtualAssembly.Wrap(AppDll())]);

    /// <summary>An image of about <paramref name="size"/> bytes.</summary>
    public static AppImage Image(int size)
    {
        var dll = AppDll();
        Array.Resize(ref dll, size - AssemblyHeader.Length);
        return AppImage.Build([VirtualAssembly.Wrap(dll)]);
    }

    public static ReleaseOrder Order(AppImage? image = null, string version = "1.2.3") =>
        new("thermometer", Board, version, null, image ?? Image());

    /// <summary>A public key made of a point.</summary>
    public static PublicKey Key(byte[] x, byte[] y)
    {
        using var folder = new TemporaryFolder();
        using var ecdsa = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } });
        return PublicKey.Load(folder.Write("key.pem", ecdsa.ExportSubjectPublicKeyInfoPem()));
    }

    /// <summary>Runs what must fail for its input and gives the message.</summary>
    public static string Refusal(Action action) => Assert.ThrowsExactly<ReleaseException>(action).Message;
}
