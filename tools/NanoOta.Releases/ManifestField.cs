using System.Formats.Cbor;

namespace NanoOta.Releases;

/// <summary>An optional field of a manifest (SPEC.md, section 2): its key, and how the host reads and writes it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Get">Its value in a manifest: a number, a text, bytes or a list that is not empty; null = the field is absent.</param>
/// <param name="Read">Reads a value of its type.</param>
/// <param name="Set">Puts a value that was read into a manifest.</param>
internal sealed record ManifestField(int Key, Func<ReleaseManifest, object?> Get, Func<CborReader, object> Read,
    Func<ReleaseManifest, object, ReleaseManifest> Set);
