using System;

namespace NanoOta
{
    /// <summary>
    /// Writes each event to the console as one line, <c>nanoota: </c> and a JSON object, for people with a serial cable and for
    /// test rigs. Progress comes at most once for each percent.
    /// </summary>
    public sealed class ConsoleEvents : IUpdateEvents
    {
        /// <summary>What each line begins with.</summary>
        public const string Prefix = "nanoota: ";

        private int percent = -1;

        /// <inheritdoc/>
        public void On(UpdateEvent e)
        {
            if (e.Kind == UpdateEventKind.Progress && !IsNews(e)) return;
            Console.WriteLine(Prefix + "{\"event\":\"" + Name(e.Kind) + "\",\"slot\":" + e.Slot.ToString() + ",\"version\":\""
                + e.Version + "\",\"code\":" + ((int)e.Code).ToString() + ",\"reason\":\"" + Reason(e.Code) + "\"" + Detail(e.Detail)
                + ",\"bytes\":" + e.BytesFetched.ToString() + ",\"staged\":" + e.BytesStaged.ToString() + ",\"size\":" + e.ImageSize.ToString() + "}");
        }

        private bool IsNews(UpdateEvent e)
        {
            int now = (int)((long)e.BytesStaged * 100 / e.ImageSize);
            bool isNews = now != percent;
            percent = now;
            return isNews;
        }

        private static string Detail(string detail) => string.IsNullOrEmpty(detail) ? "" : ",\"detail\":\"" + detail + "\"";

        private static string Reason(UpdateError code) => code == UpdateError.None ? "" : UpdateErrors.Text(code);

        // An enum's text is its number on the device (facts, section 11).
        private static string Name(UpdateEventKind kind)
        {
            switch (kind)
            {
                case UpdateEventKind.Offer: return "offer";
                case UpdateEventKind.Refused: return "refused";
                case UpdateEventKind.Staging: return "staging";
                case UpdateEventKind.Progress: return "progress";
                case UpdateEventKind.Staged: return "staged";
                case UpdateEventKind.Activated: return "activated";
                case UpdateEventKind.Reboot: return "reboot";
                case UpdateEventKind.Trial: return "trial";
                case UpdateEventKind.Health: return "health";
                case UpdateEventKind.Confirmed: return "confirmed";
                case UpdateEventKind.Rejected: return "rejected";
                case UpdateEventKind.Reverted: return "reverted";
                case UpdateEventKind.Error: return "error";
                case UpdateEventKind.Notice: return "notice";
                case UpdateEventKind.Delayed: return "delayed";
                default: return "idle";
            }
        }
    }
}
