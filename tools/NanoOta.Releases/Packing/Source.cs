namespace NanoOta.Releases.Packing;

/// <summary>Where a run copies from. The displacement of the base stays known while own output is the source.</summary>
/// <param name="Displacement">Address in the base minus address of the output.</param>
/// <param name="Distance">How far back in the stream own output lies; 0: the base is the source.</param>
internal readonly record struct Source(int Displacement, int Distance)
{
    /// <summary>Whether the base is the source.</summary>
    public bool IsBase => Distance == 0;

    /// <summary>Whether it copies the same bytes.</summary>
    public bool IsSame(in Source other) => Distance == other.Distance && (Distance > 0 || Displacement == other.Displacement);

    /// <summary>The byte that it has for a position of the stream.</summary>
    public byte At(PackedStream stream, int position) =>
        Distance > 0 ? stream.Bytes[position - Distance] : stream.Base[stream.Address(position) + Displacement];

    /// <summary>Whether it has one.</summary>
    public bool Reaches(PackedStream stream, int position) =>
        Distance > 0 ? position >= Distance : (uint)(stream.Address(position) + Displacement) < (uint)stream.Base.Length;
}
