using NanoOta.Native;
using NanoOta.Tests.VirtualDevice;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Native;

/// <summary>
/// A boot and some calls, as a line of nine fields, or of twelve on a board with runtime slots, and the result of the C# implementation: the
/// other half of tests/native/boot_oracle.c, where the lines are explained.
/// </summary>
internal sealed record BootCase(
    string CopyA, string CopyB, string Slot0, string Slot1, int Reset, int ClrSlot, int Worn, string Calls,
    string Memory, RuntimeCase? Runtime = null)
{
    private const int Shown = 64;
    private const int ArrayLength = 64;
    private const int TrialMs = 420_000;

    private static readonly byte[] Plausible = Header();

    public static BootCase Parse(string line)
    {
        var fields = line.Split(' ');
        return new BootCase(fields[0], fields[1], fields[2], fields[3], int.Parse(fields[4]), int.Parse(fields[5]),
            int.Parse(fields[6]), fields[7], fields[8],
            fields.Length > 9 ? new RuntimeCase(fields[9], fields[10], int.Parse(fields[11])) : null);
    }

    public override string ToString() => $"{CopyA} {CopyB} {Slot0} {Slot1} {Reset} {ClrSlot} {Worn} {Calls} {Memory}{Runtime}";

    /// <summary>The result line of the C# implementation.</summary>
    public string Answer()
    {
        var flash = SetUp();
        var memory = new RetainedMemory();
        if (Memory != "-") Convert.FromHexString(Memory).CopyTo(memory.Content);
        var runtime = Runtime == null ? null : new RuntimeSlots(flash, RuntimeCase.Table, ClrSlot);
        var boot = runtime == null ? BootSelector.Boot(flash, TestFlash.Map, memory, (ResetReason)Reset, (byte)ClrSlot)
            : BootSelector.Boot(flash, TestFlash.Map, memory, (ResetReason)Reset, runtime);
        var booted = Convert.ToHexString(memory.Content);
        var answer = $"{boot.Slot ?? (boot.MustRestart ? 254 : 255)} {(int)boot.Action} {(boot.Saved ? 1 : 0)}";
        if (boot.Slot != null) answer += Perform(new NativePort(flash, TestFlash.Map, boot, runtime: runtime));
        answer += Copy(flash, CopyOffset(0)) + Copy(flash, CopyOffset(1));
        if (Runtime != null) answer += Copy(flash, RuntimeCase.Offset) + Copy(flash, RuntimeCase.Offset + NorFlash.SectorSize);
        return $"{answer} {booted} {Convert.ToHexString(memory.Content)}";
    }

    private static int CopyOffset(int copy) => TestFlash.Map.Records + copy * NorFlash.SectorSize;

    private NorFlash SetUp()
    {
        var content = new byte[Runtime == null ? TestFlash.Size : RuntimeCase.FlashSize];
        content.AsSpan().Fill(0xFF);
        Put(content, CopyOffset(0), CopyA);
        Put(content, CopyOffset(1), CopyB);
        Put(content, TestFlash.Map.Slot0, Slot0);
        Put(content, TestFlash.Map.Slot1, Slot1);
        if (Runtime != null)
        {
            Put(content, RuntimeCase.Offset, Runtime.Record0);
            Put(content, RuntimeCase.Offset + NorFlash.SectorSize, Runtime.Record1);
            Runtime.PutImages(content);
        }

        var flash = new NorFlash(content);
        for (int copy = 0; copy < 2; copy++)
            if ((Worn & 1 << copy) != 0)
                flash.WearOut(CopyOffset(copy));
        return flash;
    }

    /// <summary>The same bytes as sim_header in C: a whole assembly whose body is erased.</summary>
    private static byte[] Header()
    {
        var header = new byte[AssemblyHeader.Length];
        "NFMRK1"u8.CopyTo(header);
        header[38] = 1;
        Bytes.PutU32(header, AssemblyHeader.TotalSizeOffset, 128);
        Bytes.PutU32(header, AssemblyHeader.AssemblyCrcOffset, Checksum.AssemblyCrc(0, [0xFF, 0xFF, 0xFF, 0xFF], 0, 4));
        Bytes.PutU32(header, AssemblyHeader.HeaderCrcOffset, AssemblyHeader.ComputeHeaderCrc(header));
        return header;
    }

    private static void Put(byte[] content, int offset, string text)
    {
        if (text == "+") Plausible.CopyTo(content, offset);
        if (text[0] == 'n') SlotText.Put(content.AsSpan(offset, TestFlash.Map.SlotSize), text);
        if (text[0] is '+' or '-' or 'n') return;
        Convert.FromHexString(text.TrimEnd('@')).CopyTo(content, offset);
        if (text.EndsWith('@')) content[offset + NorFlash.SectorSize - 1] = 0;
    }

    private string Perform(NativePort port)
    {
        var before = Values(port);
        var results = Calls == "-" ? [] : Calls.Split(',').Select(call => Perform(port, call) + ",");
        return $" {before} {string.Concat(results)}. {Values(port)}";
    }

    private static string Perform(NativePort port, string call)
    {
        int[] numbers = [.. call[1..].Split(':').Where(n => n != "").Select(int.Parse), 0, 0, 0, 0];
        var array = new byte[ArrayLength];
        if (call[0] == 'w')
            for (int i = 0; i < array.Length; i++) array[i] = (byte)(i + 1);
        int result = call[0] switch
        {
            'a' => port.Activate(),
            'c' => port.Confirm(),
            'r' => port.Reject(numbers[0]),
            'e' => port.Erase(numbers[0], numbers[1]),
            'w' => port.Write(numbers[0], numbers[1], array, numbers[2], numbers[3]),
            's' => port.Boot.Sleep(numbers[0], numbers[1], (uint)numbers[2], TrialMs), // what follows finds the firmware still running
            'f' => port.ForgetCrashes(),
            'l' => port.Boot.ReleaseRuntime(),
            'p' => port.Boot.ActivateRuntime(withApp: true),
            'o' => port.Boot.ActivateRuntime(withApp: false),
            'u' => port.Guard(numbers[0]),
            _ => port.Read(numbers[0], numbers[1], array, numbers[2], numbers[3]),
        };
        return call[0] switch
        {
            'g' => $"{result}={Convert.ToHexString(array)}",
            's' => $"{result}={port.Boot.SleepLimit(numbers[0], (uint)numbers[2], TrialMs)}",
            _ => $"{result}",
        };
    }

    private static string Values(NativePort port) => string.Join(',',
        Enumerable.Range(NativeModule.ValueRunningSlot, NativeModule.ValueCrashLimit + 1).Select(port.GetValue));

    private static string Copy(NorFlash flash, int offset)
    {
        var bytes = new byte[NorFlash.SectorSize];
        flash.Read(offset, bytes);
        int length = bytes.AsSpan().LastIndexOfAnyExcept((byte)0xFF) + 1;
        int sector = offset / NorFlash.SectorSize;
        var shown = Convert.ToHexString(bytes, 0, Math.Min(length, Shown));
        return $" {length}:{shown} {flash.EraseCounts[sector]} {flash.ProgramCounts[sector]}";
    }
}

/// <summary>The runtime slots of a case: both sectors of otadata, and the slots that the bootloader would start (1 = ota_0, 2 =
/// ota_1).</summary>
internal sealed record RuntimeCase(string Record0, string Record1, int Bootable)
{
    /// <summary>Offset of otadata, behind the records.</summary>
    public const int Offset = 0x4000 + FlashLayout.MinimumSizeWithRuntimes;

    public const int FlashSize = Offset + 4 * NorFlash.SectorSize;

    public static EspTable Table { get; } = new()
    {
        OtaData = Offset,
        Slots = [new EspPartition("ota_0", Offset + 0x2000, 0x1000), new EspPartition("ota_1", Offset + 0x3000, 0x1000)],
        Revision = EspImageBuilder.ChipRevision,
    };

    /// <summary>What a slot that boots holds.</summary>
    public static byte[] Image { get; } = EspImageBuilder.Build("valid");

    public override string ToString() => $" {Record0} {Record1} {Bootable}";

    public void PutImages(byte[] content)
    {
        for (int slot = 0; slot < 2; slot++)
            if ((Bootable >> slot & 1) != 0) Image.CopyTo(content, Table.Slots[slot].Offset);
    }
}
