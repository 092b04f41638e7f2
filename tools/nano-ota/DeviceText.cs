using System.Globalization;
using System.Text;

namespace NanoOta.Cli;

/// <summary>Makes untrusted texts safe for a console: no cursor movement, no change of direction, limited length.</summary>
internal static class DeviceText
{
    private const int MaxLength = 200;

    /// <summary>The result of <see cref="Visible"/>, truncated after 200 characters.</summary>
    public static string Clean(string text) => text.Length > MaxLength ? Visible(text[..MaxLength]) + "…" : Visible(text);

    /// <summary>The text with control, format and invalid characters as \uXXXX.</summary>
    public static string Visible(string text)
    {
        var visible = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            if (isPair) visible.Append(text[i]).Append(text[++i]);
            else if (IsPlain(text[i])) visible.Append(text[i]);
            else visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:X4}");
        }

        return visible.ToString();
    }

    private static bool IsPlain(char c) => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
