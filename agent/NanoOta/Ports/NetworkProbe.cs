namespace NanoOta
{
    /// <summary>Answers whether the network, or something that it needs, is there now. Asked from several threads; must answer at once,
    /// without asking the network.</summary>
    public delegate bool NetworkProbe();
}
