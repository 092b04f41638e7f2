using System.Text;

namespace NanoOta.VirtualDevice.Cpu;

/// <summary>The console of the app: sends each complete line to the board, a long one in pieces. The text of one call stays in one piece if
/// it fits, so an event of the agent is never split. Not synchronized.</summary>
internal sealed class BusWriter(BusClient bus) : TextWriter
{
    /// <summary>Characters of a piece; in UTF-8 they always fit a frame.</summary>
    private const int MaxPiece = 4096;

    private readonly StringBuilder line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        if (value == '\r') return;
        if (value == '\n' || line.Length == MaxPiece) Send();
        if (value != '\n') line.Append(value);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        for (int i = index; i < index + count; i++) Write(buffer[i]);
    }

    public override void Write(string? value)
    {
        if (value == null) return;
        if (line.Length > 0 && line.Length + value.Length > MaxPiece && value.Length <= MaxPiece) Send();
        foreach (char c in value) Write(c);
    }

    /// <summary>The incomplete last line.</summary>
    public string Rest => line.ToString();

    private void Send()
    {
        bus.Print(line.ToString());
        line.Clear();
    }
}
