using System;
using System.Threading;

namespace NanoOta
{
    /// <summary>Connects the agent of a device with a broker.</summary>
    public static class OtaAgentMqtt
    {
        /// <summary>
        /// Publishes status, progress and events of the agent to a broker, and takes announcements and commands from it (SPEC.md, section
        /// 8). The connection has a thread of its own, so the agent never waits for it. In safe mode there is no connection. When a command
        /// key, the device id or the broker's client is missing or malformed, the console says <c>no broker:</c> and why, and the agent
        /// starts without it.
        /// </summary>
        /// <param name="ota">An agent that has not started yet.</param>
        /// <param name="options">For this agent alone.</param>
        /// <exception cref="ArgumentNullException">There are no options.</exception>
        public static void UseMqtt(this OtaAgent ota, MqttOptions options)
        {
            if (options == null) throw new ArgumentNullException(nameof(options));
            ota.AddPart("broker", agent => Start(agent, options));
        }

        private static void Start(OtaAgent ota, MqttOptions options)
        {
            // The link could be what crashes again and again.
            if (ota.IsSafeMode) return;
            options.Product = ota.Options.Product;
            options.Board = ota.Options.Board;
            options.DeviceId = ota.Options.DeviceId;
            var remote = new RemoteLoop(options, ota.Ports, ota.IsNetworkReady) { Report = ota.Report };
            ota.AddRound(remote.Round);
            new Thread(remote.Link.Run).Start();
        }
    }
}
