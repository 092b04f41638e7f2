using System;
using System.Threading;

namespace NanoOta
{
    /// <summary>
    /// Firmware is healthy once its update server has answered: it can then be updated again. Never Bad; a server that is down
    /// until the deadline of the trial costs the trial, of which a release has three. An application with a
    /// better idea of its health has its own <see cref="IHealthCheck"/>, and may ask this one in it.
    /// </summary>
    /// <remarks>
    /// The server is asked on a thread of its own, which begins when the health is asked for first and ends with the answer: a
    /// connection may take longer than an <see cref="IHealthCheck"/> has. On the device a peer that stays silent in the TLS
    /// handshake can stall every thread (facts, section 2); then the trial watchdog ends the trial.
    /// </remarks>
    public sealed class ServerHealth : IHealthCheck
    {
        private const int AskAgainMs = 2000;

        private readonly IReleaseSource source;
        private readonly UpdateOptions options;
        private readonly NetworkProbe isReady;
        private readonly object gate = new object();
        private bool isAsking, hasAnswered;

        /// <summary>A health that is not known yet.</summary>
        /// <param name="source">May be the agent's own, which rests during a trial: it is closed before the health is Good. An application
        /// whose own check can be Good before this one is gives it a source of its own, because it goes on asking.</param>
        /// <param name="options">The agent's; says where the manifest is.</param>
        /// <param name="isReady">The server is asked only while it says yes.</param>
        public ServerHealth(IReleaseSource source, UpdateOptions options, NetworkProbe isReady)
        {
            this.source = source;
            this.options = options;
            this.isReady = isReady;
        }

        /// <summary>Unknown until the server has given a first piece of its manifest, then Good. Answers at once.</summary>
        public Health Check()
        {
            lock (gate)
            {
                if (hasAnswered) return Health.Good;
                if (!isAsking) new Thread(AskUntilAnswered).Start();
                isAsking = true;
                return Health.Unknown;
            }
        }

        private void AskUntilAnswered()
        {
            while (!Ask()) Thread.Sleep(AskAgainMs);
            lock (gate) hasAnswered = true;
        }

        // An exception is no answer: this thread must live until there is one, or until the trial is over.
        private bool Ask()
        {
            try
            {
                return isReady() && GivesManifest();
            }
            catch (Exception)
            {
                return false;
            }
        }

        private bool GivesManifest()
        {
            var first = new byte[256];
            bool isGiven = source.Open(options.ManifestAddress, 0, -1) == UpdateError.None
                && Manifest.IsBegin(first, source.Read(first, 0, first.Length));
            source.Close();
            return isGiven;
        }
    }
}
