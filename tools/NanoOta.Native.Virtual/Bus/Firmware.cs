using System.Security.Cryptography;
using static NanoOta.Native.NativeModule;

namespace NanoOta.VirtualDevice.Bus;

/// <summary>
/// The implementation of <see cref="Native.NativeModule"/>: a port to the board, and the cryptography that the firmware computes itself.
/// The CPU process installs one for the whole process. Code that runs in one process with its board attaches one to its own flow of
/// execution (tasks and threads started from it included), so that tests with boards of their own run side by side.
/// </summary>
internal sealed class Firmware(INativePort port) : INativePort
{
    private const int MaxPiece = 65536;
    private const int DigestSize = 32;
    private const int PointSize = 64;

    private static readonly AsyncLocal<Firmware?> Attached = new();
    private static Firmware? installed;

    private readonly Lock gate = new();
    private readonly byte[] finished = new byte[DigestSize];
    private IncrementalHash? hash;
    private byte[]? area;
    private bool hashing;

    public static Firmware Current => installed ?? Attached.Value ?? throw new InvalidOperationException(
        "no board is attached to NativeModule here; run the app on a VirtualBoard, or call NativePort.Attach first");

    public static void Install(INativePort port) => installed = new Firmware(port);

    public static IDisposable Attach(INativePort port)
    {
        var before = Attached.Value;
        Attached.Value = new Firmware(port);
        return new Attachment(before);
    }

    public int GetValue(int value)
    {
        lock (gate) return port.GetValue(value);
    }

    public int GetAreaSize(int area)
    {
        lock (gate) return port.GetAreaSize(area);
    }

    public int Read(int area, int offset, byte[]? buffer, int start, int count)
    {
        if (!IsPart(buffer, start, count) || count > MaxPiece) return Refused;
        lock (gate) return port.Read(area, offset, buffer, start, count);
    }

    public int Erase(int area, int offset)
    {
        lock (gate) return port.Erase(area, offset);
    }

    public int Write(int area, int offset, byte[]? buffer, int start, int count)
    {
        if (!IsPart(buffer, start, count)) return Refused;
        lock (gate) return port.Write(area, offset, buffer, start, count);
    }

    public int HashStart()
    {
        lock (gate)
        {
            hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            if (hashing) hash.GetHashAndReset(finished);
            hashing = true;
            return Ok;
        }
    }

    public int HashBytes(byte[]? buffer, int start, int count)
    {
        if (!IsPart(buffer, start, count) || count > MaxPiece) return Refused;
        lock (gate)
        {
            if (!hashing) return Refused;
            hash!.AppendData(buffer!, start, count);
            return Ok;
        }
    }

    public int HashArea(int area, int offset, int count)
    {
        if (count is < 0 or > MaxPiece) return Refused;
        lock (gate)
        {
            if (!hashing) return Refused;
            this.area ??= new byte[MaxPiece];
            int result = port.Read(area, offset, this.area, 0, count);
            if (result == Ok) hash!.AppendData(this.area, 0, count);
            return result;
        }
    }

    public int HashFinish(byte[]? digest)
    {
        if (digest == null || digest.Length < DigestSize) return Refused;
        lock (gate)
        {
            if (!hashing) return Refused;
            hash!.GetHashAndReset(digest);
            hashing = false;
            return Ok;
        }
    }

    public bool VerifyEcdsaP256(byte[]? publicKey, byte[]? hash, byte[]? signature)
    {
        if (publicKey?.Length != PointSize || hash?.Length != DigestSize || signature?.Length != PointSize) return false;
        try
        {
            using var key = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = publicKey[..32], Y = publicKey[32..] },
            });
            return key.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            return false; // not a point of the curve
        }
    }

    public int Activate()
    {
        lock (gate) return port.Activate();
    }

    public int Confirm()
    {
        lock (gate) return port.Confirm();
    }

    public int Reject(int reason)
    {
        lock (gate) return port.Reject(reason);
    }

    public void Restart()
    {
        lock (gate) port.Restart();
    }

    public int GetNativeAssembly(int index, byte[]? name)
    {
        if (name == null) return Refused;
        lock (gate) return port.GetNativeAssembly(index, name);
    }

    public int GetNativeChecksum(int index)
    {
        lock (gate) return port.GetNativeChecksum(index);
    }

    public int Guard(int seconds)
    {
        lock (gate) return port.Guard(seconds);
    }

    public int Sleep(int milliseconds, int kept)
    {
        lock (gate) return port.Sleep(milliseconds, kept);
    }

    public int ForgetCrashes()
    {
        lock (gate) return port.ForgetCrashes();
    }

    public int ReleaseRuntime()
    {
        lock (gate) return port.ReleaseRuntime();
    }

    public int ActivateRuntime(bool withApp)
    {
        lock (gate) return port.ActivateRuntime(withApp);
    }

    /// <summary>Whether the range lies within the buffer, for any numbers at all.</summary>
    public static bool IsPart(byte[]? buffer, int start, int count) =>
        buffer != null && start >= 0 && count >= 0 && start <= buffer.Length - count;

    private sealed class Attachment(Firmware? before) : IDisposable
    {
        public void Dispose() => Attached.Value = before;
    }
}
