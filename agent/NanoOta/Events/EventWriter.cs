using System.Text;

namespace NanoOta
{
    /// <summary>Writes events as JSON: for the console (SPEC.md, section 6) and for a broker (section 8.5).</summary>
    internal static class EventWriter
    {
        // Bytes of the longest line without its detail, of which each character may take six.
        private const int LineLength = 512, EscapeLength = 6;

        /// <summary>The object of a console line.</summary>
        public static string Line(UpdateEvent e)
        {
            var buffer = new byte[LineLength + (e.Detail == null ? 0 : EscapeLength * e.Detail.Length)];
            var json = new JsonWriter(buffer);
            json.Begin(buffer.Length);
            json.Text("event", UpdateEvents.Name(e.Kind));
            json.Number("slot", e.Slot);
            json.Text("version", e.Version == null ? "" : e.Version);
            json.Number("code", (int)e.Code);
            json.Text("reason", e.Code == UpdateError.None ? "" : UpdateErrors.Text(e.Code));
            json.Known("detail", e.Detail);
            if (e.Image == ImageKind.Runtime) json.Text("image", "runtime");
            json.Number("bytes", e.BytesFetched);
            json.Number("staged", e.BytesStaged);
            json.Number("size", e.ImageSize);
            if (e.PackedSize > 0) json.Number("packed", e.PackedSize);
            return Encoding.UTF8.GetString(buffer, 0, json.End());
        }

        /// <summary>The fields of a message to a broker.</summary>
        /// <param name="json">Begun; what does not fit is left out.</param>
        /// <param name="e">The event.</param>
        /// <param name="number">Counts the events since the start, from 1.</param>
        /// <param name="uptime">Seconds since the start.</param>
        public static void WriteMessage(JsonWriter json, UpdateEvent e, int number, long uptime)
        {
            json.Text("e", UpdateEvents.Name(e.Kind));
            json.Number("n", number);
            json.Number("slot", e.Slot);
            json.Known("ver", e.Version);
            json.Number("code", (int)e.Code);
            json.Number("up", uptime);
            if (e.ImageSize > 0)
            {
                if (e.Image == ImageKind.Runtime) json.Text("image", "runtime");
                json.Number("done", e.FileStaged);
                json.Number("size", e.FileSize);
                json.Number("got", e.BytesFetched);
            }

            json.Known("detail", e.Detail);
        }
    }
}
