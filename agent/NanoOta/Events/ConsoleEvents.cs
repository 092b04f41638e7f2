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
            Console.WriteLine(Prefix + "{\"event\":\"" + UpdateEvents.Name(e.Kind) + "\",\"slot\":" + e.Slot.ToString() + ",\"version\":\""
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
    }
}
