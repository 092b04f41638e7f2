namespace NanoOta.Cli.Scenarios;

/// <summary>All scenarios, in the order in which they run.</summary>
internal static class ScenarioList
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("first-flash", "A new device", "It has nothing to do if it runs the published release.", UpdateScenarios.FirstFlash),
        new("good-update", "A good release", "It is installed and confirmed; each byte is fetched once.", UpdateScenarios.GoodUpdate),
        new("lost-connection", "Connections that drop", "The download resumes; a drop costs one block.", UpdateScenarios.LostConnection),
        new("power-cut", "Power failures during an update", "The update resumes after a failure at any step, inside flash writes too.",
            UpdateScenarios.PowerCut, Needs.PowerCut),

        new("corrupt-file", "A corrupt image file", "The device finds the corrupt block and refuses it.", RefusalScenarios.CorruptFile),
        new("stranger", "An unknown signer", "It is refused before the image is fetched.", RefusalScenarios.UnknownSigner),
        new("wrong-board", "A release for another board", "It is refused before the image is fetched.", RefusalScenarios.WrongBoard),
        new("too-big", "An image larger than the slot", "It is refused before the image is fetched.", RefusalScenarios.TooBig),

        new("crash-on-boot", "Firmware that crashes at its start", "The trial ends and the device reverts.", RollbackScenarios.CrashOnBoot),
        new("hang", "Firmware that hangs", "The watchdog ends the trial, and the device reverts.", RollbackScenarios.Hang),
        new("unhealthy", "Firmware that fails its health check", "The agent rejects it and reverts.", RollbackScenarios.Unhealthy),
        new("no-loop", "The failed release once more", "It is not installed a second time.", RollbackScenarios.NoLoop),
        new("recover", "The next good release", "A device that reverted installs the next release.", RollbackScenarios.Recover),

        new("busy-server", "A server that is overloaded", "The device never retries before Retry-After.", UpdateScenarios.BusyServer),
        new("weak-battery", "A battery that is low", "The device waits without a request, and updates when the battery is charged.",
            RefusalScenarios.WeakBattery, Needs.Settings),
        new("power-blip", "Power failures in the trial", "Three of them do not end the trial.", UpdateScenarios.PowerBlip, Needs.PowerCut),
        new("wrong-runtime", "A runtime without native code that the app needs",
            "The device refuses the release and names the assembly; with the assembly it installs it.",
            RefusalScenarios.WrongRuntime, Needs.Settings),
        new("wave", "A staged rollout to 10 %", "About a tenth of 200 devices install it, always the same ones.",
            RefusalScenarios.Wave, Needs.Settings),

        new("late-crash", "Confirmed firmware that crashes in a loop", "After 5 crashes the device reverts, and quarantines the release.",
            RollbackScenarios.LateCrash),
        new("safe-mode", "The same without firmware to revert to", "The device starts in safe mode, and the next release repairs it.",
            RollbackScenarios.SafeMode),
        new("sleeper", "Firmware in deep sleep most of the time", "Staging and trial continue over sleeps that the firmware planned.",
            UpdateScenarios.Sleeper),

        new("delta", "A release that is a small fix", "The device fetches the difference from what it runs.", PackedScenarios.Delta),
        new("wrong-base", "A difference from another release", "The device fetches nothing of it and takes the plain image.",
            PackedScenarios.WrongBase),
        new("first-install-compressed", "A compressed image", "A device with any firmware fetches the compressed form.",
            PackedScenarios.FirstInstallCompressed),

        new("runtime-update", "A release with runtime and app", "Both are installed and confirmed as one.",
            RuntimeScenarios.RuntimeUpdate, Needs.RuntimeSlots),
        new("runtime-crash", "A runtime that crashes before the app", "Runtime and app both go back.",
            RuntimeScenarios.RuntimeCrash, Needs.RuntimeSlots),
        new("pair-cut", "Power failures during an update of both", "No app ever runs on a runtime of another release.",
            RuntimeScenarios.PairCut, Needs.RuntimeSlots | Needs.PowerCut),
        new("clr-only", "A runtime alone, then an app on it", "What does not change is neither fetched nor written.",
            RuntimeScenarios.ClrOnly, Needs.RuntimeSlots),

        new("announce", "An announcement over MQTT", "The device updates without a request for the manifest.",
            BrokerScenarios.Announce, Needs.Settings),
        new("broker-down", "A broker that fails during an update", "The update continues, and its result is published afterwards.",
            BrokerScenarios.BrokerDown, Needs.Settings),
        new("forged-command", "Forged and replayed commands", "The device refuses each of them, and executes the valid one once.",
            BrokerScenarios.ForgedCommand, Needs.Settings),
        new("support-bundle", "A report for support", "It has version, error and history of the device, and no password.",
            BrokerScenarios.SupportBundle, Needs.Settings),
    ];
}
