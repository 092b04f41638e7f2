namespace NanoOta.VirtualDevice;

/// <summary>A use of the flash that would corrupt data on silicon: a bug, not a condition to handle.</summary>
public sealed class NorMisuseException(string message) : InvalidOperationException(message);

/// <summary>Power is off. Every call on a <see cref="NorFlash"/> throws it from a cut until <see cref="NorFlash.PowerOn"/>, so that a
/// program that swallows it once cannot continue.</summary>
public sealed class PowerLostException() : Exception("the board has no power");

/// <summary>A flash file that cannot be used; the message names the file and the remedy.</summary>
public sealed class FlashFileException(string message, Exception? inner = null) : Exception(message, inner);
