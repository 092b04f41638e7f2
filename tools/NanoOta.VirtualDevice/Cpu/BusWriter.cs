using System.Text;

namespace NanoOta.VirtualDevice.Cpu;

/// <summary>The console of the app: each complete line goes to the board. To be used synchronized.</summary>
internal sealed class BusWriter(BusClient bus) : TextWriter
{
    private readonly StringBuilder line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        if (value == '\n') Send();
        else if (value != '\r') line.Append(value);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        for (int i = index; i < index + count; i++) Write(buffer[i]);
    }

    public override void Write(string? value)
    {
        foreach (char c in value ?? "") Write(c);
    }

    /// <summary>A line that has begun and not ended.</summary>
    public string Rest => line.ToString();

    private void Send()
    {
        bus.Print(line.ToString());
        line.Clear();
    }
}
