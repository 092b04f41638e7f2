namespace NanoOta
{
    /// <summary>
    /// Why an update was refused, delayed, failed or rolled back. Numbers are append-only: they stand in journals, boot
    /// records and logs of devices in the field. Texts: the class UpdateErrors.
    /// </summary>
    public enum UpdateError
    {
        /// <summary>No error.</summary>
        None = 0,

        /// <summary>The server's name or address cannot be reached.</summary>
        Unreachable = 1001,
        /// <summary>The connection ended before all bytes were there.</summary>
        ConnectionLost = 1002,
        /// <summary>The server stopped sending, or sends too slowly.</summary>
        TimedOut = 1003,
        /// <summary>The server has no such file (404, 410).</summary>
        FileNotFound = 1004,
        /// <summary>The server failed, is overloaded (5xx, 429, 408, 421, 425), or requests a pause (also with 403).</summary>
        ServerFailed = 1005,
        /// <summary>The server answered with an unexpected status.</summary>
        UnexpectedStatus = 1006,
        /// <summary>The server redirects in a way that is not followed: from https to http, more than four times, or without an address.</summary>
        Redirected = 1007,
        /// <summary>The server refuses the requested range (416): its file is shorter than the manifest states.</summary>
        RangeRefused = 1008,
        /// <summary>The server's file has another length than the manifest states.</summary>
        WrongLength = 1009,
        /// <summary>The address of the offer is not an http or https address.</summary>
        BadAddress = 1010,
        /// <summary>The server does not give the file to this firmware (401, 403).</summary>
        NotAuthorized = 1011,
        /// <summary>The server's name is in no name server, or no name server answers.</summary>
        NameNotFound = 1012,
        /// <summary>Nothing listens at the server's port, or a firewall refuses the connection.</summary>
        ConnectionRefused = 1013,
        /// <summary>No TLS connection came about. On the device also for every fault of the certificate (1016 to 1018).</summary>
        TlsFailed = 1014,
        /// <summary>What answered is not HTTP, or its headers are malformed or too long.</summary>
        AnswerMalformed = 1015,
        /// <summary>The server's certificate is not signed by an authority that the firmware trusts.</summary>
        CertificateUnknown = 1016,
        /// <summary>The server's certificate has expired, or is not valid yet.</summary>
        CertificateExpired = 1017,
        /// <summary>The server's certificate is for another host.</summary>
        CertificateOfOther = 1018,
        /// <summary>The server sends the file compressed (Content-Encoding), which the device did not request.</summary>
        EncodedBody = 1019,
        /// <summary>The file has 2^31 bytes or more.</summary>
        FileTooLong = 1020,

        /// <summary>The file is not a signed manifest (no tagged COSE_Sign1).</summary>
        ManifestNotSigned = 2001,
        /// <summary>The manifest has 4096 bytes or more.</summary>
        ManifestTooLarge = 2002,
        /// <summary>The manifest ends in the middle of a field.</summary>
        ManifestTruncated = 2003,
        /// <summary>There are bytes behind the end of the manifest.</summary>
        ManifestTrailingBytes = 2004,
        /// <summary>A key stands twice in a map of the manifest.</summary>
        ManifestDuplicateKey = 2005,
        /// <summary>The keys of a map are not in order.</summary>
        ManifestKeyOrder = 2006,
        /// <summary>The manifest uses an indefinite length.</summary>
        ManifestIndefiniteLength = 2007,
        /// <summary>A length or count in the manifest goes beyond what can be there.</summary>
        ManifestBadLength = 2008,
        /// <summary>The manifest is nested too deeply.</summary>
        ManifestTooDeep = 2009,
        /// <summary>A field of the manifest has the wrong type.</summary>
        ManifestWrongType = 2010,
        /// <summary>A number or length in the manifest is not in its shortest form.</summary>
        ManifestNotShortest = 2011,
        /// <summary>The format version of the manifest is unknown to this agent.</summary>
        ManifestUnknownFormat = 2012,
        /// <summary>The manifest has a field that is unknown to this agent and must not be ignored.</summary>
        ManifestUnknownField = 2013,
        /// <summary>A required field is missing in the manifest.</summary>
        ManifestMissingField = 2014,
        /// <summary>A field of the manifest has a value outside its range.</summary>
        ManifestBadValue = 2015,
        /// <summary>A location in the manifest leaves the release's folder.</summary>
        ManifestBadLocation = 2016,
        /// <summary>None of the ways to fetch the image is known to this agent.</summary>
        ManifestNoEncoding = 2017,
        /// <summary>The manifest has no image that this device can take.</summary>
        ManifestNoImage = 2018,

        /// <summary>The manifest is signed with an algorithm other than ES256.</summary>
        UnknownAlgorithm = 3001,
        /// <summary>The manifest is signed by a key that this firmware does not trust.</summary>
        UnknownKey = 3002,
        /// <summary>The signature does not fit the manifest.</summary>
        BadSignature = 3003,
        /// <summary>This firmware has no trusted key at all.</summary>
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
        /// <summary>The release was activated too often without a verdict.</summary>
        TooManyTrials = 4007,
        /// <summary>The release can only follow one that is newer than the running firmware.</summary>
        NeedsEarlierRelease = 4008,
        /// <summary>The offer's time is over.</summary>
        Expired = 4009,
        /// <summary>The release is rolled out step by step, and this device's turn has not come, or it was stopped.</summary>
        NotInWave = 4010,
        /// <summary>The time of day is not set, but the offer or the device's own rules need it.</summary>
        ClockNotSet = 4011,
        /// <summary>The release is staged; it is activated in the next maintenance window.</summary>
        OutsideWindow = 4012,
        /// <summary>The application delays or refuses the update; the detail has its reason.</summary>
        ApplicationBusy = 4013,
        /// <summary>The firmware lacks native code that the app needs, or has another version of it.</summary>
        WrongRuntime = 4014,
        /// <summary>The supply voltage is below the limit of the step.</summary>
        SupplyLow = 4015,
        /// <summary>The board cannot measure its supply, so its limits are not applied.</summary>
        SupplyNotMeasured = 4016,
        /// <summary>There is too little memory for a TLS connection.</summary>
        MemoryLow = 4017,
        /// <summary>The release needs a later agent than the one that runs.</summary>
        AgentTooOld = 4018,
        /// <summary>The release is for another chip.</summary>
        WrongChip = 4019,
        /// <summary>The release is for another flash layout.</summary>
        WrongLayout = 4020,
        /// <summary>An operator has paused updates; a trial goes on.</summary>
        Paused = 4021,
        /// <summary>The managed heap has too little room for a trial.</summary>
        ManagedMemoryLow = 4022,
        /// <summary>The release's sequence number is below the highest that was confirmed on this device.</summary>
        Downgrade = 4025,

        /// <summary>The block index has not the digest that the manifest names.</summary>
        IndexCorrupt = 5001,
        /// <summary>A block has not the hash that the index names.</summary>
        BlockCorrupt = 5002,
        /// <summary>The staged image has not the digest that the manifest names.</summary>
        ImageCorrupt = 5003,
        /// <summary>The staged image is not a sequence of assemblies.</summary>
        ImageMalformed = 5004,
        /// <summary>The flash could not be read.</summary>
        FlashReadFailed = 5005,
        /// <summary>The flash could not be erased.</summary>
        FlashEraseFailed = 5006,
        /// <summary>The flash could not be written, or does not hold what was written.</summary>
        FlashWriteFailed = 5007,
        /// <summary>The boot record would not choose the staged image.</summary>
        ActivateFailed = 5008,
        /// <summary>The format version or block size of the block index is unknown to this agent.</summary>
        IndexUnknownFormat = 5009,
        /// <summary>The image holds assemblies for another generation of the runtime.</summary>
        ImageUnknownFormat = 5010,
        /// <summary>SHA-256 could not be computed, so the content of the flash is unknown.</summary>
        HashFailed = 5011,
        /// <summary>The staged image was verified, and has changed while it waited to be activated.</summary>
        ImageChanged = 5012,

        /// <summary>The trial ended in a panic.</summary>
        TrialPanic = 6001,
        /// <summary>The trial ended by a watchdog: the firmware hung, ended or crashed without a reset.</summary>
        TrialWatchdog = 6002,
        /// <summary>The firmware on trial reset the device without a verdict.</summary>
        TrialReset = 6003,
        /// <summary>The health check failed.</summary>
        HealthCheckFailed = 6004,
        /// <summary>The health check gave no answer in time.</summary>
        HealthCheckTimedOut = 6005,
        /// <summary>Power failed too often during the trial.</summary>
        TooManyBlips = 6006,
        /// <summary>The chosen slot has lost its first assembly, or what crashed in it has a wrong CRC.</summary>
        SlotNotBootable = 6007,
        /// <summary>The app needs another runtime slot than the running one.</summary>
        WrongRuntimeSlot = 6008,
        /// <summary>A deployment by cable has replaced an activated release, or the firmware that ran before it.</summary>
        CableDeployment = 6009,
        /// <summary>Confirmed firmware crashed again and again soon after its start.</summary>
        CrashLoop = 6010,
        /// <summary>The firmware runs in safe mode: network and agent alone.</summary>
        SafeMode = 6011,
        /// <summary>An operator has rejected the trial.</summary>
        RejectedByOperator = 6012,
        /// <summary>An operator has given confirmed firmware up.</summary>
        RevertedByOperator = 6013,
        /// <summary>The content of the running slot is not the release that its descriptor names.</summary>
        RunningUnknown = 6014,
        /// <summary>The options give a trial more time than the trial watchdog does.</summary>
        TrialTooLong = 6015,

        /// <summary>The journal could not be written.</summary>
        JournalFailed = 7001,
        /// <summary>The boot record could not be written.</summary>
        BootRecordFailed = 7002,
        /// <summary>The application's settings could not be copied.</summary>
        SettingsNotKept = 7003,
        /// <summary>The copy of the application's settings could not be put back.</summary>
        SettingsNotRestored = 7004,

        /// <summary>The command is not what a command must be.</summary>
        CommandMalformed = 8001,
        /// <summary>The command is authenticated with a key, or in a way, that this firmware does not accept.</summary>
        CommandUnknownKey = 8002,
        /// <summary>Signature or tag do not fit the command.</summary>
        CommandBadSignature = 8003,
        /// <summary>The command is for another device.</summary>
        CommandNotForThisDevice = 8004,
        /// <summary>The command is unknown to this agent.</summary>
        CommandUnknown = 8005,
        /// <summary>The command's counter is not greater than that of the last one accepted.</summary>
        CommandReplayed = 8006,
        /// <summary>The command's time is over.</summary>
        CommandExpired = 8007,
        /// <summary>The command was accepted, but cannot be carried out now.</summary>
        CommandNotPossible = 8008,
        /// <summary>This firmware has neither command key nor token.</summary>
        NoCommandKey = 8009,
        /// <summary>The command's counter is too far ahead of the device's time, or of the last one accepted.</summary>
        CommandTooFarAhead = 8010,
        /// <summary>The broker cannot be reached, or its certificate is not from a trusted authority.</summary>
        BrokerUnreachable = 8021,
        /// <summary>The broker does not let this device in.</summary>
        BrokerRefused = 8022,
        /// <summary>The broker denies this device a topic.</summary>
        BrokerDenied = 8023,
        /// <summary>The connection to the broker was lost.</summary>
        BrokerLost = 8024,
    }
}
