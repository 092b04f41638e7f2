using System.Security.Cryptography;
using System.Text;

namespace NanoOta.Cli.Rig;

/// <summary>Holds a device exclusively on this computer, until it is disposed or the program ends.</summary>
internal sealed class DeviceLock : IDisposable
{
    private readonly FileStream file;

    private DeviceLock(FileStream file) => this.file = file;

    /// <exception cref="RigException">Another run holds it.</exception>
    public static DeviceLock Take(DeviceEntry device)
    {
        var name = device.Emulator?.Flash ?? device.Serial.ToString();
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16];
        var path = Path.Combine(Path.GetTempPath(), $"nano-ota-rig-{digest}.lock");
        try
        {
            return new DeviceLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RigException($"{device.Id} is in use by another run of nano-ota rig ({path}); wait for its end");
        }
    }

    public void Dispose() => file.Dispose();
}
