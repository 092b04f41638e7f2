using System.Text;

namespace NanoOta
{
    /// <summary>Names of settings files, and reserved names.</summary>
    internal static class FileName
    {
        /// <summary>Longest name, in characters.</summary>
        public const int MaxLength = Manifest.MaxTextLength;

        /// <summary>Folder of the copies.</summary>
        public const string Copies = "ota";

        /// <summary>A file beside the settings that is whole before it takes the place of one of them.</summary>
        public const string Temporary = "ota.new";

        /// <summary>The file beside the copies that describes them.</summary>
        public const string Label = "label";

        /// <summary>1 to 32 characters of <c>A–Z a–z 0–9 . _ - +</c> and space, not dots alone, not reserved.</summary>
        public static bool IsGood(string name)
        {
            byte[] text = Encoding.UTF8.GetBytes(name);
            if (!ManifestText.IsName(text, 0, text.Length) || Bytes.All(text, 0, text.Length, (byte)'.')) return false;
            // Some file systems ignore case.
            string small = name.ToLower();
            return small != Copies && small != Temporary;
        }

        /// <summary>Name of the copy of a file, by its place in the label.</summary>
        public static string Copy(int index) => index.ToString();
    }
}
