using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>Records with a wrong byte and a valid checksum: each start completes.</summary>
[TestClass]
public sealed class InvalidRecordTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 1);
    private static readonly SimRelease Bad = SimRelease.Make("1.1.0", 2, 1, Behaviour.Unhealthy);

    [TestMethod]
    public void A_device_starts_with_any_byte_of_the_journal_changed() => Damage(FlashLayout.Journal, 512, isTwice: true);

    [TestMethod]
    public void A_device_starts_with_any_byte_of_the_boot_record_changed() => Damage(FlashLayout.BootRecord, 32, isTwice: true);

    [TestMethod]
    public void A_device_starts_with_any_byte_of_the_descriptor_changed() =>
        Damage(SimDevice.Map.Index(0) - SimDevice.Map.Records, 128, isTwice: false);

    [TestMethod]
    public void A_device_starts_with_any_byte_of_the_history_changed() => Damage(FlashLayout.History, 108, isTwice: false);

    // Each byte 0x00, 0xFF, and with each of its bits wrong; the last four bytes are the CRC. Of two copies only the newer is left.
    private static void Damage(int record, int length, bool isTwice)
    {
        int start = SimDevice.Map.Records + record;
        var good = Used();
        if (isTwice)
        {
            if (Bytes.GetU32(good, start + 4096 + 8) > Bytes.GetU32(good, start + 8) && good[start + 4096] != 0xFF)
                good.AsSpan(start + 4096, length).CopyTo(good.AsSpan(start));
            good.AsSpan(start + 4096, 4096).Fill(0xFF);
        }

        Assert.AreEqual(Bytes.GetU32(good, start + length - 4), Checksum.Crc32(good, start, length - 4), "a record lies there");
        for (int at = 0; at < length - 4; at++)
            for (int change = 0; change < 10; change++)
            {
                var bytes = good.AsSpan(start, length).ToArray();
                bytes[at] = change == 8 ? (byte)0 : change == 9 ? (byte)0xFF : (byte)(bytes[at] ^ (1 << change));
                Bytes.PutU32(bytes, length - 4, Checksum.Crc32(bytes, 0, length - 4));
                var flash = (byte[])good.Clone();
                bytes.CopyTo(flash, start);
                Start(new NorFlash(flash.AsSpan()), $"byte {at} of {length}, change {change}");
            }
    }

    private static byte[] Used()
    {
        var device = new SimDevice(First);
        device.Publish(Bad);
        device.Break = ports => _ = new History(ports);
        Assert.IsTrue(device.RunUntil(() => device.LastRefusal == UpdateError.Quarantined));
        return device.Flash.Snapshot();
    }

    private static void Start(NorFlash flash, string where)
    {
        History? history = null;
        var device = new SimDevice(First, flash) { Break = ports => history = new History(ports) };
        device.Know(Bad);
        try
        {
            Assert.IsTrue(device.RunUntil(() => device.Agent?.Phase is Phase.Idle or Phase.Trial or Phase.Reboot, 400), where);
            _ = device.Agent!.Journal.FindQuarantined(new byte[32]);
            var read = new HistoryRecord();
            for (int i = 0; i < history!.Count; i++) history.Read(i, read);
        }
        catch (Exception e) when (e is not AssertFailedException)
        {
            Assert.Fail($"{where}: {e}");
        }
    }
}
