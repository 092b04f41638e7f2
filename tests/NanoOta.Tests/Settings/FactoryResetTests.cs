using NanoOta.Tests.Releases;

namespace NanoOta.Tests.Settings;

/// <summary>Only exported files are deleted, also after any failure.</summary>
[TestClass]
public sealed class FactoryResetTests
{
    [TestMethod]
    public void Files_and_copies_are_gone_and_the_export_holds_them_under_their_names()
    {
        using var folder = new TemporaryFolder();
        var settings = Registered(new SettingsFiles(folder.Path));
        folder.Write("a.json", "old");
        folder.Write("other", "not a setting");
        var release = new byte[32];
        Assert.IsTrue(settings.Keep(release, 1, 2));
        Assert.IsTrue(settings.Reset(folder.File("export")));
        CollectionAssert.AreEqual(new[] { folder.File("other") }, Directory.GetFiles(folder.Path));
        Assert.IsEmpty(Directory.GetFiles(folder.File("ota")));
        CollectionAssert.AreEqual(new[] { folder.File("export/a.json") }, Directory.GetFiles(folder.File("export")));
        Assert.AreEqual("old", File.ReadAllText(folder.File("export/a.json")));
        Assert.AreEqual(RestoreOutcome.Nothing, settings.Restore(release, false), "a revert does not undo it");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("/.")]
    [DataRow("/ota/../")]
    [DataRow("/ota")]
    public void An_export_onto_the_settings_or_their_copies_is_refused_for_every_spelling(string name)
    {
        using var folder = new TemporaryFolder();
        var settings = Registered(new SettingsFiles(folder.Path));
        folder.Write("a.json", "old");
        Directory.CreateDirectory(folder.File("ota"));
        Assert.IsFalse(settings.Reset(folder.Path + name));
        CollectionAssert.AreEqual(new[] { folder.File("a.json") }, Directory.GetFiles(folder.Path));
        Assert.AreEqual("old", File.ReadAllText(folder.File("a.json")));
    }

    [TestMethod]
    public void After_any_fault_or_cut_each_file_is_in_its_place_or_in_the_export()
    {
        int operations = Run(0, DiskFault.Fails, out _), refused = 0;
        Assert.IsGreaterThan(15, operations);
        for (int number = 1; number <= operations; number++)
            foreach (var mishap in Enum.GetValues<DiskFault>())
            {
                Run(number, mishap, out bool succeeded);
                if (!succeeded) refused++;
            }

        Assert.IsGreaterThan(operations, refused);
    }

    private static int Run(int number, DiskFault mishap, out bool succeeded)
    {
        var disk = new SimDisk();
        var contents = new Dictionary<string, byte[]> { ["a.json"] = [.. Enumerable.Repeat((byte)7, 2000)], ["b.bin"] = [1, 2, 3] };
        foreach (var (name, content) in contents) disk.Files["/" + name] = content;
        var settings = Registered(new SettingsFiles(disk.Folder(""), disk.Folder("ota")));
        Assert.IsTrue(settings.Keep(new byte[32], 1, 2));
        disk.Plan(number, mishap);
        succeeded = settings.Reset(disk.Folder("export"));
        int operations = disk.Operations;
        IsSomewhere(disk, contents, $"{mishap} at {number}");
        if (succeeded) Assert.IsFalse(disk.Files.Keys.Any(f => !f.StartsWith("export/")), $"{mishap} at {number}");
        disk.IsPowered = true;
        disk.Plan(0, mishap);
        Assert.IsTrue(settings.Reset(disk.Folder("export")), $"again after {mishap} at {number}");
        IsSomewhere(disk, contents, $"again after {mishap} at {number}");
        CollectionAssert.AreEquivalent(contents.Keys.Select(n => "export/" + n).ToArray(), disk.Files.Keys.ToArray());
        return operations;
    }

    private static void IsSomewhere(SimDisk disk, Dictionary<string, byte[]> contents, string where)
    {
        foreach (var (name, content) in contents)
        {
            bool isThere = new[] { "/", "export/" }.Any(f => disk.Files.TryGetValue(f + name, out var found) && found.SequenceEqual(content));
            Assert.IsTrue(isThere, $"{name} is lost: {where}");
        }
    }

    private static SettingsFiles Registered(SettingsFiles settings)
    {
        foreach (var name in new[] { "a.json", "b.bin", "absent" }) settings.Add(name);
        return settings;
    }
}
