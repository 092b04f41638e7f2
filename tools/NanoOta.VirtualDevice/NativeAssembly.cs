using System.Text;

namespace NanoOta.VirtualDevice;

/// <summary>A native assembly of the firmware. An image that needs another checksum of it does not run.</summary>
public sealed record NativeAssembly
{
    /// <summary>Longest name in bytes.</summary>
    public const int MaxName = 128;

    /// <param name="name">1 to 128 characters of ASCII.</param>
    /// <param name="checksum">Native checksum, as in the header of the managed assembly.</param>
    /// <exception cref="ArgumentException">The name is not valid.</exception>
    public NativeAssembly(string name, uint checksum)
    {
        if (name.Length is 0 or > MaxName || !Ascii.IsValid(name))
            throw new ArgumentException($"'{name}' is not a name of a native assembly; give 1 to {MaxName} ASCII characters", nameof(name));
        (Name, Checksum) = (name, checksum);
    }

    /// <summary>The native module itself, with the checksum in nanoota_interop.h.</summary>
    public static NativeAssembly OfModule { get; } = new("NanoOta.Native", 0x9803CDAC);

    /// <summary>Name of the assembly.</summary>
    public string Name { get; }

    /// <summary>Its native checksum.</summary>
    public uint Checksum { get; }
}
