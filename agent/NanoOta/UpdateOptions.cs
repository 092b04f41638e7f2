namespace NanoOta
{
    /// <summary>What an application tells its agent.</summary>
    public sealed class UpdateOptions
    {
        /// <summary>Address of the releases: a manifest (ends in <c>.cose</c>) or the folder of one. http or https.</summary>
        public string Address = "";

        /// <summary>Address of the manifest: <see cref="Address"/> itself, or the manifest in that folder.</summary>
        public string ManifestAddress
        {
            get
            {
                if (Address.EndsWith(".cose")) return Address;
                return Address.EndsWith("/") ? Address + Manifest.FileName : Address + "/" + Manifest.FileName;
            }
        }

        /// <summary>Product whose releases are taken.</summary>
        public string Product = "";

        /// <summary>Board whose releases are taken: the <c>id</c> in its board.json.</summary>
        public string Board = "";

        /// <summary>Public P-256 keys that may sign releases: base64 of x ‖ y. Empty: no release is taken.</summary>
        public string[] TrustedKeys = new string[0];

        /// <summary>Milliseconds between two looks for a release. Default one hour.</summary>
        public int CheckIntervalMs = 3600000;

        /// <summary>Milliseconds before the first retry after a fault of the network; each further one doubles it. Default 1000.</summary>
        public int RetryDelayMs = 1000;

        /// <summary>
        /// Milliseconds after which a trial without a verdict of the health check is rejected. Default five minutes; keep it
        /// below the trial watchdog of the board, so that the rejection can say why.
        /// </summary>
        public int HealthDeadlineMs = 300000;
    }
}
