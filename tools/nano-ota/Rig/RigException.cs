namespace NanoOta.Cli.Rig;

/// <summary>The rig is at fault, and not the firmware under test: a port, a switch, a tool, a file. The message names the remedy.</summary>
internal sealed class RigException(string message) : Exception(message);
