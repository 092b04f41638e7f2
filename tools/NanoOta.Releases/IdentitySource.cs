using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NanoOta.Releases;

/// <summary>A source file: path within the project, and text.</summary>
public sealed record SourceFile(string Path, string Text);

/// <summary>The project <c>agent/NanoOta.Identity</c> with the answers of one release, in C# 9: real assemblies cannot be changed when they
/// are packed, so what firmware reports about itself must be compiled. The same identity gives the same text.</summary>
public static partial class IdentitySource
{
    /// <summary>The sources; they take the place of those in the project. The version of the assembly is the same for every release:
    /// NanoOta.Esp32 refers to it, and nanoCLR compares its first two numbers.</summary>
    /// <exception cref="ReleaseException">The version is not SemVer.</exception>
    public static IReadOnlyList<SourceFile> Create(AppIdentity identity)
    {
        ReleaseVersion.Check(identity.Version);
        var answers = Answers(identity, identity.Hardware);
        return [.. new[] { "FirmwareIdentity.cs", "FirmwareBoard.cs", "Properties/AssemblyInfo.cs" }.Select(path => new SourceFile(path,
            Header(identity) + Answer().Replace(Template(Path.GetFileName(path)), method => answers[method.Groups[1].Value])))];
    }

    /// <summary>The project around the sources, for a solution whose folder has NuGet's folder <c>packages</c> in it.</summary>
    public static IReadOnlyList<SourceFile> CreateProject() =>
    [
        new($"{IdentityAssembly.Name}.nfproj", OwnImport().Replace(Template($"{IdentityAssembly.Name}.nfproj"), "")
            .Replace(@"..\..\packages\", @"..\packages\", StringComparison.Ordinal)),
        new("packages.config", Template("packages.config")),
    ];

    private static Dictionary<string, string> Answers(AppIdentity identity, BoardHardware hardware) => new()
    {
        ["Product"] = Literal(identity.Product),
        ["Board"] = Literal(identity.Board),
        ["Version"] = Literal(identity.Version),
        ["TrustedKeys"] = Keys(identity),
        ["Chip"] = Literal(hardware.Chip),
        ["LedPin"] = Literal(hardware.LedPin),
        ["SupplyChannel"] = Literal(hardware.SupplyChannel),
        ["SupplyFullScale"] = Literal(hardware.SupplyFullScale),
        ["SupplyDownload"] = Literal(hardware.SupplyDownload),
        ["SupplyWrite"] = Literal(hardware.SupplyWrite),
        ["SupplyActivate"] = Literal(hardware.SupplyActivate),
    };

    private static string Template(string name)
    {
        using var reader = new StreamReader(typeof(IdentitySource).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    // The body of a method.
    [GeneratedRegex(@"(?<= (\w+)\(\) => )[^;]+")]
    private static partial Regex Answer();

    // Only this repository has that file.
    [GeneratedRegex(@"  <Import Project=""[^""]*WithoutNanoFramework\.targets"".*\n")]
    private static partial Regex OwnImport();

    private static string Header(AppIdentity identity) => $"""
        // Generated; run this again instead of editing it:
        // nano-ota identity {Options(identity)} --trust ...


        """;

    private static string Options(AppIdentity identity) =>
        $"--board {Literal(identity.Board)} --product {Literal(identity.Product)} --version {identity.Version}";

    private static string Keys(AppIdentity identity) => "new string[]\n        {\n" + string.Concat(
        identity.TrustedKeys.Select(key => key.Base64).Distinct().Select(key => $"            {Literal(key)},\n")) + "        }";

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
