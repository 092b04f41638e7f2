namespace NanoOta.VirtualDevice;

/// <summary>A program used the flash in a way that silicon would not forgive: a bug, never a condition to handle.</summary>
public sealed class NorMisuseException(string message) : InvalidOperationException(message);

/// <summary>
/// Power is off. Every call on a <see cref="NorFlash"/> throws it from a cut until <see cref="NorFlash.PowerOn"/>, so a
/// program that swallows it once still gets no further.
/// </summary>
public sealed class PowerLostException() : Exception("the board has no power");

/// <summary>A flash file that cannot be used; the message names the file and the remedy.</summary>
public sealed class FlashFileException(string message, Exception? inner = null) : Exception(message, inner);
