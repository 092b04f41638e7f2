using System.Runtime.CompilerServices;

namespace NanoOta.Native
{
    /// <summary>
    /// The calls of managed code to the native module. On the device the firmware implements them; the virtual device has an
    /// assembly of the same name and surface. No argument lets a caller erase or write the running slot, its index region or
    /// the boot record; every call out of range returns <see cref="Refused"/>.
    /// The order of the methods is part of the surface: the native checksum depends on it (docs/platform/assemblies.md, "Native
    /// checksum").
    /// </summary>
    public static partial class NativeModule
    {
        /// <summary>The value with this number (<c>Value...</c>) after the last boot or call; Refused for an unknown number.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int GetValue(int value);

        /// <summary>Size of an area in bytes, a multiple of 4096; Refused for an unknown area.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int GetAreaSize(int area);

        /// <summary>Reads from an area into part of a buffer, at most 65536 bytes a call; Ok, Refused or Failed.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Read(int area, int offset, byte[] buffer, int start, int count);

        /// <summary>Erases the one sector at an offset that is a multiple of 4096; Ok, Refused or Failed.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Erase(int area, int offset);

        /// <summary>
        /// Programs part of a buffer into erased flash within one sector; the offset is a multiple of 4, a count that is not is
        /// padded with 0xFF. Ok, Refused or Failed.
        /// </summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Write(int area, int offset, byte[] buffer, int start, int count);

        /// <summary>Starts the SHA-256 computation of the module, and discards any other.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int HashStart();

        /// <summary>Adds part of a buffer to it, at most 65536 bytes a call.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int HashBytes(byte[] buffer, int start, int count);

        /// <summary>Adds a range of an area to it, read from flash; at most 65536 bytes a call, which limits the stall.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int HashArea(int area, int offset, int count);

        /// <summary>Ends it and puts the 32 bytes into <paramref name="digest"/>.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int HashFinish(byte[] digest);

        /// <summary>
        /// Whether a 64-byte signature (r ‖ s) of a 32-byte hash was made with the P-256 key whose public point is x ‖ y
        /// (64 bytes).
        /// </summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern bool VerifyEcdsaP256(byte[] publicKey, byte[] hash, byte[] signature);

        /// <summary>Chooses the inactive slot for a trial at the next reset; Ok, Refused or Failed.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Activate();

        /// <summary>Confirms the firmware on trial, or acknowledges a revert; Ok, also when there was nothing to do.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Confirm();

        /// <summary>
        /// Rejects the running firmware: the previous slot boots next, with <paramref name="reason"/>, 1 to 65535, as reason of the
        /// revert. Allowed on trial, and to confirmed firmware only if the previous firmware is proven (SPEC.md, section 5.1);
        /// that reads the whole slot. Ok, Refused or Failed.
        /// </summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Reject(int reason);

        /// <summary>Resets the device; does not return.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern void Restart();

        /// <summary>
        /// Puts the name of a native assembly of the firmware, ASCII and without a terminator, into <paramref name="name"/> and
        /// returns its length; Refused if there is no such index or the name does not fit. The indexes of a firmware are 0, 1,
        /// and so on without a gap, and the same after every reset.
        /// </summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int GetNativeAssembly(int index, byte[] name);

        /// <summary>
        /// The native checksum of that assembly, its 32 bits as an int: any value is possible, Refused included.
        /// <see cref="GetNativeAssembly"/> shows whether there is such an index.
        /// </summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int GetNativeChecksum(int index);

        /// <summary>
        /// Guards confirmed firmware: the chip is reset unless this is called again within <paramref name="seconds"/>, 1 to 3600; 0 ends
        /// it. On trial, Ok without effect: the trial watchdog is stricter. Does not survive a reset. Ok or Refused.
        /// </summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Guard(int seconds);

        /// <summary>
        /// Enters a planned deep sleep: on trial, the wake from it is no power blip. The number <paramref name="kept"/>, 0 to
        /// 2^31 − 1, survives for the firmware that wakes (<see cref="ValueKept"/>). The timer wakes the chip after
        /// <paramref name="milliseconds"/>, 0 = never; other wake sources that the firmware has enabled stay. Refused for negative
        /// numbers, and on trial when its time is over; Failed if the timer cannot be set; otherwise it does not return.
        /// </summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Sleep(int milliseconds, int kept);

        /// <summary>
        /// Clears the counts of crashes and hangs: the firmware has run for long enough, or safe mode is to end with the next reset. Ok.
        /// </summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int ForgetCrashes();

        /// <summary>
        /// Frees the runtime slot that does not run for a new runtime: from now on nothing reverts to what it holds, also after a reset.
        /// Required before that slot or its index region is changed; a repetition writes nothing. Refused unless the boot state is
        /// confirmed, and on boards without runtime slots; Ok or Failed.
        /// </summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int ReleaseRuntime();

        /// <summary>
        /// Chooses the other runtime slot for a trial at the next reset, with the app of the inactive slot, or with the running one when
        /// <paramref name="withApp"/> is false: both are confirmed or rolled back as one. Reads the whole runtime slot. Refused as
        /// <see cref="ReleaseRuntime"/>, and if ESP-IDF's bootloader would not start that slot; Ok or Failed.
        /// </summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int ActivateRuntime(bool withApp);
    }
}
