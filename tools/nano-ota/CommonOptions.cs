using System.CommandLine;
using NanoOta.Releases;

namespace NanoOta.Cli;

/// <summary>Options that several commands have. Each call makes a new one: an option belongs to one command.</summary>
internal static class CommonOptions
{
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
        Description = "Product that the firmware is for",
        HelpName = "NAME",
        DefaultValueFactory = _ => "default",
    };

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document and nothing else" };

    /// <summary>A time in seconds as it was given; null stays null.</summary>
    /// <exception cref="ReleaseException">It is out of range.</exception>
    public static TimeSpan? Time(string option, double? seconds) => seconds switch
    {
        null => null,
        > 0 and < 1e6 => TimeSpan.FromSeconds(seconds.Value),
        _ => throw new ReleaseException($"{option} {seconds} is not a number of seconds between 0 and 1000000"),
    };

    /// <summary>All keys of all files, each once.</summary>
    /// <exception cref="ReleaseException">A file is missing or holds another thing.</exception>
    public static PublicKey[] LoadKeys(string[]? files) =>
        [.. (files ?? []).SelectMany(PublicKey.LoadAll).DistinctBy(key => key.Base64)];
}
