using System;
using System.IO;

namespace NanoOta
{
    /// <summary>Settings in files of one folder, a few KB each. Their copies are in the folder <c>ota</c> beside them, with a label that is
    /// written last and removed first (SPEC.md, section 5.5): copies without it count for nothing. For several threads.</summary>
    public sealed class SettingsFiles : ISettings
    {
        private readonly object gate = new object();
        private readonly IFolder files;
        private readonly IFolder copies;
        private readonly string[] names = new string[SettingsLabel.MaxFiles];
        private int count;

        /// <summary>Settings in a folder of the file system.</summary>
        /// <param name="root">The folder, which must be there: on the device <c>I:\</c>, or one in it.</param>
        public SettingsFiles(string root)
            : this(new DiskFolder(root), new DiskFolder(Path.Combine(root, FileName.Copies)))
        {
        }

        /// <summary>Settings in any folder.</summary>
        /// <param name="files">The folder, which must be there.</param>
        /// <param name="copies">The folder of the copies, which is made when it is needed; nothing else may be in it.</param>
        public SettingsFiles(IFolder files, IFolder copies)
        {
            this.files = files;
            this.copies = copies;
        }

        /// <summary>Registers a file, whether it is there or not. All files are to be registered before the agent starts.</summary>
        /// <param name="name">Its name in the folder: 1 to 32 characters of <c>A–Z a–z 0–9 . _ - +</c> and space.</param>
        /// <exception cref="ArgumentException">The name is wrong or registered already, or there are 16 files.</exception>
        public void Add(string name)
        {
            lock (gate)
            {
                if (!FileName.IsGood(name)) throw new ArgumentException("'" + name + "' is no name for a settings file");
                for (int i = 0; i < count; i++)
                    if (names[i].ToLower() == name.ToLower()) throw new ArgumentException("'" + name + "' is registered already");
                if (count == SettingsLabel.MaxFiles) throw new ArgumentException("'" + name + "' is one file too many");
                names[count] = name;
                count++;
            }
        }

        /// <inheritdoc/>
        public bool Keep(byte[] release, int schema, int nextSchema)
        {
            lock (gate)
            {
                try
                {
                    return new SettingsCopies(files, copies).Make(Describe(release, schema, nextSchema));
                }
                catch (Exception)
                {
                    return false;
                }
            }
        }

        /// <inheritdoc/>
        public RestoreOutcome Restore(byte[] release, bool onlyIfUnreadable)
        {
            lock (gate)
            {
                try
                {
                    return new SettingsCopies(files, copies).PutBack(release, onlyIfUnreadable);
                }
                catch (Exception)
                {
                    return RestoreOutcome.Failed;
                }
            }
        }

        /// <summary>Factory reset: exports all registered files, compares each export with its file byte for byte, and only then removes
        /// the copies and the files. After a power failure call it again: what is exported already is not lost.</summary>
        /// <param name="exportFolder">Where they go under their own names; made if need be. Not the folder of the settings.</param>
        /// <returns>False when something failed; before all of it is exported, nothing is removed.</returns>
        public bool Reset(string exportFolder) => Reset(new DiskFolder(exportFolder));

        /// <summary>The same with an export to any folder.</summary>
        public bool Reset(IFolder export)
        {
            lock (gate)
            {
                try
                {
                    if (!Export(export)) return false;
                    new SettingsCopies(files, copies).Drop();
                    for (int i = 0; i < count; i++)
                        if (files.Has(names[i])) files.Delete(names[i]);
                    return true;
                }
                catch (Exception)
                {
                    return false;
                }
            }
        }

        private SettingsLabel Describe(byte[] release, int schema, int nextSchema)
        {
            var copy = new FileCopy();
            SettingsLabel label = SettingsLabel.Create(release, schema, nextSchema, count);
            for (int i = 0; i < count; i++)
            {
                bool isThere = files.Has(names[i]);
                int length = isThere ? copy.Measure(files, names[i]) : SettingsLabel.Absent;
                label.Set(i, names[i], length, isThere ? copy.Crc : 0u);
            }

            label.Seal();
            return label;
        }

        private bool Export(IFolder export)
        {
            export.Make();
            if (IsOwn(export)) return false;
            var copy = new FileCopy();
            for (int i = 0; i < count; i++)
            {
                if (!files.Has(names[i])) continue;
                copy.Copy(files, names[i], export, names[i]);
                if (!copy.AreSame(files, names[i], export, names[i])) return false;
            }

            return true;
        }

        // A folder can have several names, so a test file shows whether two are the same: an export over the settings would destroy them.
        private bool IsOwn(IFolder export)
        {
            if (files.Has(FileName.Temporary)) files.Delete(FileName.Temporary);
            copies.Make();
            if (copies.Has(FileName.Temporary)) copies.Delete(FileName.Temporary);
            export.OpenWrite(FileName.Temporary).Dispose();
            bool isOwn = files.Has(FileName.Temporary) || copies.Has(FileName.Temporary);
            export.Delete(FileName.Temporary);
            return isOwn;
        }
    }
}
