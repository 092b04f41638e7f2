namespace NanoOta.Releases.Packing;

/// <summary>Flash in memory for a decoder on the host: base, output and table; reads outside are refused.</summary>
internal sealed class MemoryFlash(byte[] source, byte[] output, byte[] table) : IFlash
{
    public int GetSize(FlashArea area) => Bytes(area).Length;

    public bool Read(FlashArea area, int offset, byte[] buffer, int start, int count)
    {
        byte[] bytes = Bytes(area);
        if (offset < 0 || count < 0 || offset > bytes.Length - count) return false;
        Array.Copy(bytes, offset, buffer, start, count);
        return true;
    }

    public bool Erase(FlashArea area, int offset) => false;

    public bool Write(FlashArea area, int offset, byte[] buffer, int start, int count) => false;

    private byte[] Bytes(FlashArea area) => area switch
    {
        FlashArea.RunningSlot => source,
        FlashArea.InactiveSlot => output,
        FlashArea.InactiveIndex => table,
        _ => [],
    };
}
