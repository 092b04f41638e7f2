using NanoOta.VirtualDevice.Bus;

namespace NanoOta.Native;

/// <summary>
/// The native module of the virtual device: the surface of <c>bootloader-config/native/NanoOta.Native</c>, which documents each call,
/// answered by its board (<see cref="Firmware"/>). Arguments may be anything, null included; what is out of range
/// answers <see cref="Refused"/>. Calls of several threads follow each other, as in the firmware.
/// </summary>
public static partial class NativeModule
{
    public static int GetValue(int value) => Firmware.Current.GetValue(value);

    public static int GetAreaSize(int area) => Firmware.Current.GetAreaSize(area);

    public static int Read(int area, int offset, byte[] buffer, int start, int count) =>
        Firmware.Current.Read(area, offset, buffer, start, count);

    public static int Erase(int area, int offset) => Firmware.Current.Erase(area, offset);

    public static int Write(int area, int offset, byte[] buffer, int start, int count) =>
        Firmware.Current.Write(area, offset, buffer, start, count);

    public static int HashStart() => Firmware.Current.HashStart();

    public static int HashBytes(byte[] buffer, int start, int count) =>
        Firmware.Current.HashBytes(buffer, start, count);

    public static int HashArea(int area, int offset, int count) => Firmware.Current.HashArea(area, offset, count);

    public static int HashFinish(byte[] digest) => Firmware.Current.HashFinish(digest);

    public static bool VerifyEcdsaP256(byte[] publicKey, byte[] hash, byte[] signature) =>
        Firmware.Current.VerifyEcdsaP256(publicKey, hash, signature);

    public static int Activate() => Firmware.Current.Activate();

    public static int Confirm() => Firmware.Current.Confirm();

    public static int Reject(int reason) => Firmware.Current.Reject(reason);

    public static void Restart() => Firmware.Current.Restart();

    public static int GetNativeAssembly(int index, byte[] name) => Firmware.Current.GetNativeAssembly(index, name);

    public static int GetNativeChecksum(int index) => Firmware.Current.GetNativeChecksum(index);

    public static int Guard(int seconds) => Firmware.Current.Guard(seconds);

    public static int Sleep(int milliseconds, int kept) => Firmware.Current.Sleep(milliseconds, kept);

    public static int ForgetCrashes() => Firmware.Current.ForgetCrashes();

    public static int ReleaseRuntime() => Firmware.Current.ReleaseRuntime();

    public static int ActivateRuntime(bool withApp) => Firmware.Current.ActivateRuntime(withApp);
}
