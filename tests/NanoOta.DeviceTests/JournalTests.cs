using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class JournalTests
    {
        private const int SequenceOffset = 8, CrcOffset = 508;

        [TestMethod]
        public void The_last_eight_failed_releases_are_remembered_with_their_reasons()
        {
            var flash = new JournalFlash();
            var scratch = new byte[FlashLayout.SectorSize];
            Journal journal = Load(flash, scratch);
            for (int i = 1; i <= 9; i++)
            {
                journal.Quarantine(Digest(i), UpdateError.TrialPanic + i);
                Assert.IsTrue(journal.Save(scratch));
            }

            journal = Load(flash, scratch);
            IsQuarantined(UpdateError.None, journal, 1);
            for (int i = 2; i <= 9; i++) IsQuarantined(UpdateError.TrialPanic + i, journal, i);
        }

        [TestMethod]
        public void A_release_that_fails_again_takes_no_second_entry()
        {
            var flash = new JournalFlash();
            var scratch = new byte[FlashLayout.SectorSize];
            Journal journal = Load(flash, scratch);
            for (int i = 1; i <= 8; i++) journal.Quarantine(Digest(i), UpdateError.TrialPanic);
            for (int i = 0; i < 5; i++) journal.Quarantine(Digest(3), UpdateError.HealthCheckFailed);
            for (int i = 1; i <= 8; i++)
                IsQuarantined(i == 3 ? UpdateError.HealthCheckFailed : UpdateError.TrialPanic, journal, i);
        }

        [TestMethod]
        public void A_quarantined_release_is_no_longer_the_pending_one()
        {
            var flash = new JournalFlash();
            var scratch = new byte[FlashLayout.SectorSize];
            Journal journal = Load(flash, scratch);
            journal.TakeInHand(Digest(1));
            journal.CountTrial(Digest(1));
            Assert.AreEqual(1, journal.Trials);
            journal.Quarantine(Digest(1), UpdateError.TrialPanic);
            Assert.IsNull(journal.GetInHand());
            Assert.AreEqual(0, journal.Trials);
        }

        [TestMethod]
        public void Trials_are_counted_up_to_what_a_byte_holds()
        {
            var flash = new JournalFlash();
            var scratch = new byte[FlashLayout.SectorSize];
            Journal journal = Load(flash, scratch);
            for (int i = 0; i < 300; i++)
            {
                journal.TakeInHand(Digest(1));
                journal.CountTrial(Digest(1));
            }

            Assert.AreEqual(255, journal.Trials);
            Assert.IsTrue(journal.Save(scratch));
            journal = Load(flash, scratch);
            Assert.AreEqual(255, journal.Trials);
            Assert.IsTrue(journal.HasInHand(Digest(1)));
            Assert.IsTrue(Bytes.Same(Digest(1), 0, journal.GetInHand(), 0, 32));
        }

        [TestMethod]
        public void A_trial_is_counted_once_until_its_release_is_activated_again()
        {
            var flash = new JournalFlash();
            var scratch = new byte[FlashLayout.SectorSize];
            Journal journal = Load(flash, scratch);
            journal.TakeInHand(Digest(1));
            journal.CountTrial(Digest(1));
            Assert.IsTrue(journal.Save(scratch));
            journal = Load(flash, scratch);
            journal.CountTrial(Digest(1));
            Assert.AreEqual(1, journal.Trials);
            journal.TakeInHand(Digest(1));
            journal.CountTrial(Digest(1));
            Assert.AreEqual(2, journal.Trials);
            journal.CountTrial(Digest(2));
            Assert.AreEqual(1, journal.Trials);
        }

        [TestMethod]
        public void Unchanged_journal_content_is_not_written_again()
        {
            var flash = new JournalFlash();
            var scratch = new byte[FlashLayout.SectorSize];
            Journal journal = Load(flash, scratch);
            journal.SetError(UpdateError.WrongBoard, Digest(1));
            Assert.IsTrue(journal.Save(scratch));
            int writes = flash.Writes;
            journal.SetError(UpdateError.WrongProduct, Digest(1));
            journal.SetError(UpdateError.WrongBoard, Digest(1));
            Assert.IsTrue(journal.Save(scratch));
            Load(flash, scratch).Save(scratch);
            Assert.AreEqual(writes, flash.Writes);
        }

        [TestMethod]
        public void The_command_counter_survives_releases_and_errors()
        {
            var flash = new JournalFlash();
            var scratch = new byte[FlashLayout.SectorSize];
            Journal journal = Load(flash, scratch);
            Assert.IsTrue(journal.CommandCounter == 0);
            journal.CommandCounter = 0x1FFFFFFFFFFFFF;
            Assert.IsTrue(journal.Save(scratch));
            journal = Load(flash, scratch);
            journal.Quarantine(Digest(1), UpdateError.TrialPanic);
            journal.ConfirmInHand();
            Assert.IsTrue(journal.Save(scratch));
            Assert.IsTrue(Load(flash, scratch).CommandCounter == 0x1FFFFFFFFFFFFF);
        }

        [TestMethod]
        public void A_failed_journal_write_is_retried()
        {
            var flash = new JournalFlash();
            var scratch = new byte[FlashLayout.SectorSize];
            Journal journal = Load(flash, scratch);
            journal.SetError(UpdateError.WrongBoard, Digest(1));
            flash.IsBroken = true;
            Assert.IsFalse(journal.Save(scratch));
            flash.IsBroken = false;
            Assert.IsTrue(journal.Save(scratch));
            Assert.AreEqual((int)UpdateError.WrongBoard, (int)Load(flash, scratch).LastError);
        }

        [TestMethod]
        public void The_higher_sequence_counts_above_2_31_as_well()
        {
            NewerWins(0x7FFFFFFFu, 0x80000000u);
            NewerWins(0x80000000u, 0x80000001u);
            NewerWins(1u, 0xFFFFFFFFu);
            NewerWins(0x80FF80FEu, 0x80FF80FFu);
        }

        [TestMethod]
        public void A_save_goes_to_the_other_sector_with_the_next_sequence_across_2_31()
        {
            var flash = new JournalFlash();
            var scratch = new byte[FlashLayout.SectorSize];
            PutCopy(flash, 0, 0x7FFFFFFEu, UpdateError.WrongBoard);
            Journal journal = Load(flash, scratch);
            journal.SetError(UpdateError.WrongProduct, Digest(1));
            Assert.IsTrue(journal.Save(scratch));
            journal.SetError(UpdateError.NotNewer, Digest(1));
            Assert.IsTrue(journal.Save(scratch));
            Assert.AreEqual(0x7FFFFFFFu, Bytes.GetU32(flash.Content, FlashLayout.SectorSize + SequenceOffset));
            Assert.AreEqual(0x80000000u, Bytes.GetU32(flash.Content, SequenceOffset));
            Assert.AreEqual((int)UpdateError.NotNewer, (int)Load(flash, scratch).LastError);
        }

        private static void NewerWins(uint older, uint newer)
        {
            for (int copy = 0; copy < 2; copy++)
            {
                var flash = new JournalFlash();
                var scratch = new byte[FlashLayout.SectorSize];
                PutCopy(flash, copy, newer, UpdateError.BootRecordFailed);
                PutCopy(flash, 1 - copy, older, UpdateError.WrongBoard);
                Assert.AreEqual((int)UpdateError.BootRecordFailed, (int)Load(flash, scratch).LastError);
            }
        }

        // A copy of another run; the journal itself only counts on from the sequence in flash.
        internal static void PutCopy(JournalFlash flash, int copy, uint sequence, UpdateError error)
        {
            var other = new JournalFlash();
            var scratch = new byte[FlashLayout.SectorSize];
            Journal journal = Load(other, scratch);
            journal.SetError(error, Digest(1));
            Assert.IsTrue(journal.Save(scratch));
            var record = new byte[Journal.Length];
            other.Read(FlashArea.Journal, 0, record, 0, Journal.Length);
            Bytes.PutU32(record, SequenceOffset, sequence);
            Bytes.PutU32(record, CrcOffset, Checksum.Crc32(record, 0, CrcOffset));
            flash.Write(FlashArea.Journal, copy * FlashLayout.SectorSize, record, 0, Journal.Length);
        }

        internal static Journal Load(JournalFlash from, byte[] scratch)
        {
            var ports = new UpdatePorts { Flash = from, Crypto = from };
            var journal = new Journal(from, new SectorWriter(ports));
            journal.Load(scratch);
            return journal;
        }

        internal static void IsQuarantined(UpdateError expected, Journal journal, int release)
        {
            Assert.AreEqual((int)expected, (int)journal.FindQuarantined(Digest(release)), release.ToString());
        }

        internal static byte[] Digest(int release)
        {
            var digest = new byte[32];
            for (int i = 0; i < 32; i++) digest[i] = (byte)(0x80 + i * 3 + release);
            return digest;
        }
    }
}
