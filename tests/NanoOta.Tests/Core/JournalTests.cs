using System.Security.Cryptography;
using NanoOta.Releases;

namespace NanoOta.Tests.Core;

[TestClass]
public sealed class JournalTests
{
    private readonly JournalFlash flash = new();
    private readonly byte[] scratch = new byte[FlashLayout.SectorSize];

    private Journal Load()
    {
        var ports = new UpdatePorts { Flash = flash, Crypto = flash };
        var journal = new Journal(flash, new SectorWriter(ports, scratch));
        journal.Load(scratch);
        return journal;
    }

    private static byte[] Digest(int number) => SHA256.HashData([(byte)number]);

    [TestMethod]
    public void The_last_eight_failed_releases_are_remembered_with_their_reasons()
    {
        var journal = Load();
        for (int i = 1; i <= 9; i++)
        {
            journal.Quarantine(Digest(i), UpdateError.TrialPanic + i);
            Assert.IsTrue(journal.Save(scratch));
        }

        journal = Load();
        Assert.AreEqual(UpdateError.None, journal.FindQuarantined(Digest(1)));
        for (int i = 2; i <= 9; i++) Assert.AreEqual(UpdateError.TrialPanic + i, journal.FindQuarantined(Digest(i)), $"{i}");
    }

    [TestMethod]
    public void A_release_that_fails_again_takes_no_second_entry()
    {
        var journal = Load();
        for (int i = 1; i <= 8; i++) journal.Quarantine(Digest(i), UpdateError.TrialPanic);
        for (int i = 0; i < 5; i++) journal.Quarantine(Digest(3), UpdateError.HealthCheckFailed);
        for (int i = 1; i <= 8; i++) Assert.AreNotEqual(UpdateError.None, journal.FindQuarantined(Digest(i)), $"{i}");
    }

    [TestMethod]
    public void A_quarantined_release_is_not_in_hand_any_more()
    {
        var journal = Load();
        journal.TakeInHand(Digest(1));
        journal.CountTrial(Digest(1));
        journal.Quarantine(Digest(1), UpdateError.TrialPanic);
        Assert.IsNull(journal.GetInHand());
        Assert.AreEqual(0, journal.Trials);
    }

    [TestMethod]
    public void A_damaged_copy_leaves_what_was_saved_before()
    {
        for (int damaged = 0; damaged < Journal.Length; damaged += 7)
        {
            flash.Clear();
            var journal = Load();
            journal.Quarantine(Digest(1), UpdateError.TrialPanic);
            Assert.IsTrue(journal.Save(scratch));
            journal.Quarantine(Digest(2), UpdateError.TrialPanic);
            Assert.IsTrue(journal.Save(scratch));
            flash.Bytes[FlashLayout.SectorSize + damaged] ^= 0x10;
            journal = Load();
            Assert.AreEqual(UpdateError.TrialPanic, journal.FindQuarantined(Digest(1)), $"byte {damaged}");
            Assert.AreEqual(UpdateError.None, journal.FindQuarantined(Digest(2)), $"byte {damaged}");
        }
    }

    [TestMethod]
    public void What_flash_holds_already_is_not_written_again()
    {
        var journal = Load();
        journal.SetError(UpdateError.WrongBoard, Digest(1));
        Assert.IsTrue(journal.Save(scratch));
        int writes = flash.Writes;
        journal.SetError(UpdateError.WrongProduct, Digest(1));
        journal.SetError(UpdateError.WrongBoard, Digest(1));
        Assert.IsTrue(journal.Save(scratch));
        Load().Save(scratch);
        Assert.AreEqual(writes, flash.Writes);
    }

    [TestMethod]
    public void What_could_not_be_written_is_tried_again()
    {
        var journal = Load();
        journal.SetError(UpdateError.WrongBoard, Digest(1));
        flash.IsBroken = true;
        Assert.IsFalse(journal.Save(scratch));
        flash.IsBroken = false;
        Assert.IsTrue(journal.Save(scratch));
        Assert.AreEqual(UpdateError.WrongBoard, Load().LastError);
    }

    /// <summary>Two sectors, and the crypto that reads them.</summary>
    private sealed class JournalFlash : IFlash, ICrypto
    {
        private readonly HostCrypto crypto = new();

        public byte[] Bytes { get; } = new byte[2 * FlashLayout.SectorSize];

        public int Writes { get; private set; }

        public bool IsBroken { get; set; }

        public JournalFlash() => Clear();

        public void Clear() => Bytes.AsSpan().Fill(0xFF);

        public int GetSize(FlashArea area) => Bytes.Length;

        public bool Read(FlashArea area, int offset, byte[] buffer, int start, int count)
        {
            Array.Copy(Bytes, offset, buffer, start, count);
            return true;
        }

        public bool Erase(FlashArea area, int offset)
        {
            Bytes.AsSpan(offset, FlashLayout.SectorSize).Fill(0xFF);
            return true;
        }

        public bool Write(FlashArea area, int offset, byte[] buffer, int start, int count)
        {
            if (IsBroken) return false;
            Writes++;
            Array.Copy(buffer, start, Bytes, offset, count);
            return true;
        }

        public void HashStart() => crypto.HashStart();

        public void HashBytes(byte[] buffer, int start, int count) => crypto.HashBytes(buffer, start, count);

        public bool HashFlash(FlashArea area, int offset, int count)
        {
            crypto.HashBytes(Bytes, offset, count);
            return true;
        }

        public bool HashFinish(byte[] digest) => crypto.HashFinish(digest);

        public bool VerifyEcdsaP256(byte[] publicKey, byte[] hash, byte[] signature) => throw new NotSupportedException();
    }
}
