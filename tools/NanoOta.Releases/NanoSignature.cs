namespace NanoOta.Releases;

/// <summary>Reads a signature of a nanoFramework 1.x assembly. After its end it reads zeros.</summary>
internal sealed class NanoSignature(byte[] bytes)
{
    /// <summary>Data types of nanoCLR that a token of the type follows.</summary>
    public const int Class = 17, ValueType = 18;

    private const int Array = 19, Reference = 20;

    private int at;

    public int Byte() => at < bytes.Length ? bytes[at++] : 0;

    /// <summary>A number of one, two or four bytes; its first bits encode the length.</summary>
    public int Compressed()
    {
        int first = Byte();
        if ((first & 0x80) == 0) return first;
        if ((first & 0x40) == 0) return ((first & 0x3F) << 8) | Byte();
        return ((first & 0x1F) << 24) | (Byte() << 16) | (Byte() << 8) | Byte();
    }

    /// <summary>A data type and its modifiers: <c>&amp;</c> for a reference to it, <c>[</c> for each array around it.</summary>
    public bool Element(out string modifiers, out int type)
    {
        modifiers = "";
        while (true)
        {
            type = Byte();
            if (type == Array) modifiers += '[';
            else if (type != Reference) return true;
            else if (modifiers.Contains('&')) return false;
            else modifiers = '&' + modifiers;
        }
    }
}
