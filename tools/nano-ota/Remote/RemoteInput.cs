using System.Text;
using NanoOta.Releases;

namespace NanoOta.Cli.Remote;

/// <summary>Checks what people give to the commands that need a broker.</summary>
internal static class RemoteInput
{
    /// <summary>A product, board or device id, before it becomes a level of a topic.</summary>
    /// <exception cref="ReleaseException">It is empty or too long.</exception>
    public static string Level(string option, string text) => Encoding.UTF8.GetByteCount(text) is >= 1 and <= Topics.MaxSegmentBytes ? text
        : throw new ReleaseException($"{option} '{DeviceText.Clean(text)}' is wrong; give 1 to {Topics.MaxSegmentBytes} bytes of UTF-8");
}
