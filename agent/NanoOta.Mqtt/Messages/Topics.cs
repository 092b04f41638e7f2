using System;
using System.Text;

namespace NanoOta
{
    /// <summary>The topics of one device (SPEC.md, section 8.1).</summary>
    public sealed class Topics
    {
        /// <summary>Longest product, board or device id, in bytes of UTF-8.</summary>
        public const int MaxSegmentBytes = 64;

        private const string Digits = "0123456789ABCDEF";

        /// <summary>Topics of a device; segments are written by <see cref="Segment"/>.</summary>
        /// <exception cref="ArgumentException">One of them is empty or too long.</exception>
        public Topics(string product, string board, string deviceId)
        {
            string device = Root(product) + "/device/" + Segment(deviceId);
            Offer = OfferOf(product, board);
            Status = device + "/status";
            Progress = device + "/progress";
            Event = device + "/event";
            Command = device + "/command";
            Answer = device + "/answer";
            Report = device + "/report";
        }

        /// <summary>Announcements for all devices of the board; retained.</summary>
        public string Offer { get; }

        /// <summary>The status of the device; retained.</summary>
        public string Status { get; }

        /// <summary>Progress of a download.</summary>
        public string Progress { get; }

        /// <summary>Events.</summary>
        public string Event { get; }

        /// <summary>Commands to the device.</summary>
        public string Command { get; }

        /// <summary>Results of commands.</summary>
        public string Answer { get; }

        /// <summary>Requested reports.</summary>
        public string Report { get; }

        /// <summary>Announcements for the devices of a product and board.</summary>
        /// <exception cref="ArgumentException">One of them is empty or too long.</exception>
        public static string OfferOf(string product, string board) => Root(product) + "/" + Segment(board) + "/offer";

        /// <summary>A text as one level of a topic: <c>A–Z a–z 0–9 . _ - :</c> stay, every other byte of its UTF-8 becomes %XX. So no two
        /// texts give the same level, and none is a wildcard or a separator.</summary>
        /// <exception cref="ArgumentException">The text is empty or longer than 64 bytes.</exception>
        public static string Segment(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            if (bytes.Length < 1 || bytes.Length > MaxSegmentBytes)
                throw new ArgumentException("product, board and device id must have 1 to 64 bytes");
            var level = new char[3 * bytes.Length];
            int length = 0;
            for (int i = 0; i < bytes.Length; i++)
            {
                byte b = bytes[i];
                if (Stays(b))
                {
                    level[length++] = (char)b;
                    continue;
                }

                level[length++] = '%';
                level[length++] = Digits[b / 16];
                level[length++] = Digits[b % 16];
            }

            return new string(level, 0, length);
        }

        private static string Root(string product) => "nanoota/" + Segment(product);

        private static bool Stays(byte b) => (b >= (byte)'a' && b <= (byte)'z') || (b >= (byte)'A' && b <= (byte)'Z')
            || (b >= (byte)'0' && b <= (byte)':') || b == (byte)'.' || b == (byte)'_' || b == (byte)'-';
    }
}
