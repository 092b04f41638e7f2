using NanoOta.VirtualDevice.Bus;

namespace NanoOta.Native;

/// <summary>
/// The native module of the virtual device: the surface of <c>bootloader-config/native/NanoOta.Native</c>, answered by the
/// board that stands behind it (<see cref="Firmware"/>). Arguments may be anything, null included; what is out of range
/// answers <see cref="Refused"/>. Calls of several threads follow each other, as in the firmware.
/// </summary>
public static class NativeModule
{
    /// <summary>Version of this surface.</summary>
    public const int Surface = 2;

    /// <summary>The call did what it says.</summary>
    public const int Ok = 0;

    /// <summary>The arguments or the boot state do not allow the call; nothing was changed.</summary>
    public const int Refused = -1;

    /// <summary>The flash failed.</summary>
    public const int Failed = -2;

    /// <summary>Area: the slot that runs; can only be read.</summary>
    public const int RunningSlot = 0;

    /// <summary>Area: the other slot; can be written only while the boot state is confirmed.</summary>
    public const int InactiveSlot = 1;

    /// <summary>Area: the index region of the running slot; can only be read.</summary>
    public const int RunningIndex = 2;

    /// <summary>Area: the index region of the other slot; written under the same rule as that slot.</summary>
    public const int InactiveIndex = 3;

    /// <summary>Area: the two journal sectors.</summary>
    public const int Journal = 4;

    /// <summary>Area: the two sectors of the history.</summary>
    public const int History = 5;

    /// <summary>Value: number of the running slot, 0 or 1.</summary>
    public const int ValueRunningSlot = 0;

    /// <summary>Value: boot state of the running slot: 1 confirmed, 2 trial, 3 reverted (SPEC.md, section 5.1); 4 when the other
    /// slot boots next.</summary>
    public const int ValueBootState = 1;

    /// <summary>Value: error number of the last revert, 0 if there was none.</summary>
    public const int ValueRevertReason = 2;

    /// <summary>Value: reset reason, numbered as ESP-IDF's esp_reset_reason_t.</summary>
    public const int ValueResetReason = 3;

    /// <summary>Value: boots of this trial so far.</summary>
    public const int ValueTrialBoots = 4;

    /// <summary>Value: power blips of this trial so far.</summary>
    public const int ValuePowerBlips = 5;

    /// <summary>Value: 1 when only network and agent should run (SPEC.md, section 5.1), else 0.</summary>
    public const int ValueSafeMode = 6;

    /// <summary>Value: crashes and hangs of firmware that is not on trial, soon after its start, up to this boot.</summary>
    public const int ValueCrashes = 7;

    /// <summary>Value: the number that firmware gave to <see cref="Sleep"/>, when this boot is the wake from that sleep; else 0.</summary>
    public const int ValueKept = 8;

    /// <summary>Value: seconds that a trial has until its verdict (SPEC.md, section 5.1); not known to older firmware.</summary>
    public const int ValueTrialSeconds = 9;

    /// <summary>Value: crashes and hangs that have consequences (SPEC.md, section 5.1), 0 = never; not known to older firmware.</summary>
    public const int ValueCrashLimit = 10;

    /// <summary>One of the values above, as it was after the last boot or call; Refused for any other number.</summary>
    public static int GetValue(int value) => Firmware.Current.GetValue(value);

    /// <summary>Size of an area in bytes, a multiple of 4096; Refused for an unknown area.</summary>
    public static int GetAreaSize(int area) => Firmware.Current.GetAreaSize(area);

    /// <summary>Reads from an area into part of a buffer, at most 65536 bytes a call; Ok, Refused or Failed.</summary>
    public static int Read(int area, int offset, byte[] buffer, int start, int count) =>
        Firmware.Current.Read(area, offset, buffer, start, count);

    /// <summary>Erases the one sector at an offset that is a multiple of 4096; Ok, Refused or Failed.</summary>
    public static int Erase(int area, int offset) => Firmware.Current.Erase(area, offset);

    /// <summary>
    /// Programs part of a buffer into erased flash within one sector; the offset is a multiple of 4, a count that is not is
    /// padded with 0xFF. Ok, Refused or Failed.
    /// </summary>
    public static int Write(int area, int offset, byte[] buffer, int start, int count) =>
        Firmware.Current.Write(area, offset, buffer, start, count);

    /// <summary>Starts the one SHA-256 computation that the module keeps, forgetting any other.</summary>
    public static int HashStart() => Firmware.Current.HashStart();

    /// <summary>Adds part of a buffer to it, at most 65536 bytes a call.</summary>
    public static int HashBytes(byte[] buffer, int start, int count) =>
        Firmware.Current.HashBytes(buffer, start, count);

    /// <summary>Adds a range of an area to it, read from flash; at most 65536 bytes a call, which bounds the stall.</summary>
    public static int HashArea(int area, int offset, int count) => Firmware.Current.HashArea(area, offset, count);

    /// <summary>Ends it and puts the 32 bytes into <paramref name="digest"/>.</summary>
    public static int HashFinish(byte[] digest) => Firmware.Current.HashFinish(digest);

    /// <summary>
    /// Whether a 64-byte signature (r ‖ s) of a 32-byte hash was made with the P-256 key whose public point is x ‖ y
    /// (64 bytes).
    /// </summary>
    public static bool VerifyEcdsaP256(byte[] publicKey, byte[] hash, byte[] signature) =>
        Firmware.Current.VerifyEcdsaP256(publicKey, hash, signature);

    /// <summary>Chooses the inactive slot for a trial at the next reset; Ok, Refused or Failed.</summary>
    public static int Activate() => Firmware.Current.Activate();

    /// <summary>Confirms the firmware on trial, or acknowledges a revert; Ok, also when there was nothing to do.</summary>
    public static int Confirm() => Firmware.Current.Confirm();

    /// <summary>
    /// Gives the running firmware up: the previous slot boots next, with <paramref name="reason"/>, 1 to 65535, as reason of the
    /// revert. On trial, or confirmed and only if what ran before its trial is proven (SPEC.md, section 5.1). Ok, Refused
    /// or Failed.
    /// </summary>
    public static int Reject(int reason) => Firmware.Current.Reject(reason);

    /// <summary>Resets the device; does not return.</summary>
    public static void Restart() => Firmware.Current.Restart();

    /// <summary>
    /// Puts the name of a native assembly of the firmware, ASCII and without a terminator, into <paramref name="name"/> and
    /// returns its length; Refused when there is no such index or the name does not fit. The indexes of a firmware are 0, 1,
    /// and so on without a gap, and name the same assemblies after every reset.
    /// </summary>
    public static int GetNativeAssembly(int index, byte[] name) => Firmware.Current.GetNativeAssembly(index, name);

    /// <summary>
    /// The native checksum of that assembly, its 32 bits as an int: any value is possible, and Refused is one of them.
    /// Whether there is such an index, <see cref="GetNativeAssembly"/> says.
    /// </summary>
    public static int GetNativeChecksum(int index) => Firmware.Current.GetNativeChecksum(index);

    /// <summary>
    /// Guards confirmed firmware: the chip is reset unless this is called again within <paramref name="seconds"/>, 1 to 3600; 0 ends
    /// it. On trial, Ok without effect: the trial watchdog is stricter. Forgotten at a reset. Ok or Refused.
    /// </summary>
    public static int Guard(int seconds) => Firmware.Current.Guard(seconds);

    /// <summary>
    /// Puts the chip into deep sleep, planned: on trial, the wake from it is no power blip. A number, 0 to 2^31 − 1, can be
    /// kept for the firmware that wakes (<see cref="ValueKept"/>). Wakes after <paramref name="milliseconds"/>, by which other
    /// sources the firmware has enabled, and with 0 by those alone. Refused for negative numbers; else it does not return.
    /// </summary>
    public static int Sleep(int milliseconds, int kept) => Firmware.Current.Sleep(milliseconds, kept);

    /// <summary>
    /// Forgets crashes and hangs: the firmware has run for long enough, or safe mode is to end with the next reset. Ok.
    /// </summary>
    public static int ForgetCrashes() => Firmware.Current.ForgetCrashes();
}
