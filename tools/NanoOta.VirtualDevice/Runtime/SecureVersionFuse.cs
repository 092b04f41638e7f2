namespace NanoOta.VirtualDevice;

/// <summary>The secure version in the efuses of an ESP32: the number of burnt bits. It only grows.</summary>
public sealed class SecureVersionFuse(int burnt = 0)
{
    private const int Bits = 32;

    /// <summary>The lowest secure version that boots.</summary>
    public int Value { get; private set; } = burnt;

    /// <summary>Whether an image with this secure version may boot.</summary>
    public bool Admits(uint? secureVersion) => secureVersion >= Value;

    /// <summary>Burns up to a secure version; false if there are not that many bits.</summary>
    public bool Raise(uint secureVersion)
    {
        if (secureVersion > Bits) return false;
        Value = Math.Max(Value, (int)secureVersion);
        return true;
    }
}
