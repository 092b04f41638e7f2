namespace NanoOta.Releases;

/// <summary>A file or value that cannot be used; the message names the file, the field and the remedy.</summary>
public sealed class ReleaseException(string message) : Exception(message);
