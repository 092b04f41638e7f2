namespace NanoOta.Boards;

/// <summary>A board or partition file that cannot be used; the message names file, line or field, and the remedy.</summary>
public sealed class BoardException(string message) : Exception(message);
