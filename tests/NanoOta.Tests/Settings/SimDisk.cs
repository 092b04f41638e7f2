namespace NanoOta.Tests.Settings;

/// <summary>How an operation of a <see cref="SimDisk"/> goes wrong.</summary>
internal enum DiskFault
{
    /// <summary>It fails and does nothing.</summary>
    Fails,
    /// <summary>It and all later ones fail, but reading goes on: a full disk.</summary>
    StaysFull,
    /// <summary>Power fails before it.</summary>
    CutBefore,
    /// <summary>Power fails while it works: of a file that is being written a part of the new content is left.</summary>
    CutInside,
    /// <summary>Power fails after it.</summary>
    CutAfter,
}

/// <summary>
/// A file system in memory, in which one operation goes wrong. After a cut every call throws until power is back. It is worse than
/// littlefs, which keeps the old content of a file that was not closed.
/// </summary>
internal sealed class SimDisk
{
    private int at;
    private DiskFault mishap;

    /// <summary>Contents by folder and name.</summary>
    public SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public bool IsPowered { get; set; } = true;

    /// <summary>Called when power fails.</summary>
    public Action OnCut { get; set; } = () => { };

    /// <summary>Operations since the last plan: opening, closing what was written, deleting, renaming, making a folder.</summary>
    public int Operations { get; private set; }

    public bool HasHappened { get; private set; }

    public IFolder Folder(string name) => new SimFolder(this, name);

    /// <summary>Lets an operation go wrong, counted from 1; 0 for none.</summary>
    public void Plan(int number, DiskFault what)
    {
        (at, mishap) = (number, what);
        Operations = 0;
        HasHappened = false;
    }

    /// <summary>Does an operation, or not.</summary>
    private void Do(bool changes, Action operation, Action? half = null)
    {
        if (!IsPowered) throw new IOException("no power");
        Operations++;
        bool isFull = at > 0 && mishap == DiskFault.StaysFull && Operations >= at && changes;
        if (Operations != at && !isFull)
        {
            operation();
            return;
        }

        HasHappened = true;
        if (mishap is DiskFault.Fails or DiskFault.StaysFull) throw new IOException("this operation fails");
        if (mishap == DiskFault.CutInside) (half ?? (() => { }))();
        if (mishap == DiskFault.CutAfter) operation();
        IsPowered = false;
        OnCut();
        throw new IOException("power fails");
    }

    private sealed class SimFolder(SimDisk disk, string folder) : IFolder
    {
        public void Make() => disk.Do(changes: true, () => { });

        public bool Has(string name) => disk.IsPowered ? disk.Files.ContainsKey(At(name)) : throw new IOException("no power");

        public Stream OpenRead(string name)
        {
            disk.Do(changes: false, () => { });
            return new MemoryStream(Get(name), writable: false);
        }

        public Stream OpenWrite(string name)
        {
            disk.Do(changes: true, () => { });
            return new NewContent(this, name);
        }

        public void Delete(string name) => disk.Do(changes: false, () =>
        {
            Get(name);
            disk.Files.Remove(At(name));
        });

        public void Rename(string name, string newName) => disk.Do(changes: false, () =>
        {
            if (disk.Files.ContainsKey(At(newName))) throw new IOException($"{newName} is there");
            disk.Files.Add(At(newName), Get(name));
            disk.Files.Remove(At(name));
        });

        private void Close(string name, byte[] content) => disk.Do(changes: true,
            () => disk.Files[At(name)] = content, () => disk.Files[At(name)] = content[..(content.Length / 2)]);

        private byte[] Get(string name) => disk.Files.TryGetValue(At(name), out var content) ? content
            : throw new FileNotFoundException(At(name));

        private string At(string name) => folder + "/" + name;

        private sealed class NewContent(SimFolder folder, string name) : MemoryStream
        {
            private bool isClosed;

            protected override void Dispose(bool disposing)
            {
                if (!isClosed && disposing)
                {
                    isClosed = true;
                    folder.Close(name, ToArray());
                }

                base.Dispose(disposing);
            }
        }
    }
}
