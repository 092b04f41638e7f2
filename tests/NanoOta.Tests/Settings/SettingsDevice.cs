using NanoOta.Tests.Simulation;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Settings;

/// <summary>A device whose firmware, when it is not the first one, writes all settings anew at its start.</summary>
internal sealed class SettingsDevice
{
    public SettingsDevice(SimRelease first, SimRelease offered)
    {
        Device = SimDevice.Offered(first, offered);
        foreach (var (name, content) in First) Disk.Files["/" + name] = content;
        Disk.OnCut = Device.Flash.CutNow;
        Device.Break = ports =>
        {
            Disk.IsPowered = true;
            if (Device.RunningVersion != first.Version) Rewrite(Device.RunningVersion);
            ports.Settings = Port ?? Files();
            Break(ports);
        };
    }

    public static string Old => Text(First.Select(f => ("/" + f.Name, f.Content)));

    public SimDisk Disk { get; } = new();

    public SimDevice Device { get; }

    public ISettings? Port { get; set; }

    /// <summary>Puts another part in place of one of the agent's ports.</summary>
    public Action<UpdatePorts> Break { get; set; } = _ => { };

    /// <summary>All there is beside the copies.</summary>
    public string Content => Text(Disk.Files.Where(f => f.Key[0] == '/').Select(f => (f.Key, f.Value)));

    public byte[] Journal => Device.Flash.Snapshot()[(SimDevice.Map.Records + FlashLayout.Journal)..];

    private static (string Name, byte[] Content)[] First { get; } =
        [("a.json", [.. Enumerable.Range(0, 3000).Select(i => (byte)(i * 7))]), ("b.bin", [1, 2, 3]), ("empty", [])];

    public static string New(string version) => Text([("/a.json", Bytes(version)), ("/b.bin", [1, 2, 3]), ("/new.json", Bytes(version))]);

    /// <summary>A release whose settings have its sequence as their schema.</summary>
    public static SimRelease Release(string version, long sequence, int blocks, Behaviour behaviour, params (object, object)[] fields)
    {
        var release = SimRelease.Make(version, sequence, blocks, behaviour);
        var manifest = TestManifest.For(release.Image, version, sequence, TestManifest.SharedKey);
        manifest.Change = map => map.AddRange([.. fields, (15L, sequence)]);
        return release with { Manifest = manifest.Sign() };
    }

    public bool HasFailed(int times) =>
        Device.Events.Count(e => e.Kind == UpdateEventKind.Error && e.Code == UpdateError.SettingsNotRestored) >= times;

    private ISettings Files()
    {
        var files = new SettingsFiles(Disk.Folder(""), Disk.Folder("ota"));
        foreach (var name in new[] { "a.json", "b.bin", "empty", "new.json" }) files.Add(name);
        return files;
    }

    private void Rewrite(string version)
    {
        Disk.Files["/a.json"] = Bytes(version);
        Disk.Files["/new.json"] = Bytes(version);
        Disk.Files.Remove("/empty");
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    private static string Text(IEnumerable<(string Name, byte[] Content)> files) =>
        string.Join('\n', files.Select(f => $"{f.Name} {Convert.ToHexString(f.Content)}"));
}
