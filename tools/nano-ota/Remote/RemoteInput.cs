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

    /// <summary>Reads a token from a file that holds nothing else. No message repeats it.</summary>
    /// <exception cref="ReleaseException">There is no such file, or it holds no token.</exception>
    public static string Token(string file)
    {
        var text = InputPath.Text(file, "token file", "write the token of the firmware into one").TrimEnd('\r', '\n');
        if (text.Any(char.IsControl))
            throw new ReleaseException($"{file}: holds more than one line; give a file with the token and nothing else");
        return text.Length >= MqttOptions.MinTokenLength ? text : throw new ReleaseException(
            $"{file}: the token has {text.Length} characters; {MqttOptions.MinTokenLength} are the least");
    }
}
