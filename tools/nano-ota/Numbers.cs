using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace NanoOta.Cli;

/// <summary>
/// How numbers are given: digits, for a time with a point. The runtime would also take 1,5 (for 15), 1e3 and NaN.
/// </summary>
internal static partial class Numbers
{
    /// <summary>What is wrong with the first number that is none, or null.</summary>
    public static string? Wrong(ParseResult result)
    {
        foreach (var option in result.CommandResult.Children.OfType<OptionResult>())
        {
            var type = Nullable.GetUnderlyingType(option.Option.ValueType) ?? option.Option.ValueType;
            if (type != typeof(int) && type != typeof(long) && type != typeof(double)) continue;
            var form = type == typeof(double) ? Decimal() : Whole();
            foreach (var token in option.Tokens.Where(token => !form.IsMatch(token.Value)))
                return $"{option.Option.Name} '{token.Value}' is not a number; give "
                    + (type == typeof(double) ? "seconds, such as 90 or 1.5" : "digits only");
        }

        return null;
    }

    // A sign is left to what knows the range.
    [GeneratedRegex(@"^-?[0-9]{1,18}\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^-?[0-9]{1,9}(\.[0-9]{1,9})?\z")]
    private static partial Regex Decimal();
}
