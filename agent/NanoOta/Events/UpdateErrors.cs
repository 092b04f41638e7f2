namespace NanoOta
{
    /// <summary>What each <see cref="UpdateError"/> says to people; what to do about it only host tools say.</summary>
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
                case UpdateError.Downgrade: return "the release is older than one that was confirmed here";
                case UpdateError.MemoryLow: return "there is too little memory for a TLS connection, or a report";
                case UpdateError.ManagedMemoryLow: return "there is too little managed memory for a trial";
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
                case UpdateError.HashFailed: return "SHA-256 could not be computed";
                case UpdateError.ImageChanged: return "the staged image changed while it waited";
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
                case UpdateError.RunningUnknown: return "the running firmware is not the release that was installed";
                case UpdateError.TrialTooLong: return "the options give a trial more time than its watchdog";
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
                case UpdateError.CommandTooFarAhead: return "the counter of the command is too far ahead";
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
    }
}
