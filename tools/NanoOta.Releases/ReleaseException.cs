namespace NanoOta.Releases;

/// <summary>A file or value cannot be used; the message names the file or field, and the remedy.</summary>
public sealed class ReleaseException(string message) : Exception(message);
