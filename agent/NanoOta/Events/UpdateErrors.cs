namespace NanoOta
{
    /// <summary>A text for each <see cref="UpdateError"/>. The remedies are in the host tools only.</summary>
    public static class UpdateErrors
    {
        /// <summary>What happened, in one line.</summary>
        public static string Text(UpdateError error)
        {
            switch (error)
            {
                case UpdateError.None: return "no error";
                case UpdateError.Unreachable: return "the server is unreachable";
                case UpdateError.ConnectionLost: return "the connection was lost";
                case UpdateError.TimedOut: return "the server stopped sending or is too slow";
                case UpdateError.FileNotFound: return "no such file on the server";
                case UpdateError.ServerFailed: return "the server failed, is busy or requests a delay";
                case UpdateError.UnexpectedStatus: return "unexpected HTTP status";
                case UpdateError.Redirected: return "the server's redirect is not allowed";
                case UpdateError.RangeRefused: return "the server's file is too short";
                case UpdateError.WrongLength: return "the server's file has the wrong length";
                case UpdateError.BadAddress: return "the offer's address is not http or https";
                case UpdateError.NotAuthorized: return "the server denied access (401/403)";
                case UpdateError.NameNotFound: return "the host name does not resolve";
                case UpdateError.ConnectionRefused: return "the connection was refused";
                case UpdateError.TlsFailed: return "the TLS connection failed";
                case UpdateError.AnswerMalformed: return "the response is not HTTP, or its headers are invalid or too long";
                case UpdateError.CertificateUnknown: return "the server's certificate is not trusted";
                case UpdateError.CertificateExpired: return "the server's certificate is expired or not yet valid";
                case UpdateError.CertificateOfOther: return "the server's certificate is for another host";
                case UpdateError.EncodedBody: return "the server compresses the file";
                case UpdateError.FileTooLong: return "the server's file has 2 GB or more";
                case UpdateError.ManifestNotSigned: return "the file is not a signed manifest";
                case UpdateError.ManifestTooLarge: return "the manifest is too large";
                case UpdateError.ManifestTruncated: return "the manifest is truncated";
                case UpdateError.ManifestTrailingBytes: return "the manifest has trailing bytes";
                case UpdateError.ManifestDuplicateKey: return "the manifest has a duplicate key";
                case UpdateError.ManifestKeyOrder: return "the manifest's keys are out of order";
                case UpdateError.ManifestIndefiniteLength: return "the manifest has an indefinite length";
                case UpdateError.ManifestBadLength: return "the manifest has an invalid length";
                case UpdateError.ManifestTooDeep: return "the manifest is nested too deeply";
                case UpdateError.ManifestWrongType: return "a field of the manifest has the wrong type";
                case UpdateError.ManifestNotShortest: return "a number in the manifest is not in shortest form";
                case UpdateError.ManifestUnknownFormat: return "the manifest has an unknown format version";
                case UpdateError.ManifestUnknownField: return "the manifest has an unknown field";
                case UpdateError.ManifestMissingField: return "the manifest lacks a field";
                case UpdateError.ManifestBadValue: return "a field of the manifest is out of range";
                case UpdateError.ManifestBadLocation: return "a location in the manifest is outside its folder";
                case UpdateError.ManifestNoEncoding: return "no supported encoding of the image";
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
                case UpdateError.BadSignature: return "the signature is invalid";
                case UpdateError.NoTrustedKey: return "this firmware has no trusted key";
                case UpdateError.WrongProduct: return "the release is for another product";
                case UpdateError.WrongBoard: return "the release is for another board";
                case UpdateError.NotNewer: return "the release is not newer than the running one";
                case UpdateError.Quarantined: return "the release failed on this device before";
                case UpdateError.ImageTooBig: return "the image does not fit the slot";
                case UpdateError.IndexTooBig: return "the block index does not fit its region";
                case UpdateError.TooManyTrials: return "too many trials without confirm or reject";
                case UpdateError.NeedsEarlierRelease: return "an intermediate release is required first";
                case UpdateError.Expired: return "the offer has expired";
                case UpdateError.NotInWave: return "the roll-out excludes this device, or is stopped";
                case UpdateError.ClockNotSet: return "the clock is not set";
                case UpdateError.OutsideWindow: return "the maintenance window is closed";
                case UpdateError.ApplicationBusy: return "the application is busy";
                case UpdateError.SupplyLow: return "the supply voltage is too low";
                case UpdateError.SupplyNotMeasured: return "this board cannot measure its supply voltage";
                case UpdateError.Downgrade: return "the release is older than one confirmed here";
                case UpdateError.ByteLimitReached: return "the bytes of the day are used up";
                case UpdateError.RuntimeNotUpdatable: return "the release has a runtime, which this device cannot update";
                case UpdateError.MemoryLow: return "too little free memory for a TLS connection or a report";
                case UpdateError.ManagedMemoryLow: return "too little managed memory for a trial";
                case UpdateError.AgentTooOld: return "the release needs a newer agent";
                case UpdateError.WrongChip: return "the release is for another chip";
                case UpdateError.WrongLayout: return "the release is for another flash layout";
                case UpdateError.WrongRuntime: return "the app's native code is missing or differs";
                case UpdateError.IndexCorrupt: return "the block index is corrupt";
                case UpdateError.BlockCorrupt: return "a block of the image is corrupt";
                case UpdateError.ImageCorrupt: return "the staged image is corrupt";
                case UpdateError.ImageMalformed: return "the image is not a sequence of assemblies";
                case UpdateError.FlashReadFailed: return "the flash cannot be read";
                case UpdateError.FlashEraseFailed: return "the flash cannot be erased";
                case UpdateError.FlashWriteFailed: return "the flash write failed or did not verify";
                case UpdateError.ActivateFailed: return "the staged image could not be activated";
                case UpdateError.IndexUnknownFormat: return "the block index has an unknown format";
                case UpdateError.ImageUnknownFormat: return "the image is for another runtime generation";
                case UpdateError.HashFailed: return "SHA-256 could not be computed";
                case UpdateError.ImageChanged: return "the staged image changed before activation";
                case UpdateError.RuntimeImageInvalid: return "the bootloader would not start the staged runtime";
                case UpdateError.TrialPanic: return "the new firmware crashed";
                case UpdateError.TrialWatchdog: return "the new firmware hung or exited";
                case UpdateError.TrialReset: return "the new firmware reset the device in its trial";
                case UpdateError.HealthCheckFailed: return "the health check failed";
                case UpdateError.HealthCheckTimedOut: return "the health check timed out";
                case UpdateError.TooManyBlips: return "power failed or the runtime crashed too often in the trial";
                case UpdateError.SlotNotBootable: return "the firmware in the slot is missing or damaged";
                case UpdateError.WrongRuntimeSlot: return "the app needs another runtime slot";
                case UpdateError.CableDeployment: return "a deployment by cable ended the trial";
                case UpdateError.CrashLoop: return "the firmware crashed repeatedly soon after its start";
                case UpdateError.SafeMode: return "safe mode: only network and agent run";
                case UpdateError.RunningUnknown: return "the running firmware is not the installed release";
                case UpdateError.TrialTooLong: return "the options allow a trial more time than its watchdog";
                case UpdateError.JournalFailed: return "the journal cannot be written";
                case UpdateError.BootRecordFailed: return "the boot record cannot be written";
                case UpdateError.SettingsNotKept: return "the settings cannot be copied";
                case UpdateError.SettingsNotRestored: return "the settings cannot be restored";
                default: return RemoteText(error);
            }
        }

        private static string RemoteText(UpdateError error)
        {
            switch (error)
            {
                case UpdateError.CommandMalformed: return "the command is malformed";
                case UpdateError.CommandUnknownKey: return "the command is signed by an unknown key";
                case UpdateError.CommandBadSignature: return "the command's signature or token is invalid";
                case UpdateError.CommandNotForThisDevice: return "the command is for another device";
                case UpdateError.CommandUnknown: return "the command is not supported";
                case UpdateError.CommandReplayed: return "the command is not newer than the last one";
                case UpdateError.CommandExpired: return "the command has expired";
                case UpdateError.CommandNotPossible: return "the command cannot be executed now";
                case UpdateError.NoCommandKey: return "this firmware has no command key or token";
                case UpdateError.CommandTooFarAhead: return "the command's counter is too far ahead";
                case UpdateError.Paused: return "an operator paused updates";
                case UpdateError.RejectedByOperator: return "an operator rejected the trial";
                case UpdateError.RevertedByOperator: return "an operator rolled the firmware back";
                case UpdateError.BrokerUnreachable: return "the broker is unreachable or not trusted";
                case UpdateError.BrokerRefused: return "the broker rejected the connection";
                case UpdateError.BrokerDenied: return "the broker denied access to a topic";
                case UpdateError.BrokerLost: return "the connection to the broker was lost";
                default: return "unknown error";
            }
        }
    }
}
