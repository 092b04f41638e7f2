using System;
using System.Threading;

namespace NanoOta
{
    /// <summary>Starts an optional part of the agent, such as the connection to a broker.</summary>
    /// <param name="ota">The agent that the part belongs to: its ports and options are final, and its thread does not run yet.</param>
    public delegate void OtaPart(OtaAgent ota);

    /// <summary>
    /// The update agent of an ESP32 with everything that it needs. Make one at the start of Main, set what your firmware does
    /// differently, and call <see cref="Start"/>.
    /// </summary>
    public sealed class OtaAgent
    {
        private const int MaxParts = 4;

        private readonly OtaPart[] parts = new OtaPart[MaxParts];
        private readonly AgentRound[] rounds = new AgentRound[MaxParts];
        private int partCount, roundCount;
        private NetworkReadiness network;
        private AgentLoop loop;

        /// <summary>An agent for the firmware that runs; nothing happens before <see cref="Start"/>.</summary>
        /// <param name="address">Where releases are published: the folder of a manifest, or the manifest itself. http or https.</param>
        public OtaAgent(string address)
        {
            if (address == null || address == "") throw new ArgumentException("the address of the releases is empty");
            Options = new UpdateOptions { Address = address };
            Health = new HealthScore();
            Ports = new UpdatePorts { Health = Health };
        }

        /// <summary>Product, board, keys, intervals and limits of the agent. Set them before <see cref="Start"/>.</summary>
        public UpdateOptions Options { get; }

        /// <summary>What the agent works with. Replace a port before <see cref="Start"/>, and before a part that uses it is added.</summary>
        public UpdatePorts Ports { get; }

        /// <summary>The probes that judge firmware on trial. Add those of your application before <see cref="Start"/>.</summary>
        public HealthScore Health { get; }

        /// <summary>Who receives the events of the agent.</summary>
        public UpdateEventList Events => Ports.Events;

        /// <summary>
        /// Writes the report that an operator requests over a broker; null, the default: the device gives none. NanoOta.Diagnostics has one
        /// (<c>ota.UseDiagnostics()</c>).
        /// </summary>
        public IReport Report { get; set; }

        /// <summary>
        /// Adds an optional part. <see cref="Start"/> calls it once, after the guard is armed and before the agent's thread runs. What it
        /// throws is printed, and the agent starts without it.
        /// </summary>
        /// <param name="name">For people, in that line.</param>
        /// <param name="part">May add listeners and rounds, replace ports, and start threads of its own.</param>
        public void AddPart(string name, OtaPart part)
        {
            parts[partCount++] = part;
        }

        /// <summary>Adds what the agent's thread calls between two steps. Before <see cref="Start"/>, or in a part.</summary>
        public void AddRound(AgentRound round)
        {
            rounds[roundCount++] = round;
        }

        /// <summary>Whether a server may be reached now: there is a network address, and the time of day or a minute without it.</summary>
        public bool IsNetworkReady() => network.IsReady();

        /// <summary>Whether only network and agent should run: the firmware has crashed again and again.</summary>
        public bool IsSafeMode => Ports.Boot.IsSafeMode;

        /// <summary>Starts the agent on a thread of its own and returns.</summary>
        public void Start()
        {
            network = new NetworkReadiness(Ports.Clock, PlatformShim.HasAddress);
            for (int i = 0; i < partCount; i++) parts[i](this);
            loop = new AgentLoop(() => new UpdateAgent(Ports, Options), Ports.Boot, Ports.Clock, IsNetworkReady);
            new Thread(loop.Run).Start();
        }
    }
}
