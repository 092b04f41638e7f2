namespace NanoOta.VirtualDevice;

/// <summary>The flash of a vector. It records the operations on otadata, and cuts power in them.</summary>
internal sealed class VectorFlash
{
    /// <summary>Where the vectors have otadata.</summary>
    public const int OtaData = 0xD000;

    private const int OtaDataEnd = OtaData + 2 * NorFlash.SectorSize;

    private readonly List<string> operations = [];

    public VectorFlash(OtaVector vector)
    {
        int end = vector.Table.Slots.Select(slot => slot.Offset + slot.Size).DefaultIfEmpty(0x40000).Max();
        Flash = new NorFlash(end);
        for (int i = 0; i < vector.Records.Count; i++) Flash.Program(OtaData + i * NorFlash.SectorSize, vector.Records[i]);
        foreach (var (partition, image) in vector.Images) Put(Flash, partition, EspImageBuilder.Build(image.Kind, image.SecureVersion));
    }

    public NorFlash Flash { get; }

    /// <summary>Sectors erased outside otadata since <see cref="Begin"/>.</summary>
    public int AppErases { get; private set; }

    /// <summary>The operations on otadata since <see cref="Begin"/>.</summary>
    public string Operations => string.Join(", ", operations);

    /// <summary>The two records in hexadecimal.</summary>
    public string Records => string.Join(' ', Enumerable.Range(0, 2).Select(Record));

    /// <summary>Switches power on, and prepares for a step.</summary>
    public void Begin(VectorCut? cut)
    {
        Flash.PowerOn();
        operations.Clear();
        AppErases = 0;
        Flash.Arm(new PowerCut(operation => Note(operation, cut), bytes: cut?.Bytes));
    }

    /// <summary>Programs an image into an erased partition.</summary>
    public static void Put(NorFlash flash, EspPartition partition, byte[] image)
    {
        for (int done = 0; done < image.Length; done += NorFlash.SectorSize)
            flash.Program(partition.Offset + done, image.AsSpan(done, Math.Min(NorFlash.SectorSize, image.Length - done)));
    }

    private CutMoment Note(FlashOperation operation, VectorCut? cut)
    {
        bool isErase = operation.Kind == FlashOperationKind.Erase;
        if (operation.Offset is < OtaData or >= OtaDataEnd)
        {
            if (isErase) AppErases++;
            return CutMoment.None;
        }

        bool isCut = cut?.Operation == operations.Count + 1;
        operations.Add(VectorOutcome.FormatOperation(isErase ? "erase" : "write",
            (operation.Offset - OtaData) / NorFlash.SectorSize, operation.Length, isCut ? cut!.Bytes : operation.Length));
        return isCut ? CutMoment.Torn : CutMoment.None;
    }

    private string Record(int number)
    {
        var bytes = new byte[OtaRecord.Length];
        Flash.PowerOn();
        Flash.Read(OtaData + number * NorFlash.SectorSize, bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
