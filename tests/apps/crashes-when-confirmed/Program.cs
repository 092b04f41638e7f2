using NanoOta;
using TestFirmware;

// Fit in its trial, and from then on it crashes after each start, as soon as its agent has looked for a release.
var boot = new NativeBootControl();
Firmware.Run(new Verdict(Health.Good), e =>
{
    bool hasLooked = e.Kind is UpdateEventKind.Idle or UpdateEventKind.Staging;
    if (hasLooked && boot.State == BootState.Confirmed && !boot.IsSafeMode) Environment.Exit(1);
});
