namespace NanoOta.Releases;

/// <summary>What to do about each <see cref="UpdateError"/>: only host tools say so, a device has no room for it.</summary>
public static class Remedies
{
    /// <summary>What the operator should do next, in one line.</summary>
    public static string Of(UpdateError error) => error switch
    {
        UpdateError.None => "nothing",
        UpdateError.Unreachable or UpdateError.ConnectionLost or UpdateError.TimedOut =>
            "check network and server; the device tries again by itself",
        UpdateError.FileNotFound => "check the offer's address, and publish all files of the release",
        UpdateError.ServerFailed => "relieve or mend the server; the device tries again by itself",
        UpdateError.UnexpectedStatus => "look at the server's log for this device's request",
        UpdateError.Redirected => "end the redirects at a file in four steps, and never lead from https to http",
        UpdateError.RangeRefused or UpdateError.WrongLength => "publish the release again; image and manifest do not belong together",
        UpdateError.BadAddress => "give an address that starts with http:// or https://",
        UpdateError.NotAuthorized => "check the firmware's credentials; some servers answer so for a missing file, too",
        UpdateError.NameNotFound => "check the host in the offer's address, and the network's name server",
        UpdateError.ConnectionRefused => "check the port in the offer's address, and that the server runs",
        UpdateError.TlsFailed =>
            "check that the server speaks TLS 1.2, and its certificate: the host, the dates by the device's clock, the authority",
        UpdateError.AnswerMalformed => "check the port and scheme in the offer's address; headers must stay below 4 KB",
        UpdateError.CertificateUnknown => "give the firmware the authority's certificate, or the server the whole chain",
        UpdateError.CertificateExpired => "renew the server's certificate, or set the device's clock",
        UpdateError.CertificateOfOther => "offer the address by the name that the certificate is for",
        UpdateError.EncodedBody => "switch compression off for the release's files on the server",
        UpdateError.FileTooLong => "check what is published at the address; no file of a release is as long",
        UpdateError.ManifestNotSigned => "check the address: it must lead to manifest.cose of a release",
        UpdateError.ManifestUnknownFormat or UpdateError.ManifestUnknownField or UpdateError.ManifestNoEncoding
            or UpdateError.ManifestNoImage or UpdateError.IndexUnknownFormat =>
            "update to a release in between whose agent knows this format",
        UpdateError.UnknownAlgorithm or UpdateError.UnknownKey => "sign the release with a key that this firmware trusts",
        UpdateError.BadSignature => "the manifest was changed after signing: publish it again",
        UpdateError.NoTrustedKey => "build the firmware with the public key of its releases",
        UpdateError.WrongProduct or UpdateError.WrongBoard or UpdateError.WrongChip or UpdateError.WrongLayout =>
            "offer the release that was packed for this product and board",
        UpdateError.NotNewer or UpdateError.Downgrade => "publish with a higher sequence number",
        UpdateError.Quarantined => "mend the firmware and publish a new release",
        UpdateError.ImageTooBig or UpdateError.IndexTooBig => "make the image smaller, or the slot larger by cable",
        UpdateError.AgentTooOld or UpdateError.NeedsEarlierRelease => "offer the release in between first",
        UpdateError.Expired => "sign the manifest again with a later expiry, or publish a new release",
        UpdateError.NotInWave => "nothing, or raise the percentage of the wave",
        UpdateError.WrongRuntime => "build the app for the runtime that the device has, or flash another by cable",
        UpdateError.ClockNotSet => "let the device reach a time server",
        UpdateError.SupplyLow => "charge or replace the battery; the device goes on by itself",
        UpdateError.SupplyNotMeasured => "nothing, or wire a divider and name its pin in board.json",
        UpdateError.MemoryLow =>
            "let the application release more memory when it is asked to; the device tries an update again, a command must be sent again",
        UpdateError.ManagedMemoryLow => "let the application take less memory; the device tries again with each check",
        UpdateError.OutsideWindow or UpdateError.ApplicationBusy => "nothing; the device goes on by itself",
        UpdateError.TooManyTrials => "check the device's power supply and what its health check waits for, then publish a new release",
        UpdateError.TooManyBlips => "check the device's power supply, then publish a new release",
        UpdateError.IndexCorrupt or UpdateError.BlockCorrupt or UpdateError.ImageCorrupt =>
            "publish the release again; the server's files are damaged",
        UpdateError.HashFailed => "let the application take less memory; the device tries again by itself",
        UpdateError.ImageChanged => "nothing; the device stages it again. Replace the device if it persists",
        UpdateError.ImageMalformed => "pack the release again with nano-ota",
        UpdateError.ImageUnknownFormat => "build the app for the runtime that the device has (1.x: NFMRK1)",
        UpdateError.FlashReadFailed or UpdateError.FlashEraseFailed or UpdateError.FlashWriteFailed
            or UpdateError.ActivateFailed or UpdateError.JournalFailed or UpdateError.BootRecordFailed =>
            "the flash is worn or defective: replace the device if it persists",
        UpdateError.TrialPanic or UpdateError.TrialWatchdog or UpdateError.TrialReset or UpdateError.CrashLoop
            or UpdateError.HealthCheckFailed => "find the fault in the new firmware and publish a new release",
        UpdateError.HealthCheckTimedOut =>
            "check what the health check waits for, such as the update server; the device tries again up to three times",
        UpdateError.RunningUnknown => "nothing after a deployment by cable; else offer the release again, which replaces it",
        UpdateError.TrialTooLong => "set health deadline and shortest trial below the time of the trial watchdog",
        UpdateError.SafeMode => "publish a new release; power off and on tries the whole application again",
        UpdateError.SettingsNotKept or UpdateError.SettingsNotRestored =>
            "free space in the file system; the device tries again by itself",
        UpdateError.SlotNotBootable => "publish a new release; replace the device if it persists",
        UpdateError.WrongRuntimeSlot => "publish app and runtime together",
        UpdateError.CableDeployment => "nothing; withdraw the offer if the next check is not to take it again",
        UpdateError.CommandMalformed or UpdateError.CommandUnknown =>
            "send a command that the device's agent knows, made by nano-ota command",
        UpdateError.CommandUnknownKey or UpdateError.CommandBadSignature =>
            "sign the command with a key or token that this firmware trusts",
        UpdateError.CommandNotForThisDevice => "make the command for this device's id",
        UpdateError.CommandReplayed => "send the command again with a higher counter; check the clock of who sends it",
        UpdateError.CommandTooFarAhead =>
            "check both clocks, and send the command again with one more than the last counter, which the answer names",
        UpdateError.CommandExpired => "send the command again with a later expiry; check both clocks",
        UpdateError.CommandNotPossible => "look at the device's status, and send the command again when it fits",
        UpdateError.NoCommandKey => "build the firmware with a command key or a token",
        UpdateError.Paused => "send the command resume when updates may go on",
        UpdateError.RejectedByOperator or UpdateError.RevertedByOperator => "publish a new release; this one is not tried here again",
        UpdateError.BrokerUnreachable or UpdateError.BrokerLost =>
            "check network, broker and its certificate; the device tries again by itself",
        UpdateError.BrokerRefused => "check user and password, and the broker's log",
        UpdateError.BrokerDenied => "let the device publish and subscribe to its topics",
        _ => "publish a manifest made by nano-ota pack",
    };
}
