using System;
using nanoFramework.TestFramework;

namespace NanoOta.DeviceTests
{
    /// <summary>The range coder and the differences are where the two compilers could part.</summary>
    [TestClass]
    public class PackedDecoderTests
    {
        [TestMethod]
        public void A_packed_image_decodes_to_what_was_packed()
        {
            var flash = new PackedFlash();
            Assert.AreEqual((int)UpdateError.None, (int)Decode(flash));
            Assert.AreEqual(PackedFlash.ImageDigest, Digest(flash.Output, PackedFlash.ImageSize));
        }

        [TestMethod]
        public void The_table_names_digests_of_code_and_output()
        {
            var flash = new PackedFlash();
            var table = new PackedTable(flash, FlashArea.InactiveIndex, 0);
            Assert.AreEqual((int)UpdateError.None, (int)table.Open(PackedFlash.ImageSize, PackedFlash.BaseSize));
            Assert.AreEqual((int)UpdateError.None, (int)table.Next());
            Assert.IsTrue(table.IsAtEnd);
            Assert.AreEqual(103, table.CodeLength);
            Assert.AreEqual(PackedFlash.TableLength, table.CodeOffset);
            var sha = new Sha256();
            var digest = new byte[32];
            sha.Start();
            sha.Add(flash.File, table.CodeOffset, table.CodeLength);
            sha.Finish(digest);
            Assert.IsTrue(table.HasCode(digest));
            Assert.AreEqual((int)UpdateError.None, (int)Decode(flash));
            sha.Start();
            sha.Add(flash.Output, FlashLayout.SectorSize, PackedFlash.ImageSize - FlashLayout.SectorSize);
            sha.Add(flash.Output, 0, FlashLayout.SectorSize);
            sha.Finish(digest);
            Assert.IsTrue(table.HasOutput(digest));
        }

        [TestMethod]
        public void Damaged_code_is_refused_or_decodes_to_something_else()
        {
            for (int i = PackedFlash.TableLength; i < PackedFlash.TableLength + 20; i++)
            {
                var flash = new PackedFlash();
                flash.File[i] ^= 0x90;
                UpdateError error = Decode(flash);
                bool isRefused = error == UpdateError.BlockCorrupt || error == UpdateError.FlashReadFailed;
                Assert.IsTrue(isRefused || Digest(flash.Output, PackedFlash.ImageSize) != PackedFlash.ImageDigest);
            }
        }

        private static UpdateError Decode(PackedFlash flash)
        {
            var table = new PackedTable(flash, FlashArea.InactiveIndex, 0);
            UpdateError error = table.Open(PackedFlash.ImageSize, PackedFlash.BaseSize);
            if (error == UpdateError.None) error = table.Next();
            if (error != UpdateError.None) return error;
            var decoder = new PackedDecoder(flash);
            Array.Copy(flash.File, table.CodeOffset, decoder.Code, 0, table.CodeLength);
            error = decoder.Begin(table);
            var block = new byte[FlashLayout.SectorSize];
            while (error == UpdateError.None && !decoder.IsDone)
            {
                int number = decoder.Block;
                error = decoder.Step(block);
                int length = BlockIndex.BlockLength(PackedFlash.ImageSize, number);
                if (error == UpdateError.None) Array.Copy(block, 0, flash.Output, number * FlashLayout.SectorSize, length);
            }

            return error;
        }

        private static string Digest(byte[] bytes, int count)
        {
            var sha = new Sha256();
            var digest = new byte[32];
            sha.Start();
            sha.Add(bytes, 0, count);
            sha.Finish(digest);
            return Bytes.Hex(digest);
        }
    }
}
