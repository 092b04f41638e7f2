using System.Security.Cryptography;
using System.Text;
using NanoOta.Releases.Packing;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Simulation;

/// <summary>Files of releases in memory, and a network that can fail, behind the port of the agent.</summary>
internal sealed class SimServer : IReleaseSource
{
    public const string Address = "http://updates.example/lamp/";

    /// <summary>The same server over https.</summary>
    public const string SecureAddress = "https://updates.example/lamp/";

    private static readonly HttpReleaseSource Http = new();

    private readonly Dictionary<string, byte[]> files = [];
    private byte[]? open;
    private int left;

    /// <summary>Asked before each Open: an error to answer with, or None.</summary>
    public Func<string, int, UpdateError> OnOpen = (_, _) => UpdateError.None;

    /// <summary>Changes the content of a file from a host; the second argument is true for the mirror.</summary>
    public Func<string, bool, byte[], byte[]> Alter = (_, _, content) => content;

    /// <summary>Called before each Read with its number of bytes; returns that or fewer, at least one.</summary>
    public Func<int, int> OnRead = count => count;

    /// <summary>Called at each Open at the mirror.</summary>
    public Action<string> OnMirror = _ => { };

    /// <summary>Bytes after which each connection breaks.</summary>
    public int BytesPerConnection = int.MaxValue;

    /// <summary>Whether the server gives parts of files.</summary>
    public bool KnowsRanges = true;

    /// <summary>Largest piece that one Read gives.</summary>
    public int PieceSize = 1460;

    /// <summary>Bytes that were read, by file name.</summary>
    public Dictionary<string, int> BytesRead { get; } = new(64);

    /// <summary>Times that a file was opened.</summary>
    public int Opens { get; private set; }

    public int Position { get; private set; }

    /// <summary>The Retry-After of the server with ServerFailed.</summary>
    public int RetryAfterSeconds { get; set; }

    /// <summary>Whether a file is open.</summary>
    public bool IsOpen => open != null;

    /// <summary>Another address with the same files.</summary>
    public string? Mirror { get; set; }

    /// <summary>Files that only the mirror has, or has another content of.</summary>
    public Dictionary<string, byte[]> MirrorFiles { get; } = [];

    /// <summary>Addresses of hosts that never answer.</summary>
    public List<string> DeadHosts { get; } = [];

    public void Put(string name, byte[] content) => files[name] = content;

    public byte[] Get(string name) => files[name];

    public void Remove(string name) => files.Remove(name);

    /// <summary>Publishes a release; its manifest replaces the one before.</summary>
    public void Publish(SimRelease release)
    {
        Put(release.Version + "/app.idx", TestImage.Index(release.Image));
        Put(release.Version + "/app.bin", release.Image);
        if (release.Runtime is { } runtime)
        {
            Put(release.Version + "/clr.idx", TestImage.Index(runtime.Image));
            Put(release.Version + "/clr.bin", runtime.Image);
        }

        foreach (var encoding in release.Encodings) Put(encoding.Location, encoding.File.Bytes);
        Put("manifest.cose", release.Manifest);
    }

    /// <summary>Bytes of runtimes, packed or not.</summary>
    public int RuntimeBytesRead => BytesRead.Where(f => f.Key.Contains("/clr")).Sum(f => f.Value);

    /// <summary>Bytes of apps, packed or not.</summary>
    public int AppBytesRead => BytesRead.Where(f => f.Key.Contains("/app")).Sum(f => f.Value);

    public int PackedBytesRead => BytesRead.Where(f => f.Key.EndsWith(".pack")).Sum(f => f.Value);

    public int ImageBytesRead => BytesRead.Where(f => f.Key.EndsWith(".bin")).Sum(f => f.Value);

    /// <summary>What https connections take their memory from, as with HttpReleaseSource.</summary>
    public IMemory? Memory { get; set; }

    public bool CanOpen(string address) => Http.CanOpen(address);

    public UpdateError Open(string address, int offset, int length)
    {
        if (!TlsMemory.IsEnough(Memory, address)) return UpdateError.MemoryLow;
        Opens++;
        bool isMirror = Mirror != null && address.StartsWith(Mirror);
        if (isMirror) OnMirror(address[Mirror!.Length..]);
        if (DeadHosts.Exists(address.StartsWith)) return UpdateError.Unreachable;
        var folder = isMirror ? Mirror! : address.StartsWith(SecureAddress) ? SecureAddress : Address;
        Assert.StartsWith(folder, address);
        var name = address[folder.Length..];
        var error = isMirror ? UpdateError.None : OnOpen(name, offset);
        if (error != UpdateError.None) return error;
        if (!(isMirror && MirrorFiles.TryGetValue(name, out open)) && !files.TryGetValue(name, out open)) return UpdateError.FileNotFound;
        open = Alter(name, isMirror, open);
        if (length >= 0 && open.Length != length) return UpdateError.WrongLength;
        Position = KnowsRanges ? offset : 0;
        left = BytesPerConnection;
        opened = name;
        return UpdateError.None;
    }

    private string opened = "";

    public int Read(byte[] buffer, int start, int count)
    {
        if (left == 0) return -(int)UpdateError.ConnectionLost;
        int read = Math.Min(Math.Min(count, PieceSize), Math.Min(left, open!.Length - Position));
        if (read > 0) read = OnRead(read);
        Array.Copy(open, Position, buffer, start, read);
        Position += read;
        left -= read;
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(BytesRead, opened, out _) += read;
        return read;
    }

    public void Close() => open = null;
}

/// <summary>A release, and what its firmware does when it runs.</summary>
internal sealed record SimRelease(string Version, long Sequence, byte[] Image, Behaviour Behaviour)
{
    public byte[] Manifest { get; init; } = TestManifest.For(Image, Version, Sequence, TestManifest.SharedKey).Sign();

    /// <summary>Its packed files; none: there is only the plain image.</summary>
    public IReadOnlyList<SimEncoding> Encodings { get; init; } = [];

    /// <summary>The runtime that it brings; null: none.</summary>
    public SimRuntime? Runtime { get; init; }

    /// <summary>The only packed file.</summary>
    public PackedFile Packed => Encodings.Single().File;

    /// <summary>A fix of this release, packed with it as its base.</summary>
    public SimRelease Fix(string version, long sequence, int newBytes) =>
        new SimRelease(version, sequence, TestImage.Fixed(Image, newBytes, (int)sequence), Behaviour.Good).PackedFrom(Image);

    /// <summary>The same app with a runtime; also packed with each of these bases.</summary>
    public SimRelease With(SimRuntime runtime, params byte[][] bases) => WithRuntime(runtime, hasApp: true, bases);

    /// <summary>A release of a runtime alone.</summary>
    public static SimRelease Of(string version, long sequence, SimRuntime runtime, params byte[][] bases) =>
        Make(version, sequence, 1).WithRuntime(runtime, hasApp: false, bases);

    private SimRelease WithRuntime(SimRuntime runtime, bool hasApp, byte[][] bases)
    {
        var encodings = bases.Select((source, i) => SimEncoding.Make(runtime.Image, source, $"{Version}/clr{i}.pack")).ToList();
        var manifest = TestManifest.For(Image, Version, Sequence, TestManifest.SharedKey);
        manifest.HasApp = hasApp;
        manifest.MoreImages = [TestManifest.RuntimeImage(runtime.Image, runtime.Natives, Version, [.. encodings.Select(e => (object)e.Entry)])];
        return this with { Runtime = runtime, Encodings = encodings, Manifest = manifest.Sign() };
    }

    /// <summary>The same release packed with each of these bases; an empty one stands for none.</summary>
    public SimRelease PackedFrom(params byte[][] bases)
    {
        var encodings = bases.Select((source, i) => SimEncoding.Make(Image, source, $"{Version}/app{i}.pack")).ToList();
        var manifest = TestManifest.For(Image, Version, Sequence, TestManifest.SharedKey);
        manifest.Packed = [.. encodings.Select(encoding => encoding.Entry)];
        return this with { Encodings = encodings, Manifest = manifest.Sign() };
    }

    public static SimRelease Make(string version, long sequence, int blocks, Behaviour behaviour = Behaviour.Good) =>
        new(version, sequence, TestImage.Image(blocks, (int)sequence * 1000 + blocks), behaviour);
}

/// <summary>A packed file of a release.</summary>
internal sealed record SimEncoding(string Location, PackedFile File, byte[]? BaseDigest)
{
    /// <summary>The encoding in a manifest.</summary>
    public List<(object Key, object Value)> Entry =>
        TestManifest.PackedEncoding(Location, File.Bytes.Length, File.TableDigest, BaseDigest);

    public static SimEncoding Make(byte[] image, byte[] source, string location) =>
        new(location, PackedFile.Create(image, source), source.Length == 0 ? null : SHA256.HashData(source));
}

/// <summary>What firmware does.</summary>
internal enum Behaviour
{
    Good,
    CrashesAtStart,
    Hangs,
    Unhealthy,
    Silent,
    Restarts,
    Throws,
    TrustsNoKey,

    /// <summary>Panics some time after each start, once it is confirmed.</summary>
    CrashesLater,

    /// <summary>The same, but hangs.</summary>
    HangsLater,

    /// <summary>Its Main never runs: the CLR passes over an assembly that is not right to its last byte.</summary>
    NeverRuns,
}
