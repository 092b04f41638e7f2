using NanoOta.Boards;

namespace NanoOta.Cli.Rig;

/// <summary>A device of a device file (docs/RIG.md).</summary>
/// <param name="Id">Its name.</param>
/// <param name="Board">Its board.</param>
/// <param name="Serial">Where its console is.</param>
/// <param name="Reset">How it is reset.</param>
/// <param name="Power">Its power switch.</param>
/// <param name="Firmware">The firmware of the scenarios, built for it.</param>
/// <param name="Server">Address of the rig's server as the device sees it.</param>
internal sealed record DeviceEntry(
    string Id, Board Board, SerialEntry Serial, ResetEntry Reset, PowerEntry Power, FirmwareEntry Firmware, Uri Server)
{
    /// <summary>How a chip is flashed; null for an emulator.</summary>
    public FlashEntry? Flash { get; init; }

    /// <summary>The emulator; null for a chip.</summary>
    public EmulatorEntry? Emulator { get; init; }

    /// <summary>For people.</summary>
    public string Notes { get; init; } = "";

    /// <summary>What the device is, for people.</summary>
    public string Kind => Emulator == null ? "board" : "emulator";
}

/// <summary>A console. Exactly one of the first three is not null.</summary>
/// <param name="Port">Path of a serial port, or <c>tcp://HOST:PORT</c>.</param>
/// <param name="UsbSerial">Serial number of the USB device.</param>
/// <param name="UsbPath">Place of the USB device, as <c>BUS-PORT.PORT</c>.</param>
/// <param name="Baud">Bits per second.</param>
internal sealed record SerialEntry(string? Port, string? UsbSerial, string? UsbPath, int Baud)
{
    /// <summary>Host and port, if it is a socket.</summary>
    public Uri? Socket => Port?.StartsWith("tcp://", StringComparison.Ordinal) == true ? new Uri(Port) : null;

    public override string ToString() => Port ?? (UsbSerial != null ? $"USB serial number {UsbSerial}" : $"USB path {UsbPath}");
}

/// <summary>How a device is reset.</summary>
internal enum ResetKind
{
    None,

    /// <summary>RTS of the serial port drives EN.</summary>
    Rts,

    /// <summary>RTS of the USB-Serial/JTAG of the chip itself, which is enumerated again afterwards.</summary>
    UsbJtag,

    Command,
}

/// <param name="Kind">How.</param>
/// <param name="Command">The command line of <see cref="ResetKind.Command"/>.</param>
internal sealed record ResetEntry(ResetKind Kind, string Command = "");

/// <summary>The kinds of power switches.</summary>
internal enum PowerKind
{
    None,
    Manual,
    Command,
    Uhubctl,
    Scpi,
    Http,
}

/// <summary>A power switch.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="On">What switches it on: a command line, an address, or a line to send.</param>
/// <param name="Off">What switches it off.</param>
/// <param name="OffSeconds">How long it stays off.</param>
internal sealed record PowerEntry(PowerKind Kind, string On = "", string Off = "", int OffSeconds = 0)
{
    /// <summary>Command line with exit code 0 while it is on; empty = none.</summary>
    public string Status { get; init; } = "";

    /// <summary>Host and port of an instrument.</summary>
    public string Host { get; init; } = "";
    public int Port { get; init; }
}

/// <param name="Esptool">The command, with its first arguments.</param>
/// <param name="Baud">Bits per second.</param>
/// <param name="After">Command line to run after flashing; empty = none.</param>
internal sealed record FlashEntry(string Esptool, int Baud, string After);

/// <param name="Command">Command line that starts it; <c>{flash}</c> is its flash file.</param>
/// <param name="Flash">Its flash file.</param>
internal sealed record EmulatorEntry(string Command, string Flash);

/// <param name="Folder">bootloader.bin, nanoCLR.bin, and for each app APP/VERSION with .pe files, or APP/VERSION.bin.</param>
/// <param name="Product">Product in its identity.</param>
/// <param name="Key">Private key of the releases that it trusts.</param>
internal sealed record FirmwareEntry(string Folder, string Product, string Key);
