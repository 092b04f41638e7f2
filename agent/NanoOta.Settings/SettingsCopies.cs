using System.IO;

namespace NanoOta
{
    /// <summary>The copies and their label. The label exists only while all copies are whole, and a file is replaced only by a whole one,
    /// so each call can be repeated after a power failure. Errors throw.</summary>
    internal sealed class SettingsCopies
    {
        private readonly IFolder files;
        private readonly IFolder copies;
        private readonly FileCopy copy = new FileCopy();

        public SettingsCopies(IFolder files, IFolder copies)
        {
            this.files = files;
            this.copies = copies;
        }

        /// <summary>Makes the copies that a label describes. False when a file differs from its description.</summary>
        public bool Make(SettingsLabel label)
        {
            copies.Make();
            // A device that cannot activate repeats this call: existing copies must not wear the flash.
            if (label.IsSame(ReadLabel()) && AreWhole(label)) return true;
            Drop();
            for (int i = 0; i < label.Count; i++)
                if (label.Length(i) >= 0) copy.Copy(files, label.Name(i), copies, FileName.Copy(i));
            if (!AreWhole(label)) return false;
            using (Stream file = copies.OpenWrite(FileName.Label)) file.Write(label.File, 0, label.File.Length);
            return label.IsSame(ReadLabel());
        }

        /// <summary>Puts the copies back and removes the label.</summary>
        public RestoreOutcome PutBack(byte[] release, bool onlyIfUnreadable)
        {
            SettingsLabel label = ReadLabel();
            if (label == null || !label.IsFor(release)) return RestoreOutcome.Nothing;
            if (onlyIfUnreadable && !label.IsOfOtherSchema) return RestoreOutcome.Nothing;
            if (!AreWhole(label)) return RestoreOutcome.Failed;
            bool hasChanged = false;
            for (int i = 0; i < label.Count; i++)
                if (PutBack(label, i)) hasChanged = true;
            copies.Delete(FileName.Label);
            return hasChanged ? RestoreOutcome.Done : RestoreOutcome.Nothing;
        }

        /// <summary>Removes everything, the label first.</summary>
        public void Drop()
        {
            Remove(copies, FileName.Label);
            for (int i = 0; i < SettingsLabel.MaxFiles; i++) Remove(copies, FileName.Copy(i));
            Remove(files, FileName.Temporary);
        }

        /// <summary>Whether the file had to be changed.</summary>
        private bool PutBack(SettingsLabel label, int index)
        {
            string name = label.Name(index);
            if (label.Length(index) < 0) return Remove(files, name);
            if (Is(files, name, label, index)) return false;
            copy.Copy(copies, FileName.Copy(index), files, FileName.Temporary);
            if (!Is(files, FileName.Temporary, label, index)) throw new IOException("a file does not hold what was written");
            Remove(files, name);
            files.Rename(FileName.Temporary, name);
            return true;
        }

        private bool AreWhole(SettingsLabel label)
        {
            for (int i = 0; i < label.Count; i++)
                if (label.Length(i) >= 0 && !Is(copies, FileName.Copy(i), label, i)) return false;
            return true;
        }

        private bool Is(IFolder folder, string name, SettingsLabel label, int index)
        {
            return folder.Has(name) && copy.Measure(folder, name) == label.Length(index) && copy.Crc == label.Crc(index);
        }

        private static bool Remove(IFolder folder, string name)
        {
            if (!folder.Has(name)) return false;
            folder.Delete(name);
            return true;
        }

        private SettingsLabel ReadLabel()
        {
            if (!copies.Has(FileName.Label)) return null;
            // One byte more than there can be, so that a file that is too long is seen.
            var buffer = new byte[SettingsLabel.MaxLength + 1];
            using (Stream file = copies.OpenRead(FileName.Label)) return SettingsLabel.Read(buffer, FileCopy.Fill(file, buffer));
        }
    }
}
