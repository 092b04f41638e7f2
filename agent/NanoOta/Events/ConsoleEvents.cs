using System;

namespace NanoOta
{
    /// <summary>Writes each event to the console as one line, <c>nanoota: </c> and a JSON object, for people with a serial cable and for
    /// test rigs. Progress is written at most once for each percent.</summary>
    public sealed class ConsoleEvents : IUpdateEvents
    {
        /// <summary>What each line begins with.</summary>
        public const string Prefix = "nanoota: ";

        private int percent = -1;

        /// <inheritdoc/>
        public void On(UpdateEvent e)
        {
            if (e.Kind != UpdateEventKind.Progress || IsDue(e)) Console.WriteLine(Prefix + EventWriter.Line(e));
        }

        private bool IsDue(UpdateEvent e)
        {
            int now = (int)((long)e.BytesStaged * 100 / e.ImageSize);
            bool isDue = now != percent;
            percent = now;
            return isDue;
        }
    }
}
