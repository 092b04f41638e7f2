namespace NanoOta
{
    /// <summary>Why an update was refused, delayed, failed or rolled back. Numbers never change their meaning: journals, boot records and
    /// logs of devices in the field store them. The class UpdateErrors has the texts.</summary>
    public enum UpdateError
    {
        /// <summary>No error.</summary>
        None = 0,

        /// <summary>The server cannot be reached: no route, or the connection attempt failed.</summary>
        Unreachable = 1001,
        /// <summary>The connection ended before all bytes arrived.</summary>
        ConnectionLost = 1002,
        /// <summary>The server stopped sending, or sends too slowly.</summary>
        TimedOut = 1003,
        /// <summary>The server does not have the file (404, 410).</summary>
        FileNotFound = 1004,
        /// <summary>The server failed or is overloaded (5xx, 429, 408, 421, 425), or requests a delay (also with 403).</summary>
        ServerFailed = 1005,
        /// <summary>The server sent an unexpected HTTP status.</summary>
        UnexpectedStatus = 1006,
        /// <summary>The redirect is not allowed: it leads from https to http, is the fifth in a row, or has no usable address.</summary>
        Redirected = 1007,
        /// <summary>The server rejected the requested range (416): its file is shorter than the manifest states.</summary>
        RangeRefused = 1008,
        /// <summary>The server's file has a different length than the manifest states.</summary>
        WrongLength = 1009,
        /// <summary>The address of the offer is not a valid http or https address.</summary>
        BadAddress = 1010,
        /// <summary>The server denied access to the file (401, 403).</summary>
        NotAuthorized = 1011,
        /// <summary>DNS does not resolve the server's name, or does not respond.</summary>
        NameNotFound = 1012,
        /// <summary>No service listens at the server's port, or a firewall rejects the connection.</summary>
        ConnectionRefused = 1013,
        /// <summary>The TLS connection failed. On the device, this code also covers every certificate fault (1016 to 1018).</summary>
        TlsFailed = 1014,
        /// <summary>The response is not HTTP, or its headers are malformed or too long.</summary>
        AnswerMalformed = 1015,
        /// <summary>The server's certificate is not signed by an authority that the firmware trusts.</summary>
        CertificateUnknown = 1016,
        /// <summary>The server's certificate has expired, or is not valid yet.</summary>
        CertificateExpired = 1017,
        /// <summary>The server's certificate is for another host.</summary>
        CertificateOfOther = 1018,
        /// <summary>The server sends the file compressed (Content-Encoding), although the agent did not request it.</summary>
        EncodedBody = 1019,
        /// <summary>The server announces a file of 2^31 bytes or more.</summary>
        FileTooLong = 1020,

        /// <summary>The file is not a signed manifest (no tagged COSE_Sign1).</summary>
        ManifestNotSigned = 2001,
        /// <summary>The manifest has 4096 bytes or more.</summary>
        ManifestTooLarge = 2002,
        /// <summary>The manifest ends within a field.</summary>
        ManifestTruncated = 2003,
        /// <summary>Bytes follow the end of the manifest.</summary>
        ManifestTrailingBytes = 2004,
        /// <summary>A map of the manifest contains a key twice.</summary>
        ManifestDuplicateKey = 2005,
        /// <summary>The keys of a map are not in order.</summary>
        ManifestKeyOrder = 2006,
        /// <summary>The manifest uses an indefinite length.</summary>
        ManifestIndefiniteLength = 2007,
        /// <summary>A length or count in the manifest exceeds the data that follows it.</summary>
        ManifestBadLength = 2008,
        /// <summary>The manifest is nested too deeply.</summary>
        ManifestTooDeep = 2009,
        /// <summary>A field of the manifest has the wrong type.</summary>
        ManifestWrongType = 2010,
        /// <summary>A number or length in the manifest is not in its shortest form.</summary>
        ManifestNotShortest = 2011,
        /// <summary>This agent does not support the manifest's format version.</summary>
        ManifestUnknownFormat = 2012,
        /// <summary>This agent does not support a field of the manifest and must not ignore it.</summary>
        ManifestUnknownField = 2013,
        /// <summary>The manifest lacks a required field.</summary>
        ManifestMissingField = 2014,
        /// <summary>A field of the manifest has a value outside its range.</summary>
        ManifestBadValue = 2015,
        /// <summary>A location in the manifest is outside the release's folder.</summary>
        ManifestBadLocation = 2016,
        /// <summary>This agent supports none of the image's encodings.</summary>
        ManifestNoEncoding = 2017,
        /// <summary>The manifest has no image for this device.</summary>
        ManifestNoImage = 2018,

        /// <summary>The manifest is signed with an algorithm other than ES256.</summary>
        UnknownAlgorithm = 3001,
        /// <summary>The manifest is signed by a key that this firmware does not trust.</summary>
        UnknownKey = 3002,
        /// <summary>The signature does not match the manifest.</summary>
        BadSignature = 3003,
        /// <summary>This firmware has no trusted key.</summary>
        NoTrustedKey = 3004,

        /// <summary>The release is for another product.</summary>
        WrongProduct = 4001,
        /// <summary>The release is for another board.</summary>
        WrongBoard = 4002,
        /// <summary>The release's sequence number is not higher than that of the running firmware.</summary>
        NotNewer = 4003,
        /// <summary>This release failed on this device before.</summary>
        Quarantined = 4004,
        /// <summary>The image does not fit the slot.</summary>
        ImageTooBig = 4005,
        /// <summary>The block index does not fit its region.</summary>
        IndexTooBig = 4006,
        /// <summary>The release was activated too often, and no trial was confirmed or rejected.</summary>
        TooManyTrials = 4007,
        /// <summary>The release requires firmware with a higher sequence number than the running one.</summary>
        NeedsEarlierRelease = 4008,
        /// <summary>The offer has expired.</summary>
        Expired = 4009,
        /// <summary>The staged roll-out does not include this device yet, or is stopped; or the device has no id.</summary>
        NotInWave = 4010,
        /// <summary>The clock is not set, and the offer or the device's options require the time.</summary>
        ClockNotSet = 4011,
        /// <summary>The release is staged; the agent activates it in the next maintenance window.</summary>
        OutsideWindow = 4012,
        /// <summary>The application does not allow this step of the update now.</summary>
        ApplicationBusy = 4013,
        /// <summary>The firmware lacks native code that the app needs, or has another version of it.</summary>
        WrongRuntime = 4014,
        /// <summary>The supply voltage is below the limit of the step.</summary>
        SupplyLow = 4015,
        /// <summary>The board cannot measure its supply; the agent does not apply the supply limits.</summary>
        SupplyNotMeasured = 4016,
        /// <summary>There is too little free memory for a TLS connection or a report.</summary>
        MemoryLow = 4017,
        /// <summary>The release needs a newer agent than the running one.</summary>
        AgentTooOld = 4018,
        /// <summary>The release is for another chip.</summary>
        WrongChip = 4019,
        /// <summary>The release is for another flash layout.</summary>
        WrongLayout = 4020,
        /// <summary>An operator has paused updates; a running trial continues.</summary>
        Paused = 4021,
        /// <summary>The managed heap has too little free memory for a trial.</summary>
        ManagedMemoryLow = 4022,
        /// <summary>The release's sequence number is below the highest that was confirmed on this device.</summary>
        Downgrade = 4025,
        /// <summary>The bytes that may be fetched in a day are used up.</summary>
        ByteLimitReached = 4026,
        /// <summary>The release has a runtime, and this board has one runtime slot, or this firmware does not update runtimes.</summary>
        RuntimeNotUpdatable = 4027,

        /// <summary>The block index does not match its digest in the manifest.</summary>
        IndexCorrupt = 5001,
        /// <summary>A block does not match its hash in the index.</summary>
        BlockCorrupt = 5002,
        /// <summary>The staged image does not match its digest in the manifest.</summary>
        ImageCorrupt = 5003,
        /// <summary>The staged image is not a sequence of assemblies.</summary>
        ImageMalformed = 5004,
        /// <summary>The flash could not be read.</summary>
        FlashReadFailed = 5005,
        /// <summary>The flash could not be erased.</summary>
        FlashEraseFailed = 5006,
        /// <summary>The flash could not be written, or reads back different data.</summary>
        FlashWriteFailed = 5007,
        /// <summary>The boot record could not be set to the staged image.</summary>
        ActivateFailed = 5008,
        /// <summary>This agent does not support the block index's format version or block size.</summary>
        IndexUnknownFormat = 5009,
        /// <summary>The image contains assemblies for another generation of the runtime.</summary>
        ImageUnknownFormat = 5010,
        /// <summary>SHA-256 could not be computed; the state of the flash is unknown.</summary>
        HashFailed = 5011,
        /// <summary>The staged image changed between verification and activation.</summary>
        ImageChanged = 5012,
        /// <summary>The bootloader would not start the staged runtime.</summary>
        RuntimeImageInvalid = 5013,

        /// <summary>The trial ended in a panic.</summary>
        TrialPanic = 6001,
        /// <summary>A watchdog ended the trial: the firmware hung, exited, or crashed without a reset.</summary>
        TrialWatchdog = 6002,
        /// <summary>The firmware on trial reset the device before it was confirmed or rejected.</summary>
        TrialReset = 6003,
        /// <summary>The health check failed.</summary>
        HealthCheckFailed = 6004,
        /// <summary>The health check did not finish in time.</summary>
        HealthCheckTimedOut = 6005,
        /// <summary>Power failed too often during the trial, or the runtime crashed too often at its start.</summary>
        TooManyBlips = 6006,
        /// <summary>The chosen slot has no valid first assembly, or firmware that crashed in it has a wrong CRC.</summary>
        SlotNotBootable = 6007,
        /// <summary>The app needs another runtime slot than the running one.</summary>
        WrongRuntimeSlot = 6008,
        /// <summary>A deployment by cable replaced an activated release, or the firmware that ran before it.</summary>
        CableDeployment = 6009,
        /// <summary>Confirmed firmware crashed repeatedly soon after its start.</summary>
        CrashLoop = 6010,
        /// <summary>The firmware runs in safe mode: only network and agent run.</summary>
        SafeMode = 6011,
        /// <summary>An operator rejected the trial.</summary>
        RejectedByOperator = 6012,
        /// <summary>An operator rolled back confirmed firmware.</summary>
        RevertedByOperator = 6013,
        /// <summary>The running slot does not contain the release that its descriptor names.</summary>
        RunningUnknown = 6014,
        /// <summary>The options allow a trial more time than the trial watchdog.</summary>
        TrialTooLong = 6015,

        /// <summary>The journal could not be written.</summary>
        JournalFailed = 7001,
        /// <summary>The boot record could not be written.</summary>
        BootRecordFailed = 7002,
        /// <summary>The application's settings could not be copied.</summary>
        SettingsNotKept = 7003,
        /// <summary>The application's settings could not be restored from their copy.</summary>
        SettingsNotRestored = 7004,

        /// <summary>The command's encoding is invalid.</summary>
        CommandMalformed = 8001,
        /// <summary>The command is signed by an unknown key, or uses a method (key or token) that this firmware has not set up.</summary>
        CommandUnknownKey = 8002,
        /// <summary>The signature or tag does not match the command.</summary>
        CommandBadSignature = 8003,
        /// <summary>The command is for another device.</summary>
        CommandNotForThisDevice = 8004,
        /// <summary>This agent does not support the command.</summary>
        CommandUnknown = 8005,
        /// <summary>The command's counter is not greater than that of the last accepted command.</summary>
        CommandReplayed = 8006,
        /// <summary>The command has expired.</summary>
        CommandExpired = 8007,
        /// <summary>The command was accepted, but the device cannot execute it now.</summary>
        CommandNotPossible = 8008,
        /// <summary>This firmware has neither a command key nor a token.</summary>
        NoCommandKey = 8009,
        /// <summary>The command's counter is too far ahead of the device's time or of the last accepted command.</summary>
        CommandTooFarAhead = 8010,
        /// <summary>The broker cannot be reached, or its certificate is not trusted.</summary>
        BrokerUnreachable = 8021,
        /// <summary>The broker rejected the connection.</summary>
        BrokerRefused = 8022,
        /// <summary>The broker denied access to a topic.</summary>
        BrokerDenied = 8023,
        /// <summary>The connection to the broker was lost.</summary>
        BrokerLost = 8024,
    }
}
