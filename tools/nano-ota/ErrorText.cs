using NanoOta.Releases;

namespace NanoOta.Cli;

/// <summary>Texts for error numbers.</summary>
internal static class ErrorText
{
    /// <summary>Number and text; only the number if this tool has no text for it.</summary>
    public static string Of(long code) => Known(code) is { } error ? $"{code} {UpdateErrors.Text(error)}" : $"error {code}";

    /// <summary>What to do about an error.</summary>
    public static string Remedy(long code) => Known(code) is { } error ? Remedies.Of(error) : "use a nano-ota of the agent's version";

    /// <summary>The error; null if this tool does not have the number.</summary>
    public static UpdateError? Known(long code) =>
        code is >= 0 and <= int.MaxValue && Enum.IsDefined((UpdateError)(int)code) ? (UpdateError)(int)code : null;
}
