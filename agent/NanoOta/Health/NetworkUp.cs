namespace NanoOta
{
    /// <summary>Good while the device has a network; never Bad, because an access point may take longer than a trial.</summary>
    public sealed class NetworkUp : IHealthCheck
    {
        private readonly NetworkProbe isUp;

        /// <summary>A probe.</summary>
        /// <param name="isUp">Whether there is a network now.</param>
        public NetworkUp(NetworkProbe isUp)
        {
            this.isUp = isUp;
        }

        /// <inheritdoc/>
        public Health Check() => isUp() ? Health.Good : Health.Unknown;
    }
}
