using System.CommandLine;
using NanoOta.Releases;

namespace NanoOta.Cli;

/// <summary>Options of several commands. Each call creates a new option: an option belongs to one command.</summary>
internal static class CommonOptions
{
    /// <summary>An option with a value, which its help calls <paramref name="help"/>.</summary>
    public static Option<T> Of<T>(string name, string help, string description, bool required = false) =>
        new(name) { Description = description, HelpName = help, Required = required };

    /// <summary>The same with a value that holds where none is given.</summary>
    public static Option<T> WithDefault<T>(string name, string help, T value, string description) =>
        new(name) { Description = description, HelpName = help, DefaultValueFactory = _ => value };

    public static Option<string> Board(bool required = true) => new("--board")
    {
        Description = "Name of a board, or path of its folder or board.json",
        HelpName = "BOARD",
        Required = required,
    };

    public static Option<string[]> Trust(string description, bool required) => new("--trust")
    {
        Description = description,
        HelpName = "PEM",
        Required = required,
        Arity = ArgumentArity.OneOrMore,
    };

    public static Option<string> Version() => new("--version")
    {
        Description = "Version of the release, Semantic Versioning 2.0.0, such as 1.2.3",
        HelpName = "VERSION",
        Required = true,
    };

    public static Option<string> Product() => new("--product")
    {
        Description = "Product of the firmware",
        HelpName = "NAME",
        DefaultValueFactory = _ => "default",
    };

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document and nothing else" };

    /// <summary>A time from an option in seconds; null stays null.</summary>
    /// <exception cref="ReleaseException">It is out of range.</exception>
    public static TimeSpan? Time(string option, double? seconds) => seconds switch
    {
        null => null,
        > 0 and < 1e6 => TimeSpan.FromSeconds(seconds.Value),
        _ => throw new ReleaseException($"{option} {seconds} is not a number of seconds between 0 and 1000000"),
    };

    /// <summary>Reads the PEM file of <c>--ca</c>.</summary>
    /// <exception cref="ReleaseException">It is missing, or has no readable certificate.</exception>
    public static string LoadAuthorities(string path)
    {
        const string Remedy = "give a PEM file with one or more certificates";
        var pem = InputPath.Pem(path, "file for --ca", Remedy);
        try
        {
            _ = new HttpReleaseSource { CaCertificate = pem };
            return pem;
        }
        catch (ArgumentException e)
        {
            throw new ReleaseException($"{path}: {e.Message}; {Remedy}");
        }
    }

    /// <summary>All keys of all files, each once.</summary>
    /// <exception cref="ReleaseException">A file is missing or is not a key.</exception>
    public static PublicKey[] LoadKeys(string[]? files) =>
        [.. (files ?? []).SelectMany(PublicKey.LoadAll).DistinctBy(key => key.Base64)];
}
