namespace NanoOta.Tests.Simulation;

/// <summary>Flash with a slot for larger images than its index region has room for.</summary>
internal sealed class LargeSlot(IFlash flash) : IFlash
{
    public int GetSize(FlashArea area) => area == FlashArea.InactiveSlot ? 4 << 20 : flash.GetSize(area);

    public bool Read(FlashArea area, int offset, byte[] buffer, int start, int count) => flash.Read(area, offset, buffer, start, count);

    public bool Erase(FlashArea area, int offset) => flash.Erase(area, offset);

    public bool Write(FlashArea area, int offset, byte[] buffer, int start, int count) => flash.Write(area, offset, buffer, start, count);
}

/// <summary>Flash of which an area cannot be read at times.</summary>
internal sealed class UnreadableFlash(IFlash flash, FlashArea broken, Func<bool> isBroken) : IFlash
{
    public int GetSize(FlashArea area) => flash.GetSize(area);

    public bool Read(FlashArea area, int offset, byte[] buffer, int start, int count) =>
        (area != broken || !isBroken()) && flash.Read(area, offset, buffer, start, count);

    public bool Erase(FlashArea area, int offset) => flash.Erase(area, offset);

    public bool Write(FlashArea area, int offset, byte[] buffer, int start, int count) =>
        flash.Write(area, offset, buffer, start, count);
}

/// <summary>A boot record that never chooses the other slot.</summary>
internal sealed class FixedSlotBoot(IBootControl boot) : IBootControl
{
    public BootState State => boot.State;

    public int RunningSlot => boot.RunningSlot;

    public UpdateError RevertReason => boot.RevertReason;

    public bool Activate() => false;

    public bool ReleaseRuntime() => false;

    public bool ActivateRuntime(bool withApp) => false;

    public bool Confirm() => boot.Confirm();

    public bool Reject(UpdateError reason) => boot.Reject(reason);

    public bool IsSafeMode => boot.IsSafeMode;

    public int Kept => boot.Kept;

    public int TrialLimitSeconds => boot.TrialLimitSeconds;

    public int CrashLimit => boot.CrashLimit;

    public ResetReason ResetReason => boot.ResetReason;

    public int TrialBoots => boot.TrialBoots;

    public int PowerBlips => boot.PowerBlips;

    public int Crashes => boot.Crashes;

    public void Guard(int seconds) => boot.Guard(seconds);

    public void ForgetCrashes() => boot.ForgetCrashes();

    public bool Sleep(int milliseconds, int kept) => boot.Sleep(milliseconds, kept);

    public void Restart() => boot.Restart();
}

/// <summary>A battery, or a mains adapter.</summary>
internal sealed class Cell(Func<int> millivolts, bool isExternal = false) : ISupply
{
    public int Millivolts => millivolts();

    public bool IsExternal => isExternal;
}

/// <summary>Memory of which the application can give some back.</summary>
internal sealed class Heap : IMemory
{
    public int Free { get; set; }

    public int LargestBlock { get; set; }

    public int FreeManaged { get; set; } = 50_000;

    public int Gives { get; set; }

    public int GivesManaged { get; set; }

    public int Releases { get; private set; }

    public void Release()
    {
        Releases++;
        if (Gives > 0) Free = LargestBlock = Gives;
        if (GivesManaged > 0) FreeManaged = GivesManaged;
    }
}

/// <summary>A runtime with some native assemblies.</summary>
internal sealed class Natives(params (string Name, long Checksum)[] all) : IRuntime
{
    public long GetNativeChecksum(string assembly) =>
        all.Where(native => native.Name == assembly).Select(native => native.Checksum).DefaultIfEmpty(-1).First();
}

/// <summary>A probe that answers in one wake only.</summary>
internal sealed class SingleWakeProbe(bool isThis) : IHealthCheck
{
    public Health Check() => isThis ? Health.Good : Health.Unknown;
}

/// <summary>SHA-256 that fails at times, as it does without memory.</summary>
internal sealed class FaultyHash(ICrypto crypto, Func<bool> isFailing) : ICrypto
{
    public void HashStart() => crypto.HashStart();

    public void HashBytes(byte[] buffer, int start, int count) => crypto.HashBytes(buffer, start, count);

    public bool HashFlash(FlashArea area, int offset, int count) => crypto.HashFlash(area, offset, count);

    public bool HashFinish(byte[] digest)
    {
        bool isFinished = crypto.HashFinish(digest);
        return !isFailing() && isFinished;
    }

    public bool VerifyEcdsaP256(byte[] publicKey, byte[] hash, byte[] signature) => crypto.VerifyEcdsaP256(publicKey, hash, signature);
}

/// <summary>A boot record that takes no verdict while flash is worn.</summary>
internal sealed class NoVerdict(IBootControl boot) : IBootControl
{
    /// <summary>Times that it was asked to confirm, and to reject.</summary>
    public (int Confirm, int Reject) Asked { get; private set; }

    public BootState State => boot.State;

    public int RunningSlot => boot.RunningSlot;

    public UpdateError RevertReason => boot.RevertReason;

    public bool IsSafeMode => boot.IsSafeMode;

    public int Kept => boot.Kept;

    public int TrialLimitSeconds => boot.TrialLimitSeconds;

    public int CrashLimit => boot.CrashLimit;

    public ResetReason ResetReason => boot.ResetReason;

    public int TrialBoots => boot.TrialBoots;

    public int PowerBlips => boot.PowerBlips;

    public int Crashes => boot.Crashes;

    public void Guard(int seconds) => boot.Guard(seconds);

    public void ForgetCrashes() => boot.ForgetCrashes();

    public bool Activate() => boot.Activate();

    public bool ReleaseRuntime() => boot.ReleaseRuntime();

    public bool ActivateRuntime(bool withApp) => boot.ActivateRuntime(withApp);

    public bool Confirm()
    {
        if (boot.State != BootState.Trial) return boot.Confirm();
        Asked = (Asked.Confirm + 1, Asked.Reject);
        return false;
    }

    public bool Reject(UpdateError reason)
    {
        Asked = (Asked.Confirm, Asked.Reject + 1);
        return false;
    }

    public bool Sleep(int milliseconds, int kept) => boot.Sleep(milliseconds, kept);

    public void Restart() => boot.Restart();
}
