using System.Text;
using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary>Checks input of the commands that use a broker.</summary>
internal static class RemoteInput
{
    /// <summary>A product, board or device id, to be a topic level.</summary>
    /// <exception cref="ReleaseException">It is empty or too long.</exception>
    public static string Level(string option, string text) => Encoding.UTF8.GetByteCount(text) is >= 1 and <= Topics.MaxSegmentBytes ? text
        : throw new ReleaseException($"{option} '{DeviceText.Clean(text)}' is wrong; give 1 to {Topics.MaxSegmentBytes} bytes of UTF-8");

    /// <summary>Reads a token from a file with nothing else. No message repeats it.</summary>
    /// <exception cref="ReleaseException">There is no such file, or it has no valid token.</exception>
    public static string Token(string file)
    {
        var text = InputPath.Text(file, "token file", "write the token of the firmware to a file").TrimEnd('\r', '\n');
        if (text.Any(char.IsControl))
            throw new ReleaseException($"{file}: has more than one line; give a file with the token and nothing else");
        return text.Length >= MqttOptions.MinTokenLength ? text : throw new ReleaseException(
            $"{file}: the token has {text.Length} characters; the minimum is {MqttOptions.MinTokenLength}");
    }
}
