using System.Net.Sockets;
using System.Text;

namespace NanoOta.Tests.Http;

/// <summary>One request, and what a server writes in answer to it, byte by byte.</summary>
internal sealed class Exchange(FaultyServer server, Request request, NetworkStream stream)
{
    public byte[] File => server.Files.GetValueOrDefault(request.File, []);

    /// <summary>First byte asked for.</summary>
    public int From => request.From ?? 0;

    public bool IsRanged => request.From != null;

    /// <summary>The number behind <c>hop=</c> in the query.</summary>
    public int Hop => request.Path.Split("?hop=") is [_, var number] ? int.Parse(number) : 0;

    public string Path => "/" + request.File;

    public Task Never => server.Never;

    public Task Honest() => server.Serve(request, stream);

    /// <summary>Writes header lines; \n ends each, {n} stands for the file's length, {from} and {last} for the range asked for.</summary>
    public Task Head(string lines) => Raw(Fill(lines).Replace("\n", "\r\n"));

    public async Task Raw(string text) => await stream.WriteAsync(Encoding.Latin1.GetBytes(text));

    public async Task Bytes(byte[] bytes) => await stream.WriteAsync(bytes);

    /// <summary>Header lines, the empty line, and the whole file.</summary>
    public async Task Whole(string lines)
    {
        await Head(lines + "\n\n");
        await Bytes(File);
    }

    /// <summary>The same with a part of the file: that many bytes, from so many bytes before the one asked for.</summary>
    public async Task Part(string lines, int before = 0, int count = int.MaxValue)
    {
        int first = Math.Max(0, From - before);
        await Head(lines + "\n\n");
        await Bytes(File[first..(int)Math.Min(File.Length, (long)first + count)]);
    }

    public async Task Chunked(string lines, int count = int.MaxValue, string end = "0\r\n\r\n")
    {
        await Head(lines + "\nTransfer-Encoding: chunked\n\n");
        foreach (var chunk in File.Take(count).Chunk(1000))
        {
            await Raw($"{chunk.Length:x}\r\n");
            await Bytes(chunk);
            await Raw("\r\n");
        }

        await Raw(end);
    }

    public Task Redirect(string status, string location) => Head($"HTTP/1.1 {status}\nLocation: {location}\nContent-Length: 4\n\nbody");

    public async Task Slowly(string text)
    {
        foreach (char c in text)
        {
            await Raw(c.ToString());
            await Task.Delay(20);
        }
    }

    public void Reset()
    {
        stream.Socket.LingerState = new LingerOption(true, 0);
        stream.Socket.Close();
    }

    private string Fill(string text) => text
        .Replace("{n}", $"{File.Length}").Replace("{from}", $"{From}").Replace("{last}", $"{File.Length - 1}");
}
