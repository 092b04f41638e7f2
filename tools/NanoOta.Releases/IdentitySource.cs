using System.Globalization;
using System.Text;

namespace NanoOta.Releases;

/// <summary>A source file: path within the project, and text.</summary>
public sealed record SourceFile(string Path, string Text);

/// <summary>
/// The sources of <c>agent/NanoOta.Identity</c> for one release, in C# 9: real assemblies cannot be changed when they are
/// packed, so their identity must be compiled. The same identity gives the same text.
/// </summary>
public static class IdentitySource
{
    /// <summary>Creates the sources, which replace those in the project.</summary>
    /// <exception cref="ReleaseException">The version is invalid for an assembly.</exception>
    public static IReadOnlyList<SourceFile> Create(AppIdentity identity) =>
    [
        new("FirmwareIdentity.cs", Header(identity) + Identity(identity)),
        new("FirmwareBoard.cs", Header(identity) + Board(identity.Hardware)),
        new("Properties/AssemblyInfo.cs", Header(identity) + AssemblyInfo(ReleaseVersion.ForAssembly(identity.Version))),
    ];

    private static string Header(AppIdentity identity) => $"""
        // Generated; run this again instead of editing it:
        // nano-ota identity {Options(identity)} --trust ...


        """;

    private static string Options(AppIdentity identity) =>
        $"--board {Literal(identity.Board)} --product {Literal(identity.Product)} --version {identity.Version}";

    private static string Identity(AppIdentity identity) => $$"""
        namespace NanoOta
        {
            /// <summary>The identity of this firmware, and the keys that it trusts.</summary>
            public static class FirmwareIdentity
            {
                /// <summary>Product that releases must be for.</summary>
                public static string Product() => {{Literal(identity.Product)}};

                /// <summary>Board that releases must be for: the <c>id</c> in its board.json.</summary>
                public static string Board() => {{Literal(identity.Board)}};

                /// <summary>Version of this firmware, for people.</summary>
                public static string Version() => {{Literal(identity.Version)}};

                /// <summary>Public P-256 keys that may sign releases: base64 of the point x ‖ y, 64 bytes.</summary>
                public static string[] TrustedKeys() => new string[]
                {
        {{Keys(identity)}}        };
            }
        }

        """;

    private static string Keys(AppIdentity identity) => string.Concat(
        identity.TrustedKeys.Select(key => key.Base64).Distinct().Select(key => $"            {Literal(key)},\n"));

    private static string Board(BoardHardware hardware) => $$"""
        namespace NanoOta
        {
            /// <summary>The properties of the board that this firmware was built for, from its board.json.</summary>
            public static class FirmwareBoard
            {
                /// <summary>Chip of the board, as named in its board.json; empty if unknown.</summary>
                public static string Chip() => {{Literal(hardware.Chip)}};

                /// <summary>GPIO number of a LED that the firmware may blink; −1 if there is none.</summary>
                public static int LedPin() => {{Literal(hardware.LedPin)}};

                /// <summary>Channel of nanoFramework's AdcController that measures the supply voltage; −1 if there is none.</summary>
                public static int SupplyChannel() => {{Literal(hardware.SupplyChannel)}};

                /// <summary>Supply in millivolts at which that channel reads its largest value; 0 if there is none.</summary>
                public static int SupplyFullScale() => {{Literal(hardware.SupplyFullScale)}};

                /// <summary>Minimum supply in millivolts to use the network for an update; 0: no limit.</summary>
                public static int SupplyDownload() => {{Literal(hardware.SupplyDownload)}};

                /// <summary>Minimum supply in millivolts to write an update to flash; 0: no limit.</summary>
                public static int SupplyWrite() => {{Literal(hardware.SupplyWrite)}};

                /// <summary>Minimum supply in millivolts to reset into a trial; 0: no limit.</summary>
                public static int SupplyActivate() => {{Literal(hardware.SupplyActivate)}};
            }
        }

        """;

    private static string AssemblyInfo(Version version) => $"""
        using System.Reflection;

        [assembly: AssemblyTitle("{IdentityAssembly.Name}")]
        [assembly: AssemblyProduct("NanoOtaAgent")]
        [assembly: AssemblyVersion("{version}")]
        [assembly: AssemblyFileVersion("{version}")]

        """;

    private static string Literal(int value) => value.ToString(CultureInfo.InvariantCulture);

    // Escapes everything except printable ASCII, so that neither the literal nor the comment can end early.
    private static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\') literal.Append('\\').Append(c);
            else if (c is >= ' ' and <= '~') literal.Append(c);
            else literal.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        }

        return literal.Append('"').ToString();
    }
}
