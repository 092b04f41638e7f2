using NanoOta.Native;

namespace NanoOta
{
    /// <summary>The boot record through the native module.</summary>
    public sealed class NativeBootControl : IBootControl
    {
        /// <inheritdoc/>
        public BootState State => (BootState)NativeModule.GetValue(NativeModule.ValueBootState);

        /// <inheritdoc/>
        public int RunningSlot => NativeModule.GetValue(NativeModule.ValueRunningSlot);

        /// <inheritdoc/>
        public UpdateError RevertReason => (UpdateError)NativeModule.GetValue(NativeModule.ValueRevertReason);

        /// <inheritdoc/>
        public bool Activate() => NativeModule.Activate() == NativeModule.Ok;

        /// <inheritdoc/>
        public bool ReleaseRuntime() => NativeModule.ReleaseRuntime() == NativeModule.Ok;

        /// <inheritdoc/>
        public bool ActivateRuntime(bool withApp) => NativeModule.ActivateRuntime(withApp) == NativeModule.Ok;

        /// <inheritdoc/>
        public bool Confirm() => NativeModule.Confirm() == NativeModule.Ok;

        /// <inheritdoc/>
        public bool Reject(UpdateError reason) => NativeModule.Reject((int)reason) == NativeModule.Ok;

        /// <inheritdoc/>
        public bool IsSafeMode => NativeModule.GetValue(NativeModule.ValueSafeMode) == 1;

        /// <inheritdoc/>
        public int Kept => NativeModule.GetValue(NativeModule.ValueKept);

        /// <inheritdoc/>
        public int TrialLimitSeconds => Known(NativeModule.ValueTrialSeconds);

        /// <inheritdoc/>
        public int CrashLimit => Known(NativeModule.ValueCrashLimit);

        /// <inheritdoc/>
        public ResetReason ResetReason => (ResetReason)Known(NativeModule.ValueResetReason);

        /// <inheritdoc/>
        public int TrialBoots => Known(NativeModule.ValueTrialBoots);

        /// <inheritdoc/>
        public int PowerBlips => Known(NativeModule.ValuePowerBlips);

        /// <inheritdoc/>
        public int Crashes => Known(NativeModule.ValueCrashes);

        /// <inheritdoc/>
        public void Guard(int seconds) => NativeModule.Guard(seconds);

        /// <inheritdoc/>
        public void ForgetCrashes() => NativeModule.ForgetCrashes();

        /// <inheritdoc/>
        public bool Sleep(int milliseconds, int kept) => NativeModule.Sleep(milliseconds, kept) == NativeModule.Ok;

        /// <inheritdoc/>
        public void Restart() => NativeModule.Restart();

        // Firmware that was built with an older native module refuses.
        private static int Known(int value)
        {
            int known = NativeModule.GetValue(value);
            return known == NativeModule.Refused ? 0 : known;
        }
    }
}
