using NanoOta;
using TestFirmware;

// Awake for two seconds at most, and asleep for half a second: it sleeps as soon as a third of an image has come in, or there is
// nothing to do. Its trial needs a second wake for a verdict on its health.
const int AwakeMs = 2000, AwakeOnTrialMs = 500, AsleepMs = 500;

using var hasDoneEnough = new AutoResetEvent(false);
int stagedBefore = 0;
bool isSecondWake = new NativeBootControl().ResetReason == ResetReason.DeepSleep;
var ota = Firmware.StartAgent(new Verdict(isSecondWake ? Health.Good : Health.Unknown), e =>
{
    if (e.Kind == UpdateEventKind.Staging) stagedBefore = e.BytesStaged;
    bool isThird = e.Kind == UpdateEventKind.Progress && e.BytesStaged - stagedBefore > e.ImageSize / 3;
    if (isThird || e.Kind == UpdateEventKind.Idle) hasDoneEnough.Set();
});
while (true)
{
    bool isFirstOnTrial = new NativeBootControl().State == BootState.Trial && !isSecondWake;
    hasDoneEnough.WaitOne(isFirstOnTrial ? AwakeOnTrialMs : AwakeMs);
    ota.Sleep(AsleepMs); // refused, it goes on awake
}
