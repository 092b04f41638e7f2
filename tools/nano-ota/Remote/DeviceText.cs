using System.Globalization;
using System.Text;

namespace NanoOta.Cli.Remote;

/// <summary>Makes texts of strangers fit to be shown: nothing in them moves a cursor, changes a direction or fills a screen.</summary>
internal static class DeviceText
{
    private const int MaxLength = 200;

    /// <summary>The text with control, format and broken characters written as \uXXXX, cut after 200 characters.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder();
        foreach (var rune in text.Length > MaxLength ? text[..MaxLength] : text)
        {
            if (IsPlain(rune)) clean.Append(rune);
            else clean.Append(CultureInfo.InvariantCulture, $"\\u{(int)rune:X4}");
        }

        return text.Length > MaxLength ? clean.Append('…').ToString() : clean.ToString();
    }

    private static bool IsPlain(char c) => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
