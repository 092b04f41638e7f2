using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace NanoOta.Cli;

/// <summary>The form of numbers on the command line: digits, for a time with a decimal point. .NET would also accept 1,5 (as 15), 1e3 and
/// NaN.</summary>
internal static partial class Numbers
{
    /// <summary>The error of the first invalid number, or null.</summary>
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

    // The command checks the range, and with it the sign.
    [GeneratedRegex(@"^-?[0-9]{1,18}\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^-?[0-9]{1,9}(\.[0-9]{1,9})?\z")]
    private static partial Regex Decimal();
}
