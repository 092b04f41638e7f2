namespace NanoOta
{
    /// <summary>What each <see cref="UpdateError"/> says to people: what happened, and what to do about it.</summary>
    public static class UpdateErrors
    {
        /// <summary>What happened, in one line.</summary>
        public static string Text(UpdateError error)
        {
            switch (error)
            {
                case UpdateError.None: return "no error";
                case UpdateError.Unreachable: return "the server cannot be reached";
                case UpdateError.ConnectionLost: return "the connection was lost";
                case UpdateError.TimedOut: return "the server stopped sending, or sends too slowly";
                case UpdateError.FileNotFound: return "the server has no such file";
                case UpdateError.ServerFailed: return "the server failed, is overloaded, or asks to wait";
                case UpdateError.UnexpectedStatus: return "the server answered with an unexpected status";
                case UpdateError.Redirected: return "the server redirects in a way that is not followed";
                case UpdateError.RangeRefused: return "the server's file is too short";
                case UpdateError.WrongLength: return "the server's file has the wrong length";
                case UpdateError.BadAddress: return "the address of the offer is not http or https";
                case UpdateError.NotAuthorized: return "the server wants other credentials";
                case UpdateError.NameNotFound: return "the server's name is not known";
                case UpdateError.ConnectionRefused: return "the server refuses the connection";
                case UpdateError.TlsFailed: return "no TLS connection to the server";
                case UpdateError.AnswerMalformed: return "the server's answer is no HTTP, or its headers are malformed or too long";
                case UpdateError.CertificateUnknown: return "the server's certificate is from an unknown authority";
                case UpdateError.CertificateExpired: return "the server's certificate has expired, or is not valid yet";
                case UpdateError.CertificateOfOther: return "the server's certificate is for another host";
                case UpdateError.EncodedBody: return "the server sends the file compressed";
                case UpdateError.FileTooLong: return "the server's file has 2 GB or more";
                case UpdateError.ManifestNotSigned: return "the file is not a signed manifest";
                case UpdateError.ManifestTooLarge: return "the manifest is too large";
                case UpdateError.ManifestTruncated: return "the manifest is cut off";
                case UpdateError.ManifestTrailingBytes: return "the manifest has bytes behind its end";
                case UpdateError.ManifestDuplicateKey: return "the manifest has a key twice";
                case UpdateError.ManifestKeyOrder: return "the manifest's keys are out of order";
                case UpdateError.ManifestIndefiniteLength: return "the manifest has an indefinite length";
                case UpdateError.ManifestBadLength: return "the manifest has an impossible length";
                case UpdateError.ManifestTooDeep: return "the manifest is nested too deeply";
                case UpdateError.ManifestWrongType: return "a field of the manifest has the wrong type";
                case UpdateError.ManifestNotShortest: return "a number of the manifest is not in its shortest form";
                case UpdateError.ManifestUnknownFormat: return "the manifest has an unknown format version";
                case UpdateError.ManifestUnknownField: return "the manifest has an unknown field";
                case UpdateError.ManifestMissingField: return "the manifest lacks a field";
                case UpdateError.ManifestBadValue: return "a field of the manifest is out of range";
                case UpdateError.ManifestBadLocation: return "a location in the manifest leaves its folder";
                case UpdateError.ManifestNoEncoding: return "no known way to fetch the image";
                case UpdateError.ManifestNoImage: return "no image for this device";
                default: return OtherText(error);
            }
        }

        private static string OtherText(UpdateError error)
        {
            switch (error)
            {
                case UpdateError.UnknownAlgorithm: return "the manifest is not signed with ES256";
                case UpdateError.UnknownKey: return "the manifest is signed by an unknown key";
                case UpdateError.BadSignature: return "the signature is wrong";
                case UpdateError.NoTrustedKey: return "this firmware trusts no key";
                case UpdateError.WrongProduct: return "the release is for another product";
                case UpdateError.WrongBoard: return "the release is for another board";
                case UpdateError.NotNewer: return "the release is not newer than the running one";
                case UpdateError.Quarantined: return "the release failed on this device before";
                case UpdateError.ImageTooBig: return "the image does not fit the slot";
                case UpdateError.IndexTooBig: return "the block index does not fit its region";
                case UpdateError.TooManyTrials: return "the release was tried too often without a verdict";
                case UpdateError.NeedsEarlierRelease: return "a release in between must be installed first";
                case UpdateError.Expired: return "the offer has expired";
                case UpdateError.NotInWave: return "the roll-out has not reached this device, or was stopped";
                case UpdateError.ClockNotSet: return "the time is not known";
                case UpdateError.OutsideWindow: return "the maintenance window is closed";
                case UpdateError.ApplicationBusy: return "the application is busy";
                case UpdateError.SupplyLow: return "the supply voltage is too low";
                case UpdateError.SupplyNotMeasured: return "the supply voltage is not measured on this board";
                case UpdateError.MemoryLow: return "there is too little memory for a TLS connection, or a report";
                case UpdateError.AgentTooOld: return "the release needs a later agent";
                case UpdateError.WrongChip: return "the release is for another chip";
                case UpdateError.WrongLayout: return "the release is for another flash layout";
                case UpdateError.WrongRuntime: return "the runtime lacks native code that the app needs";
                case UpdateError.IndexCorrupt: return "the block index is corrupt";
                case UpdateError.BlockCorrupt: return "a block of the image is corrupt";
                case UpdateError.ImageCorrupt: return "the staged image is corrupt";
                case UpdateError.ImageMalformed: return "the image is not a sequence of assemblies";
                case UpdateError.FlashReadFailed: return "the flash cannot be read";
                case UpdateError.FlashEraseFailed: return "the flash cannot be erased";
                case UpdateError.FlashWriteFailed: return "the flash does not hold what was written";
                case UpdateError.ActivateFailed: return "the staged image could not be activated";
                case UpdateError.IndexUnknownFormat: return "the block index has an unknown format";
                case UpdateError.ImageUnknownFormat: return "the image is for another generation of the runtime";
                case UpdateError.TrialPanic: return "the new firmware crashed";
                case UpdateError.TrialWatchdog: return "the new firmware hung or ended";
                case UpdateError.TrialReset: return "the new firmware reset the device without a verdict";
                case UpdateError.HealthCheckFailed: return "the health check failed";
                case UpdateError.HealthCheckTimedOut: return "the health check gave no answer in time";
                case UpdateError.TooManyBlips: return "power failed too often during the trial";
                case UpdateError.SlotNotBootable: return "the firmware in the slot is lost or damaged";
                case UpdateError.WrongRuntimeSlot: return "the app needs another runtime slot";
                case UpdateError.CableDeployment: return "a deployment by cable ended the trial";
                case UpdateError.CrashLoop: return "the firmware crashed again and again soon after its start";
                case UpdateError.SafeMode: return "only network and agent run (safe mode)";
                case UpdateError.JournalFailed: return "the journal cannot be written";
                case UpdateError.BootRecordFailed: return "the boot record cannot be written";
                case UpdateError.SettingsNotKept: return "the settings cannot be copied";
                case UpdateError.SettingsNotRestored: return "the copy of the settings cannot be put back";
                default: return RemoteText(error);
            }
        }

        private static string RemoteText(UpdateError error)
        {
            switch (error)
            {
                case UpdateError.CommandMalformed: return "the command is malformed";
                case UpdateError.CommandUnknownKey: return "the command is signed by an unknown key";
                case UpdateError.CommandBadSignature: return "the signature or token of the command is wrong";
                case UpdateError.CommandNotForThisDevice: return "the command is for another device";
                case UpdateError.CommandUnknown: return "the command is not known to this agent";
                case UpdateError.CommandReplayed: return "the command is not newer than the last one";
                case UpdateError.CommandExpired: return "the command has expired";
                case UpdateError.CommandNotPossible: return "the command cannot be carried out now";
                case UpdateError.NoCommandKey: return "this firmware takes no commands";
                case UpdateError.Paused: return "an operator has paused updates";
                case UpdateError.RejectedByOperator: return "an operator has rejected the trial";
                case UpdateError.RevertedByOperator: return "an operator has given the firmware up";
                case UpdateError.BrokerUnreachable: return "the broker cannot be reached, or is not trusted";
                case UpdateError.BrokerRefused: return "the broker does not let the device in";
                case UpdateError.BrokerDenied: return "the broker denies the device a topic";
                case UpdateError.BrokerLost: return "the connection to the broker was lost";
                default: return "unknown error";
            }
        }

        /// <summary>What the operator should do next, in one line.</summary>
        public static string Remedy(UpdateError error)
        {
            switch (error)
            {
                case UpdateError.None: return "nothing";
                case UpdateError.Unreachable:
                case UpdateError.ConnectionLost:
                case UpdateError.TimedOut: return "check network and server; the device tries again by itself";
                case UpdateError.FileNotFound: return "check the offer's address, and publish all files of the release";
                case UpdateError.ServerFailed: return "relieve or mend the server; the device tries again by itself";
                case UpdateError.UnexpectedStatus: return "look at the server's log for this device's request";
                case UpdateError.Redirected: return "end the redirects at a file in four steps, and never lead from https to http";
                case UpdateError.RangeRefused:
                case UpdateError.WrongLength: return "publish the release again; image and manifest do not belong together";
                case UpdateError.BadAddress: return "give an address that starts with http:// or https://";
                case UpdateError.NotAuthorized: return "check the firmware's credentials; some servers answer so for a missing file, too";
                case UpdateError.NameNotFound: return "check the host in the offer's address, and the network's name server";
                case UpdateError.ConnectionRefused: return "check the port in the offer's address, and that the server runs";
                case UpdateError.TlsFailed:
                    return "check that the server speaks TLS 1.2, and its certificate: the host, the dates by the device's clock, the authority";
                case UpdateError.AnswerMalformed: return "check the port and scheme in the offer's address; headers must stay below 4 KB";
                case UpdateError.CertificateUnknown: return "give the firmware the authority's certificate, or the server the whole chain";
                case UpdateError.CertificateExpired: return "renew the server's certificate, or set the device's clock";
                case UpdateError.CertificateOfOther: return "offer the address by the name that the certificate is for";
                case UpdateError.EncodedBody: return "switch compression off for the release's files on the server";
                case UpdateError.FileTooLong: return "check what is published at the address; no file of a release is as long";
                case UpdateError.ManifestNotSigned: return "check the address: it must lead to manifest.cose of a release";
                case UpdateError.ManifestUnknownFormat:
                case UpdateError.ManifestUnknownField:
                case UpdateError.ManifestNoEncoding:
                case UpdateError.ManifestNoImage:
                case UpdateError.IndexUnknownFormat: return "update to a release in between whose agent knows this format";
                case UpdateError.UnknownAlgorithm:
                case UpdateError.UnknownKey: return "sign the release with a key that this firmware trusts";
                case UpdateError.BadSignature: return "the manifest was changed after signing: publish it again";
                case UpdateError.NoTrustedKey: return "build the firmware with the public key of its releases";
                default: return OtherRemedy(error);
            }
        }

        private static string OtherRemedy(UpdateError error)
        {
            switch (error)
            {
                case UpdateError.WrongProduct:
                case UpdateError.WrongBoard:
                case UpdateError.WrongChip:
                case UpdateError.WrongLayout: return "offer the release that was packed for this product and board";
                case UpdateError.NotNewer: return "publish with a higher sequence number";
                case UpdateError.Quarantined: return "mend the firmware and publish a new release";
                case UpdateError.ImageTooBig:
                case UpdateError.IndexTooBig: return "make the image smaller, or the slot larger by cable";
                case UpdateError.AgentTooOld:
                case UpdateError.NeedsEarlierRelease: return "offer the release in between first";
                case UpdateError.Expired: return "sign the manifest again with a later expiry, or publish a new release";
                case UpdateError.NotInWave: return "nothing, or raise the percentage of the wave";
                case UpdateError.WrongRuntime: return "build the app for the runtime that the device has, or flash another by cable";
                case UpdateError.ClockNotSet: return "let the device reach a time server";
                case UpdateError.SupplyLow: return "charge or replace the battery; the device goes on by itself";
                case UpdateError.SupplyNotMeasured: return "nothing, or wire a divider and name its pin in board.json";
                case UpdateError.MemoryLow:
                    return "let the application release more memory when it is asked to; the device tries an update again, "
                        + "a command must be sent again";
                case UpdateError.OutsideWindow:
                case UpdateError.ApplicationBusy: return "nothing; the device goes on by itself";
                case UpdateError.TooManyTrials:
                    return "check the device's power supply and what its health check waits for, then publish a new release";
                case UpdateError.TooManyBlips: return "check the device's power supply, then publish a new release";
                case UpdateError.IndexCorrupt:
                case UpdateError.BlockCorrupt:
                case UpdateError.ImageCorrupt: return "publish the release again; the server's files are damaged";
                case UpdateError.ImageMalformed: return "pack the release again with nano-ota";
                case UpdateError.ImageUnknownFormat: return "build the app for the runtime that the device has (1.x: NFMRK1)";
                case UpdateError.FlashReadFailed:
                case UpdateError.FlashEraseFailed:
                case UpdateError.FlashWriteFailed:
                case UpdateError.ActivateFailed:
                case UpdateError.JournalFailed:
                case UpdateError.BootRecordFailed: return "the flash is worn or defective: replace the device if it persists";
                case UpdateError.TrialPanic:
                case UpdateError.TrialWatchdog:
                case UpdateError.TrialReset:
                case UpdateError.CrashLoop:
                case UpdateError.HealthCheckFailed: return "find the fault in the new firmware and publish a new release";
                case UpdateError.HealthCheckTimedOut:
                    return "check what the health check waits for, such as the update server; the device tries again up to three times";
                case UpdateError.SafeMode: return "publish a new release; power off and on tries the whole application again";
                case UpdateError.SettingsNotKept:
                case UpdateError.SettingsNotRestored: return "free space in the file system; the device tries again by itself";
                case UpdateError.SlotNotBootable: return "publish a new release; replace the device if it persists";
                case UpdateError.WrongRuntimeSlot: return "publish app and runtime together";
                case UpdateError.CableDeployment: return "nothing; withdraw the offer if the next check is not to take it again";
                default: return RemoteRemedy(error);
            }
        }

        private static string RemoteRemedy(UpdateError error)
        {
            switch (error)
            {
                case UpdateError.CommandMalformed:
                case UpdateError.CommandUnknown: return "send a command that the device's agent knows, made by nano-ota command";
                case UpdateError.CommandUnknownKey:
                case UpdateError.CommandBadSignature: return "sign the command with a key or token that this firmware trusts";
                case UpdateError.CommandNotForThisDevice: return "make the command for this device's id";
                case UpdateError.CommandReplayed: return "send the command again with a higher counter; check the clock of who sends it";
                case UpdateError.CommandExpired: return "send the command again with a later expiry; check both clocks";
                case UpdateError.CommandNotPossible: return "look at the device's status, and send the command again when it fits";
                case UpdateError.NoCommandKey: return "build the firmware with a command key or a token";
                case UpdateError.Paused: return "send the command resume when updates may go on";
                case UpdateError.RejectedByOperator:
                case UpdateError.RevertedByOperator: return "publish a new release; this one is not tried here again";
                case UpdateError.BrokerUnreachable:
                case UpdateError.BrokerLost: return "check network, broker and its certificate; the device tries again by itself";
                case UpdateError.BrokerRefused: return "check user and password, and the broker's log";
                case UpdateError.BrokerDenied: return "let the device publish and subscribe to its topics";
                default: return "publish a manifest made by nano-ota pack";
            }
        }
    }
}
