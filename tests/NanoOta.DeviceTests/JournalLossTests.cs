using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    /// <summary>The loss of a copy, a failing read and a worn sector lose nothing that protects the device.</summary>
    [TestClass]
    public class JournalLossTests
    {
        [TestMethod]
        public void The_loss_of_either_copy_costs_nothing_that_protects_the_device()
        {
            for (int damaged = 0; damaged < 2 * Journal.Length; damaged += 7)
            {
                var flash = new JournalFlash();
                var scratch = new byte[FlashLayout.SectorSize];
                Journal journal = JournalTests.Load(flash, scratch);
                journal.Quarantine(JournalTests.Digest(1), UpdateError.TrialPanic);
                Assert.IsTrue(journal.Save(scratch));
                journal.Quarantine(JournalTests.Digest(2), UpdateError.TrialPanic);
                journal.CommandCounter = 9;
                journal.HighestSequence = 7;
                journal.IsPaused = true;
                Assert.IsTrue(journal.Save(scratch));
                flash.Content[damaged / Journal.Length * FlashLayout.SectorSize + damaged % Journal.Length] ^= 0x10;
                journal = JournalTests.Load(flash, scratch);
                JournalTests.IsQuarantined(UpdateError.TrialPanic, journal, 1);
                JournalTests.IsQuarantined(UpdateError.TrialPanic, journal, 2);
                Assert.IsTrue(journal.CommandCounter == 9 && journal.HighestSequence == 7 && journal.IsPaused);
            }
        }

        [TestMethod]
        public void The_next_save_restores_what_one_copy_has_lost()
        {
            var flash = new JournalFlash();
            var scratch = new byte[FlashLayout.SectorSize];
            Journal journal = JournalTests.Load(flash, scratch);
            journal.CommandCounter = 9;
            Assert.IsTrue(journal.Save(scratch));
            flash.Content[100] ^= 1;
            Assert.IsTrue(JournalTests.Load(flash, scratch).Save(scratch));
            flash.Content[FlashLayout.SectorSize + 100] ^= 1;
            Assert.IsTrue(JournalTests.Load(flash, scratch).CommandCounter == 9);
        }

        [TestMethod]
        public void An_unreadable_copy_is_not_treated_as_absent()
        {
            for (int newer = 0; newer < 2; newer++)
            {
                var flash = new JournalFlash();
                var scratch = new byte[FlashLayout.SectorSize];
                JournalTests.PutCopy(flash, newer, 2u, UpdateError.WrongBoard);
                JournalTests.PutCopy(flash, 1 - newer, 1u, UpdateError.WrongProduct);
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
                journal = JournalTests.Load(flash, scratch);
                Assert.AreEqual((int)UpdateError.WrongBoard, (int)journal.LastError);
                Assert.IsTrue(journal.CommandCounter == 6);
            }
        }

        [TestMethod]
        public void A_permanently_unreadable_copy_does_not_stop_the_journal()
        {
            var flash = new JournalFlash();
            var scratch = new byte[FlashLayout.SectorSize];
            JournalTests.PutCopy(flash, 0, 5u, UpdateError.WrongBoard);
            JournalTests.PutCopy(flash, 1, 4u, UpdateError.WrongProduct);
            flash.Unreadable = 0;
            var journal = new Journal(flash, new SectorWriter(new UpdatePorts { Flash = flash, Crypto = flash }));
            Assert.IsFalse(journal.Load(scratch));
            journal.CommandCounter = 6;
            int refused = 0;
            while (!journal.Save(scratch)) refused++;
            Assert.AreEqual(23, refused);
            flash.Unreadable = -1;
            Assert.IsTrue(JournalTests.Load(flash, scratch).CommandCounter == 6, "it counts even if the other one can be read again");
        }

        [TestMethod]
        public void A_worn_sector_leaves_the_journal_in_the_other_sector()
        {
            for (int worn = 0; worn < 2; worn++)
            {
                var flash = new JournalFlash();
                var scratch = new byte[FlashLayout.SectorSize];
                JournalTests.PutCopy(flash, 1 - worn, 5u, UpdateError.WrongBoard);
                flash.Worn = worn;
                Journal journal = JournalTests.Load(flash, scratch);
                for (int i = 1; i <= 5; i++)
                {
                    journal.Quarantine(JournalTests.Digest(i), UpdateError.TrialPanic);
                    Assert.IsTrue(journal.Save(scratch));
                    JournalTests.IsQuarantined(UpdateError.TrialPanic, JournalTests.Load(flash, scratch), i);
                }
            }
        }
    }
}
