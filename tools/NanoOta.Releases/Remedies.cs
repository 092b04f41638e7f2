namespace NanoOta.Releases;

/// <summary>A remedy for each <see cref="UpdateError"/>: a cause to check, and what to do. Devices do not store remedies.</summary>
public static class Remedies
{
    /// <summary>The likely cause and the operator's next step, in one line.</summary>
    public static string Of(UpdateError error) => error switch
    {
        UpdateError.None => "nothing",
        UpdateError.Unreachable or UpdateError.ConnectionLost or UpdateError.TimedOut =>
            "the network or the server failed: check both; the device retries by itself",
        UpdateError.FileNotFound => "the address is wrong or a file is missing (404/410): check the offer's address, and publish all files",
        UpdateError.ServerFailed => "the server is faulty or overloaded (5xx/429): check its log; the device retries by itself",
        UpdateError.UnexpectedStatus => "the server's status is not that of a download: check its log for this device's request",
        UpdateError.Redirected => "check the server's redirects: at most four in a row, each with an address, never from https to http",
        UpdateError.RangeRefused or UpdateError.WrongLength => "image and manifest differ: publish the release again",
        UpdateError.BadAddress => "the offer's address is malformed: use one that starts with http:// or https://",
        UpdateError.NotAuthorized => "the server rejected the credentials (401/403): check user and password, or the header, of "
            + "OtaAgent.Credential; some servers also respond so for a missing file",
        UpdateError.NameNotFound => "DNS does not resolve the host: check the host in the offer's address, and the network's DNS server",
        UpdateError.ConnectionRefused => "no service listens there, or a firewall blocks it: check server, firewall and the address's port",
        UpdateError.TlsFailed =>
            "check that the server supports TLS 1.2, and its certificate: the host, the dates by the device's clock, the authority",
        UpdateError.AnswerMalformed => "check port and scheme in the offer's address, and that the response headers stay below 4 KB",
        UpdateError.CertificateUnknown => "set the firmware's CaCertificate to the server's authority, or complete the server's chain",
        UpdateError.CertificateExpired => "compare its dates with the device's clock: renew the certificate, or set the clock",
        UpdateError.CertificateOfOther => "the certificate does not name the offer's host: offer an address with a host that it names",
        UpdateError.EncodedBody => "the server sends Content-Encoding: disable compression for the release's files",
        UpdateError.FileTooLong => "the file at the address is not part of a release: check the address and what is published there",
        UpdateError.ManifestNotSigned => "the file at the address is not a manifest: use the address of a release's manifest.cose",
        UpdateError.ManifestUnknownFormat or UpdateError.ManifestUnknownField or UpdateError.ManifestNoEncoding
            or UpdateError.ManifestNoImage or UpdateError.IndexUnknownFormat =>
            "the device's agent is too old for this release: install an intermediate release whose agent supports this format",
        UpdateError.UnknownAlgorithm or UpdateError.UnknownKey => "sign the release with a P-256 key that this firmware trusts",
        UpdateError.BadSignature => "the manifest was changed after it was signed: publish it again",
        UpdateError.NoTrustedKey => "the firmware was built without a trusted key: build it with the public key of its releases",
        UpdateError.WrongProduct or UpdateError.WrongBoard or UpdateError.WrongChip or UpdateError.WrongLayout =>
            "the release was packed for another product or board: offer the one that was packed for this device",
        UpdateError.NotNewer or UpdateError.Downgrade => "the sequence number is too low: publish the release with a higher one",
        UpdateError.Quarantined => "the release failed its trial on this device: fix the firmware and publish a new release",
        UpdateError.ImageTooBig or UpdateError.IndexTooBig => "the image exceeds the slot: reduce the app, or flash larger slots by cable",
        UpdateError.AgentTooOld or UpdateError.NeedsEarlierRelease => "the firmware is too old: offer an intermediate release first",
        UpdateError.Expired => "the manifest's expiry has passed: sign it again with a later expiry, or publish a new release",
        UpdateError.NotInWave => "check the roll-out's percentage, and that the device has an id: wait, or raise the percentage",
        UpdateError.WrongRuntime => "the app was built for another runtime: build it for the device's, or publish that runtime with it (pack --clr, "
            + "--keep-clr) or flash it by cable",
        UpdateError.ClockNotSet => "the device has no time: check that it can reach a time server",
        UpdateError.SupplyLow => "the battery is low: charge or replace it; the device continues by itself",
        UpdateError.SupplyNotMeasured => "board.json has no supply: nothing to do, or add a voltage divider and its pin there",
        UpdateError.MemoryLow => "the application uses too much memory: let it release memory when the agent requests it; "
            + "the device retries an update, but send a command again",
        UpdateError.ManagedMemoryLow => "the application uses too much managed memory: reduce it; the device retries with each check",
        UpdateError.OutsideWindow or UpdateError.ApplicationBusy or UpdateError.ByteLimitReached => "nothing; the device continues by itself",
        UpdateError.TooManyTrials => "no trial came to a result: check power supply and health check, then publish a new release",
        UpdateError.TooManyBlips => "check the power supply, and with a new runtime that it starts on this board; then publish a new release",
        UpdateError.IndexCorrupt or UpdateError.BlockCorrupt or UpdateError.ImageCorrupt =>
            "the server's files are damaged: publish the release again",
        UpdateError.HashFailed => "the application uses too much memory: reduce it; the device retries by itself",
        UpdateError.RuntimeNotUpdatable =>
            "offer a release without a runtime; a board with ota_0 and ota_1 needs firmware with RuntimeUpdates",
        UpdateError.RuntimeImageInvalid => "pack the runtime of this chip with nano-ota of the agent's version, and publish a new release",
        UpdateError.ImageChanged => "nothing; the device stages the image again. Replace the device if this persists",
        UpdateError.ImageMalformed => "the image was not made by nano-ota: pack the release again with it",
        UpdateError.ImageUnknownFormat => "the app was built for another runtime: build it for the device's runtime (1.x: NFMRK1)",
        UpdateError.FlashReadFailed or UpdateError.FlashEraseFailed or UpdateError.FlashWriteFailed
            or UpdateError.ActivateFailed or UpdateError.JournalFailed or UpdateError.BootRecordFailed =>
            "the flash is worn or defective: replace the device if this persists",
        UpdateError.TrialPanic or UpdateError.TrialWatchdog or UpdateError.TrialReset or UpdateError.CrashLoop
            or UpdateError.HealthCheckFailed => "the new firmware has a fault: fix it and publish a new release",
        UpdateError.HealthCheckTimedOut =>
            "check what the health check waits for, such as the update server; the device retries up to three times",
        UpdateError.RunningUnknown => "after a deployment by cable: nothing; otherwise offer the release again to replace the firmware",
        UpdateError.TrialTooLong => "set health deadline and shortest trial below the time of the trial watchdog",
        UpdateError.SafeMode => "the firmware crashed repeatedly: publish a new release; a power cycle starts the whole application again",
        UpdateError.SettingsNotKept or UpdateError.SettingsNotRestored =>
            "the file system is full or damaged: free space in it; the device retries by itself",
        UpdateError.SlotNotBootable => "the flash lost the firmware: publish a new release; replace the device if this persists",
        UpdateError.WrongRuntimeSlot => "app and runtime are of different releases: publish them together",
        UpdateError.CableDeployment => "after a deployment by cable: nothing; withdraw the offer if the device must not install it again",
        UpdateError.CommandMalformed or UpdateError.CommandUnknown => "make the command with a nano-ota of the agent's version",
        UpdateError.CommandUnknownKey or UpdateError.CommandBadSignature =>
            "check the sender's key or token: sign the command with one that this firmware trusts",
        UpdateError.CommandNotForThisDevice => "the command names another device: make it for this device's id",
        UpdateError.CommandReplayed => "check the sender's clock, and send the command again with a higher counter",
        UpdateError.CommandTooFarAhead =>
            "check both clocks, and send the command again with the last counter, which the answer contains, plus one",
        UpdateError.CommandExpired => "check both clocks, and send the command again with a later expiry",
        UpdateError.CommandNotPossible => "check the device's status, and send the command again when the status allows it",
        UpdateError.NoCommandKey => "the firmware was built without a command key: build it with a command key or a token",
        UpdateError.Paused => "send the command resume to continue updates",
        UpdateError.RejectedByOperator or UpdateError.RevertedByOperator => "publish a new release; the device does not retry this one",
        UpdateError.BrokerUnreachable or UpdateError.BrokerLost =>
            "check network, broker and its certificate; the device retries by itself",
        UpdateError.BrokerRefused => "check user and password, and the broker's log",
        UpdateError.BrokerDenied => "check the broker's access rules: the device must publish and subscribe to its topics",
        _ => "the manifest is invalid: publish one made by nano-ota pack",
    };
}
