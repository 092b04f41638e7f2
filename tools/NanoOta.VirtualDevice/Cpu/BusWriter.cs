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

    /// <summary>Ends a line that has begun; only at the end of the app, an app's own Flush must not break its lines.</summary>
    public void Complete()
    {
        if (line.Length > 0) Send();
    }

    private void Send()
    {
        bus.Print(line.ToString());
        line.Clear();
    }
}
