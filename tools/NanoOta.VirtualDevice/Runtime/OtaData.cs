namespace NanoOta.VirtualDevice;

/// <summary>ESP-IDF's otadata partition: two sectors with a record each. A change erases a sector and writes it; a power cut between loses
/// the record.</summary>
public sealed class OtaData(NorFlash flash, int offset)
{
    /// <summary>Number of records.</summary>
    public const int Count = 2;

    /// <summary>Both records as they lie in flash.</summary>
    public OtaRecord[] Read() => [Read(0), Read(1)];

    public void Erase(int number) => flash.EraseSector(offset + number * NorFlash.SectorSize);

    public void Write(int number, OtaRecord record)
    {
        Erase(number);
        flash.Program(offset + number * NorFlash.SectorSize, record.Encode());
    }

    /// <summary>The record that decides; null = none.</summary>
    public static int? Active(OtaRecord[] records) => Active(records, record => record.IsValid);

    /// <summary>The record that decides of those that pass: the one with the larger sequence, the first one of equals.</summary>
    public static int? Active(OtaRecord[] records, Func<OtaRecord, bool> passes) => (passes(records[0]), passes(records[1])) switch
    {
        (true, true) => records[0].Sequence >= records[1].Sequence ? 0 : 1,
        (true, false) => 0,
        (false, true) => 1,
        _ => null,
    };

    private OtaRecord Read(int number)
    {
        var bytes = new byte[OtaRecord.Length];
        flash.Read(offset + number * NorFlash.SectorSize, bytes);
        return OtaRecord.Decode(bytes);
    }
}
