using Microsoft.Win32.SafeHandles;

namespace NanoOta.VirtualDevice;

/// <summary>
/// The NOR flash of a board, in memory or in a file. Erase sets a sector of 4096 bytes to 0xFF, program writes erased words. It is stricter
/// than silicon: an operation that would corrupt data throws <see cref="NorMisuseException"/>. Each operation is in the file when its call
/// returns; a process that is killed loses at most the operation in progress. Power can be cut between and inside operations. Thread-safe.
/// </summary>
public sealed class NorFlash : IDisposable
{
    /// <summary>Erase unit in bytes.</summary>
    public const int SectorSize = FlashLayout.SectorSize;

    private const int WordSize = 4;

    private readonly Lock gate = new();
    private readonly byte[] cells;
    private readonly SafeFileHandle? file;
    private readonly string path;
    private readonly HashSet<int> worn = [];
    private PowerCut? cut;
    private int sinceArmed;
    private volatile bool powered = true;

    /// <summary>An erased flash in memory.</summary>
    /// <param name="size">Bytes, a multiple of <see cref="SectorSize"/>.</param>
    public NorFlash(int size)
        : this(new byte[CheckedSize(size)], null) => cells.AsSpan().Fill(0xFF);

    /// <summary>A flash in memory with a copy of these bytes.</summary>
    public NorFlash(ReadOnlySpan<byte> content)
        : this(content.ToArray(), null) => CheckedSize(content.Length);

    private NorFlash(byte[] cells, SafeFileHandle? file, string path = "")
    {
        this.cells = cells;
        this.file = file;
        this.path = path;
        EraseCounts = new int[cells.Length / SectorSize];
        ProgramCounts = new int[cells.Length / SectorSize];
    }

    /// <summary>Bytes.</summary>
    public int Size => cells.Length;

    /// <summary>Erases of each sector since this object was created.</summary>
    public int[] EraseCounts { get; }

    /// <summary>Program operations in each sector since this object was created.</summary>
    public int[] ProgramCounts { get; }

    /// <summary>Erases of blank sectors: needless wear.</summary>
    public int BlankErases { get; private set; }

    /// <summary>Erases and program operations since this object was created.</summary>
    public int Operations { get; private set; }

    /// <summary>False from a power cut until <see cref="PowerOn"/>.</summary>
    public bool IsPowered => powered;

    /// <summary>Opens the flash in a file; creates an erased one if it does not exist.</summary>
    /// <exception cref="FlashFileException">It is in use, has another size, or cannot be opened.</exception>
    public static NorFlash Open(string path, int size)
    {
        var file = FlashFile.Open(path, CheckedSize(size));
        var cells = new byte[size];
        RandomAccess.Read(file, cells, 0);
        return new NorFlash(cells, file, path);
    }

    /// <summary>Sets a planned power cut; operations count from 1 again. Null removes the plan.</summary>
    public void Arm(PowerCut? plan)
    {
        lock (gate)
        {
            cut = plan;
            sinceArmed = 0;
        }
    }

    /// <summary>Cuts power between two operations. Callable from any thread.</summary>
    public void CutNow()
    {
        lock (gate) powered = false;
    }

    /// <summary>Restores power; a plan that fired does not fire again.</summary>
    public void PowerOn()
    {
        lock (gate) powered = true;
    }

    /// <summary>Wears out the sector at <paramref name="offset"/>: from now on it keeps its content without an error.</summary>
    public void WearOut(int offset)
    {
        lock (gate) worn.Add(offset / SectorSize);
    }

    /// <summary>A copy of all bytes for tests; needs no power and is not counted.</summary>
    public byte[] Snapshot()
    {
        lock (gate) return [.. cells];
    }

    /// <summary>Reads <paramref name="buffer"/>.Length bytes.</summary>
    /// <exception cref="PowerLostException">Power is off.</exception>
    /// <exception cref="NorMisuseException">The range is not in the flash.</exception>
    public void Read(int offset, Span<byte> buffer)
    {
        lock (gate)
        {
            RequireRange(offset, buffer.Length);
            cells.AsSpan(offset, buffer.Length).CopyTo(buffer);
        }
    }

    /// <summary>Sets the sector at <paramref name="offset"/> to 0xFF.</summary>
    /// <exception cref="PowerLostException">Power is off, or fails now.</exception>
    /// <exception cref="NorMisuseException">The offset is not that of a sector.</exception>
    public void EraseSector(int offset)
    {
        lock (gate)
        {
            RequireRange(offset, SectorSize);
            if (offset % SectorSize != 0) throw Misuse($"erase at 0x{offset:X}, which is not a multiple of {SectorSize}");
            var sector = Cells(offset, SectorSize);
            var operation = new FlashOperation(++sinceArmed, FlashOperationKind.Erase, offset, SectorSize);
            var moment = Begin(operation);
            EraseCounts[offset / SectorSize]++;
            if (!cells.AsSpan(offset, SectorSize).ContainsAnyExcept((byte)0xFF)) BlankErases++;
            if (moment == CutMoment.Torn) cut!.TearErase(operation, sector);
            else sector.Fill(0xFF);
            End(operation, moment);
        }
    }

    /// <summary>Programs erased words within one sector; offset and length are multiples of 4.</summary>
    /// <exception cref="PowerLostException">Power is off, or fails now.</exception>
    /// <exception cref="NorMisuseException">Misaligned, empty, over the end of a sector, or a word is not erased.</exception>
    public void Program(int offset, ReadOnlySpan<byte> data)
    {
        lock (gate)
        {
            RequireRange(offset, data.Length);
            RequireProgrammable(offset, data.Length);
            var target = Cells(offset, data.Length);
            if (target.ContainsAnyExcept((byte)0xFF))
                throw Misuse($"program of {data.Length} bytes at 0x{offset:X}, where not every word is erased");
            var operation = new FlashOperation(++sinceArmed, FlashOperationKind.Program, offset, data.Length);
            var moment = Begin(operation);
            ProgramCounts[offset / SectorSize]++;
            if (moment == CutMoment.Torn) cut!.TearProgram(operation, target, data);
            else data.CopyTo(target);
            End(operation, moment);
        }
    }

    /// <summary>Closes the file, if there is one.</summary>
    public void Dispose() => file?.Dispose();

    private CutMoment Begin(FlashOperation operation)
    {
        var moment = cut?.Check(operation) ?? CutMoment.None;
        if (moment == CutMoment.Before) LosePower();
        Operations++;
        return moment;
    }

    private void End(FlashOperation operation, CutMoment moment)
    {
        if (file != null) FlashFile.Write(file, path, operation.Offset, cells.AsSpan(operation.Offset, operation.Length));
        if (moment != CutMoment.None) LosePower();
    }

    private void LosePower()
    {
        powered = false;
        throw new PowerLostException();
    }

    /// <summary>The cells to change; for a worn sector a blank copy that is discarded.</summary>
    private Span<byte> Cells(int offset, int length) => worn.Contains(offset / SectorSize)
        ? Enumerable.Repeat((byte)0xFF, length).ToArray()
        : cells.AsSpan(offset, length);

    private void RequireRange(int offset, int length)
    {
        if (!powered) throw new PowerLostException();
        if (offset < 0 || offset > cells.Length - length)
            throw Misuse($"{length} bytes at {offset}, outside a flash of {cells.Length} bytes");
    }

    private static void RequireProgrammable(int offset, int length)
    {
        if (offset % WordSize != 0 || length % WordSize != 0 || length == 0)
            throw Misuse($"program of {length} bytes at 0x{offset:X}; both must be multiples of {WordSize}");
        if (offset / SectorSize != (offset + length - 1) / SectorSize)
            throw Misuse($"program of {length} bytes at 0x{offset:X}, over the end of a sector");
    }

    private static NorMisuseException Misuse(string what) => new($"misuse of the flash: {what}");

    private static int CheckedSize(int size) => size > 0 && size % SectorSize == 0
        ? size
        : throw new ArgumentException($"a flash of {size} bytes; expected a multiple of {SectorSize}", nameof(size));
}
