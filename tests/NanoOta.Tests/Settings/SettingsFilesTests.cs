using System.Text;
using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Settings;

/// <summary>Settings in real files, and their label byte by byte.</summary>
[TestClass]
public sealed class SettingsFilesTests
{
    private readonly TemporaryFolder folder = new();
    private readonly byte[] release = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private readonly SettingsFiles settings;

    public SettingsFilesTests()
    {
        settings = new SettingsFiles(folder.Path);
        foreach (var name in new[] { "a.json", "b.bin" }) settings.Add(name);
        folder.Write("a.json", "old");
    }

    private string Label => folder.File("ota/label");

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    public void The_label_matches_the_specification_byte_for_byte()
    {
        Assert.IsTrue(settings.Keep(release, 1, 0x01020304));
        var expected = "4E4F5343" + "01" + "02" + "0000" + "01000000" + "04030201" + Convert.ToHexString(release)
            + "03000000" + "E5D45D3F" + "612E6A736F6E" + new string('0', 52)
            + "FFFFFFFF" + "00000000" + "622E62696E" + new string('0', 54);
        byte[] label = File.ReadAllBytes(Label);
        Assert.AreEqual(expected, Convert.ToHexString(label[..^4]));
        Assert.AreEqual(Checksum.Crc32(label, 0, label.Length - 4), Bytes.GetU32(label, label.Length - 4));
        Assert.AreEqual("old", File.ReadAllText(folder.File("ota/0")));
        CollectionAssert.AreEquivalent(new[] { "0", "label" }, Names("ota"));
    }

    [TestMethod]
    public void Existing_files_are_restored_and_new_ones_removed()
    {
        Assert.IsTrue(settings.Keep(release, 1, 1));
        folder.Write("a.json", "new and longer");
        folder.Write("b.bin", "new");
        folder.Write("other", "not a setting");
        Assert.AreEqual(RestoreOutcome.Done, settings.Restore(release, false));
        Assert.AreEqual("old", File.ReadAllText(folder.File("a.json")));
        CollectionAssert.AreEquivalent(new[] { "a.json", "other" }, Names(""));
        Assert.AreEqual(RestoreOutcome.Nothing, settings.Restore(release, false), "the copy is used up");
    }

    [TestMethod]
    public void A_copy_applies_to_its_release_and_on_request_only_to_another_schema()
    {
        Assert.AreEqual(RestoreOutcome.Nothing, settings.Restore(release, false), "there is no copy yet");
        Assert.IsTrue(settings.Keep(release, 3, 3));
        folder.Write("a.json", "new");
        Assert.AreEqual(RestoreOutcome.Nothing, settings.Restore(new byte[32], false));
        Assert.AreEqual(RestoreOutcome.Nothing, settings.Restore(release, true));
        Assert.AreEqual("new", File.ReadAllText(folder.File("a.json")));
        Assert.IsTrue(settings.Keep(release, 3, 4));
        folder.Write("a.json", "newer");
        Assert.AreEqual(RestoreOutcome.Done, settings.Restore(release, true));
        Assert.AreEqual("new", File.ReadAllText(folder.File("a.json")));
    }

    [TestMethod]
    public void Files_of_any_length_are_kept()
    {
        foreach (int length in new[] { 0, 1, 1023, 1024, 1025, 5000 })
        {
            byte[] old = new byte[length];
            new Random(length).NextBytes(old);
            folder.Write("b.bin", old);
            Assert.IsTrue(settings.Keep(release, 0, 1));
            folder.Write("b.bin", "new");
            Assert.AreEqual(RestoreOutcome.Done, settings.Restore(release, false));
            CollectionAssert.AreEqual(old, File.ReadAllBytes(folder.File("b.bin")));
        }
    }

    [TestMethod]
    public void An_up_to_date_copy_is_not_written_again()
    {
        Assert.IsTrue(settings.Keep(release, 1, 2));
        var past = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach (var name in new[] { "ota/0", "ota/label" }) File.SetLastWriteTimeUtc(folder.File(name), past);
        Assert.IsTrue(settings.Keep(release, 1, 2));
        Assert.AreEqual((past, past), (File.GetLastWriteTimeUtc(folder.File("ota/0")), File.GetLastWriteTimeUtc(Label)));
        folder.Write("a.json", "new");
        Assert.IsTrue(settings.Keep(release, 1, 2));
        Assert.AreEqual("new", File.ReadAllText(folder.File("ota/0")));
    }

    [TestMethod]
    public void A_damaged_copy_is_not_restored_and_a_damaged_label_is_ignored()
    {
        Assert.IsTrue(settings.Keep(release, 1, 2));
        folder.Write("a.json", "new");
        folder.Write("ota/0", "0ld");
        Assert.AreEqual(RestoreOutcome.Failed, settings.Restore(release, false));
        Assert.AreEqual("new", File.ReadAllText(folder.File("a.json")));
        folder.Write("ota/0", "old");
        byte[] label = File.ReadAllBytes(Label);
        for (int i = 0; i < label.Length; i++)
        {
            label[i] ^= 1;
            File.WriteAllBytes(Label, label);
            Assert.AreEqual(RestoreOutcome.Nothing, settings.Restore(release, false), $"byte {i}");
            label[i] ^= 1;
        }

        File.WriteAllBytes(Label, [.. label, 0]);
        Assert.AreEqual(RestoreOutcome.Nothing, settings.Restore(release, false), "a byte too many");
        File.WriteAllBytes(Label, label);
        Assert.AreEqual(RestoreOutcome.Done, settings.Restore(release, false));
    }

    [TestMethod]
    public void A_label_that_names_a_file_elsewhere_is_ignored()
    {
        settings.Add("..json");
        Assert.IsTrue(settings.Keep(release, 1, 2));
        byte[] label = File.ReadAllBytes(Label);
        Encoding.ASCII.GetBytes("../etc").CopyTo(label, 48 + 2 * 40 + 8);
        Bytes.PutU32(label, label.Length - 4, Checksum.Crc32(label, 0, label.Length - 4));
        File.WriteAllBytes(Label, label);
        Assert.AreEqual(RestoreOutcome.Nothing, settings.Restore(release, false));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(".")]
    [DataRow("..")]
    [DataRow("ota")]
    [DataRow("OTA.new")]
    [DataRow("a/b")]
    [DataRow("a\\b")]
    [DataRow("A.json")]
    [DataRow("123456789012345678901234567890123")]
    public void An_invalid_or_duplicate_name_is_refused(string name) =>
        Assert.ThrowsExactly<ArgumentException>(() => settings.Add(name));

    [TestMethod]
    public void Sixteen_files_can_be_registered_and_no_more()
    {
        for (int i = 2; i < 16; i++) settings.Add($"file {i} with a name of 32 char+s".PadRight(32, '_')[..32]);
        Assert.ThrowsExactly<ArgumentException>(() => settings.Add("one more"));
        Assert.IsTrue(settings.Keep(release, 1, 2));
        folder.Write("a.json", "new");
        Assert.AreEqual(RestoreOutcome.Done, settings.Restore(release, false));
    }

    [TestMethod]
    public void A_file_in_place_of_the_folder_of_the_copies_is_a_failure_and_no_exception()
    {
        folder.Write("ota", "a file in place of the folder");
        Assert.IsFalse(settings.Keep(release, 1, 2));
        Assert.AreEqual("old", File.ReadAllText(folder.File("a.json")));
    }

    private string[] Names(string below) => [.. Directory.GetFiles(folder.File(below)).Select(f => Path.GetFileName(f)!)];
}
