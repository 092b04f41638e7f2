namespace NanoOta.VirtualDevice;

/// <summary>The two operations that change flash.</summary>
public enum FlashOperationKind
{
    /// <summary>One sector goes to 0xFF.</summary>
    Erase,
    /// <summary>Words go from 0xFFFFFFFF to their values.</summary>
    Program,
}

/// <summary>One change of the flash.</summary>
/// <param name="Number">1 for the first operation after the cut was armed.</param>
/// <param name="Kind">Erase or program.</param>
/// <param name="Offset">First byte, from the start of the flash.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct FlashOperation(int Number, FlashOperationKind Kind, int Offset, int Length);

/// <summary>When power fails, seen from one operation.</summary>
public enum CutMoment
{
    /// <summary>It does not.</summary>
    None,
    /// <summary>Before the operation changed anything.</summary>
    Before,
    /// <summary>In its middle: some bits are done, others are not.</summary>
    Torn,
    /// <summary>When it was done, before the caller learns of it.</summary>
    After,
}

/// <summary>
/// A plan for one power failure: asked before each operation when power fails. It fires once; arm another for the next.
/// </summary>
/// <param name="plan">Says for an operation when power fails.</param>
/// <param name="seed">What a torn operation leaves behind follows from it and the operation alone.</param>
public sealed class PowerCut(Func<FlashOperation, CutMoment> plan, int seed = 0)
{
    /// <summary>The operation at which power failed; null until then. A sweep that never sees one has proved nothing.</summary>
    public FlashOperation? Fired { get; private set; }

    /// <summary>Cuts at the operation with one number, counted from 1.</summary>
    public static PowerCut At(int number, CutMoment moment, int seed = 0) =>
        new(operation => operation.Number == number ? moment : CutMoment.None, seed);

    internal CutMoment Ask(FlashOperation operation)
    {
        if (Fired != null) return CutMoment.None;
        var moment = plan(operation);
        if (moment != CutMoment.None) Fired = operation;
        return moment;
    }

    internal Random Tear(FlashOperation operation) => new(unchecked(seed * 1_000_003 + operation.Number));
}
