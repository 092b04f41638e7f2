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

/// <summary>The moment of a power cut, relative to an operation.</summary>
public enum CutMoment
{
    /// <summary>No cut.</summary>
    None,
    /// <summary>Before the operation changes anything.</summary>
    Before,
    /// <summary>Inside the operation: some bits are changed, others are not.</summary>
    Torn,
    /// <summary>After the operation, before its call returns.</summary>
    After,
}

/// <summary>A plan for one power cut, checked before each operation. It fires once.</summary>
/// <param name="plan">Returns the moment of the cut for an operation.</param>
/// <param name="seed">With the operation it determines the result of a torn operation.</param>
/// <param name="bytes">Of a torn operation exactly this many first bytes happen; null: what the seed determines.</param>
public sealed class PowerCut(Func<FlashOperation, CutMoment> plan, int seed = 0, int? bytes = null)
{
    /// <summary>The operation of the cut; null until then. A test must check that it fired.</summary>
    public FlashOperation? Fired { get; private set; }

    /// <summary>Cuts at the operation with one number, counted from 1.</summary>
    public static PowerCut At(int number, CutMoment moment, int seed = 0) =>
        new(operation => operation.Number == number ? moment : CutMoment.None, seed);

    internal CutMoment Check(FlashOperation operation)
    {
        if (Fired != null) return CutMoment.None;
        var moment = plan(operation);
        if (moment != CutMoment.None) Fired = operation;
        return moment;
    }

    internal void TearErase(FlashOperation operation, Span<byte> cells)
    {
        if (bytes is { } done) cells[..done].Fill(0xFF);
        else Tear.Erase(Source(operation), cells);
    }

    internal void TearProgram(FlashOperation operation, Span<byte> cells, ReadOnlySpan<byte> data)
    {
        if (bytes is { } done) data[..done].CopyTo(cells);
        else Tear.Program(Source(operation), cells, data);
    }

    private Random Source(FlashOperation operation) => new(unchecked(seed * 1_000_003 + operation.Number));
}
