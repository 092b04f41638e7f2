using System.Formats.Cbor;

namespace NanoOta.Releases;

/// <summary>An optional field of a manifest (SPEC.md, section 2), in a record that has it as a property.</summary>
/// <param name="Key">Its key in the payload.</param>
/// <param name="IsGiven">Whether the record has a value, which is then written.</param>
/// <param name="Write">Writes the value.</param>
/// <param name="Read">Reads the value that comes next into a copy of the record.</param>
internal sealed record OptionalField<T>(int Key, Func<T, bool> IsGiven, Action<CborWriter, T> Write, Func<CborReader, T, T> Read)
{
    public static OptionalField<T> Long(int key, Func<T, long?> get, Func<T, long, T> set) =>
        new(key, item => get(item) != null, (cbor, item) => cbor.WriteInt64(get(item)!.Value), (cbor, item) => set(item, cbor.ReadInt64()));

    public static OptionalField<T> Int(int key, Func<T, int?> get, Func<T, int, T> set) =>
        new(key, item => get(item) != null, (cbor, item) => cbor.WriteInt32(get(item)!.Value), (cbor, item) => set(item, cbor.ReadInt32()));

    public static OptionalField<T> Text(int key, Func<T, string?> get, Func<T, string, T> set) =>
        new(key, item => get(item) != null, (cbor, item) => cbor.WriteTextString(get(item)!), (cbor, item) => set(item, cbor.ReadTextString()));

    /// <summary>A list, which is left out when it is empty.</summary>
    public static OptionalField<T> List<TItem>(
        int key, Func<T, IReadOnlyList<TItem>> get, Func<T, List<TItem>, T> set, Action<CborWriter, TItem> write, Func<CborReader, TItem> read) =>
        new(key, item => get(item).Count > 0, (cbor, item) => WriteArray(cbor, get(item), write), (cbor, item) => set(item, ReadArray(cbor, read)));

    private static void WriteArray<TItem>(CborWriter cbor, IReadOnlyList<TItem> items, Action<CborWriter, TItem> write)
    {
        cbor.WriteStartArray(items.Count);
        foreach (var item in items) write(cbor, item);
        cbor.WriteEndArray();
    }

    private static List<TItem> ReadArray<TItem>(CborReader cbor, Func<CborReader, TItem> read)
    {
        var items = SignedManifest.ReadArray(cbor, read);
        return items.Count > 0 ? items : throw new ReleaseException("manifest: an empty list");
    }
}
