using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    [TestClass]
    public class JournalTests
    {
        private const int SequenceOffset = 8, CrcOffset = 508;

        private readonly JournalFlash flash = new JournalFlash();
        private readonly byte[] scratch = new byte[FlashLayout.SectorSize];

        [TestMethod]
        public void The_last_eight_failed_releases_are_remembered_with_their_reasons()
        {
            flash.Clear();
            Journal journal = Load();
            for (int i = 1; i <= 9; i++)
            {
                journal.Quarantine(Digest(i), UpdateError.TrialPanic + i);
                Assert.IsTrue(journal.Save(scratch));
            }

            journal = Load();
            IsQuarantined(UpdateError.None, journal, 1);
            for (int i = 2; i <= 9; i++) IsQuarantined(UpdateError.TrialPanic + i, journal, i);
        }

        [TestMethod]
        public void A_release_that_fails_again_takes_no_second_entry()
        {
            flash.Clear();
            Journal journal = Load();
            for (int i = 1; i <= 8; i++) journal.Quarantine(Digest(i), UpdateError.TrialPanic);
            for (int i = 0; i < 5; i++) journal.Quarantine(Digest(3), UpdateError.HealthCheckFailed);
            for (int i = 1; i <= 8; i++)
                IsQuarantined(i == 3 ? UpdateError.HealthCheckFailed : UpdateError.TrialPanic, journal, i);
        }

        [TestMethod]
        public void A_quarantined_release_is_not_in_hand_any_more()
        {
            flash.Clear();
            Journal journal = Load();
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
            flash.Clear();
            Journal journal = Load();
            for (int i = 0; i < 300; i++)
            {
                journal.TakeInHand(Digest(1));
                journal.CountTrial(Digest(1));
            }

            Assert.AreEqual(255, journal.Trials);
            Assert.IsTrue(journal.Save(scratch));
            journal = Load();
            Assert.AreEqual(255, journal.Trials);
            Assert.IsTrue(journal.HasInHand(Digest(1)));
            Assert.IsTrue(Bytes.Same(Digest(1), 0, journal.GetInHand(), 0, 32));
        }

        [TestMethod]
        public void A_trial_is_counted_once_until_its_release_is_activated_again()
        {
            flash.Clear();
            Journal journal = Load();
            journal.TakeInHand(Digest(1));
            journal.CountTrial(Digest(1));
            Assert.IsTrue(journal.Save(scratch));
            journal = Load();
            journal.CountTrial(Digest(1));
            Assert.AreEqual(1, journal.Trials);
            journal.TakeInHand(Digest(1));
            journal.CountTrial(Digest(1));
            Assert.AreEqual(2, journal.Trials);
            journal.CountTrial(Digest(2));
            Assert.AreEqual(1, journal.Trials);
        }

        [TestMethod]
        public void The_loss_of_either_copy_costs_nothing_that_protects_the_device()
        {
            for (int damaged = 0; damaged < 2 * Journal.Length; damaged += 7)
            {
                flash.Clear();
                Journal journal = Load();
                journal.Quarantine(Digest(1), UpdateError.TrialPanic);
                Assert.IsTrue(journal.Save(scratch));
                journal.Quarantine(Digest(2), UpdateError.TrialPanic);
                journal.CommandCounter = 9;
                journal.HighestSequence = 7;
                journal.IsPaused = true;
                Assert.IsTrue(journal.Save(scratch));
                flash.Content[damaged / Journal.Length * FlashLayout.SectorSize + damaged % Journal.Length] ^= 0x10;
                journal = Load();
                IsQuarantined(UpdateError.TrialPanic, journal, 1);
                IsQuarantined(UpdateError.TrialPanic, journal, 2);
                Assert.IsTrue(journal.CommandCounter == 9 && journal.HighestSequence == 7 && journal.IsPaused);
            }
        }

        [TestMethod]
        public void What_one_copy_has_lost_is_written_to_it_with_the_next_save()
        {
            flash.Clear();
            Journal journal = Load();
            journal.CommandCounter = 9;
            Assert.IsTrue(journal.Save(scratch));
            flash.Content[100] ^= 1;
            Assert.IsTrue(Load().Save(scratch));
            flash.Content[FlashLayout.SectorSize + 100] ^= 1;
            Assert.IsTrue(Load().CommandCounter == 9);
        }

        [TestMethod]
        public void A_copy_that_cannot_be_read_is_not_taken_for_one_that_is_not_there()
        {
            for (int newer = 0; newer < 2; newer++)
            {
                flash.Clear();
                PutCopy(newer, 2u, UpdateError.WrongBoard);
                PutCopy(1 - newer, 1u, UpdateError.WrongProduct);
                flash.Unreadable = newer;
                var journal = new Journal(flash, new SectorWriter(new UpdatePorts { Flash = flash, Crypto = flash }));
                Assert.IsFalse(journal.Load(scratch));
                Assert.AreEqual((int)UpdateError.WrongProduct, (int)journal.LastError);
                int writes = flash.Writes;
                journal.CommandCounter = 6;
                for (int i = 0; i < 20; i++) Assert.IsFalse(journal.Save(scratch));
                Assert.AreEqual(writes, flash.Writes);
                flash.Unreadable = -1;
                Assert.IsFalse(journal.Save(scratch), "what was newer is taken over, and what was to be saved is not");
                Assert.AreEqual((int)UpdateError.WrongBoard, (int)journal.LastError);
                Assert.IsTrue(journal.CommandCounter == 0);
                journal.CommandCounter = 6;
                Assert.IsTrue(journal.Save(scratch));
                journal = Load();
                Assert.AreEqual((int)UpdateError.WrongBoard, (int)journal.LastError);
                Assert.IsTrue(journal.CommandCounter == 6);
            }
        }

        [TestMethod]
        public void A_copy_that_can_never_be_read_does_not_end_the_journal()
        {
            flash.Clear();
            PutCopy(0, 5u, UpdateError.WrongBoard);
            PutCopy(1, 4u, UpdateError.WrongProduct);
            flash.Unreadable = 0;
            var journal = new Journal(flash, new SectorWriter(new UpdatePorts { Flash = flash, Crypto = flash }));
            Assert.IsFalse(journal.Load(scratch));
            journal.CommandCounter = 6;
            int refused = 0;
            while (!journal.Save(scratch)) refused++;
            Assert.AreEqual(23, refused);
            flash.Unreadable = -1;
            Assert.IsTrue(Load().CommandCounter == 6, "it counts even if the other one can be read again");
        }

        [TestMethod]
        public void A_sector_that_takes_nothing_leaves_a_journal_in_the_other_one()
        {
            for (int worn = 0; worn < 2; worn++)
            {
                flash.Clear();
                PutCopy(1 - worn, 5u, UpdateError.WrongBoard);
                flash.Worn = worn;
                Journal journal = Load();
                for (int i = 1; i <= 5; i++)
                {
                    journal.Quarantine(Digest(i), UpdateError.TrialPanic);
                    Assert.IsTrue(journal.Save(scratch));
                    IsQuarantined(UpdateError.TrialPanic, Load(), i);
                }

                flash.Worn = -1;
            }
        }

        [TestMethod]
        public void What_flash_holds_already_is_not_written_again()
        {
            flash.Clear();
            Journal journal = Load();
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
        public void The_counter_of_commands_outlives_releases_and_errors()
        {
            flash.Clear();
            Journal journal = Load();
            Assert.IsTrue(journal.CommandCounter == 0);
            journal.CommandCounter = 0x1FFFFFFFFFFFFF;
            Assert.IsTrue(journal.Save(scratch));
            journal = Load();
            journal.Quarantine(Digest(1), UpdateError.TrialPanic);
            journal.Clear();
            Assert.IsTrue(journal.Save(scratch));
            Assert.IsTrue(Load().CommandCounter == 0x1FFFFFFFFFFFFF);
        }

        [TestMethod]
        public void What_could_not_be_written_is_tried_again()
        {
            flash.Clear();
            Journal journal = Load();
            journal.SetError(UpdateError.WrongBoard, Digest(1));
            flash.IsBroken = true;
            Assert.IsFalse(journal.Save(scratch));
            flash.IsBroken = false;
            Assert.IsTrue(journal.Save(scratch));
            Assert.AreEqual((int)UpdateError.WrongBoard, (int)Load().LastError);
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
            flash.Clear();
            PutCopy(0, 0x7FFFFFFEu, UpdateError.WrongBoard);
            Journal journal = Load();
            journal.SetError(UpdateError.WrongProduct, Digest(1));
            Assert.IsTrue(journal.Save(scratch));
            journal.SetError(UpdateError.NotNewer, Digest(1));
            Assert.IsTrue(journal.Save(scratch));
            Assert.AreEqual(0x7FFFFFFFu, Bytes.GetU32(flash.Content, FlashLayout.SectorSize + SequenceOffset));
            Assert.AreEqual(0x80000000u, Bytes.GetU32(flash.Content, SequenceOffset));
            Assert.AreEqual((int)UpdateError.NotNewer, (int)Load().LastError);
        }

        private void NewerWins(uint older, uint newer)
        {
            for (int copy = 0; copy < 2; copy++)
            {
                flash.Clear();
                PutCopy(copy, newer, UpdateError.BootRecordFailed);
                PutCopy(1 - copy, older, UpdateError.WrongBoard);
                Assert.AreEqual((int)UpdateError.BootRecordFailed, (int)Load().LastError);
            }
        }

        // A copy as another run has left it; the journal itself only counts from where flash stands.
        private void PutCopy(int copy, uint sequence, UpdateError error)
        {
            var other = new JournalFlash();
            Journal journal = Load(other);
            journal.SetError(error, Digest(1));
            Assert.IsTrue(journal.Save(scratch));
            var record = new byte[Journal.Length];
            other.Read(FlashArea.Journal, 0, record, 0, Journal.Length);
            Bytes.PutU32(record, SequenceOffset, sequence);
            Bytes.PutU32(record, CrcOffset, Checksum.Crc32(record, 0, CrcOffset));
            flash.Write(FlashArea.Journal, copy * FlashLayout.SectorSize, record, 0, Journal.Length);
        }

        private Journal Load() => Load(flash);

        private Journal Load(JournalFlash from)
        {
            var ports = new UpdatePorts { Flash = from, Crypto = from };
            var journal = new Journal(from, new SectorWriter(ports));
            journal.Load(scratch);
            return journal;
        }

        private static void IsQuarantined(UpdateError expected, Journal journal, int release)
        {
            Assert.AreEqual((int)expected, (int)journal.FindQuarantined(Digest(release)), release.ToString());
        }

        private static byte[] Digest(int release)
        {
            var digest = new byte[32];
            for (int i = 0; i < 32; i++) digest[i] = (byte)(0x80 + i * 3 + release);
            return digest;
        }
    }
}
