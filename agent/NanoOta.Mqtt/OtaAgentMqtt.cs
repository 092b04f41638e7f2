using System;
using System.Threading;

namespace NanoOta
{
    /// <summary>Connects the agent of a device with a broker.</summary>
    public static class OtaAgentMqtt
    {
        /// <summary>
        /// Publishes status, progress and events of the agent to a broker, and takes announcements and commands from it (SPEC.md, section
        /// 8). The connection has a thread of its own, so the agent never waits for it. In safe mode there is no connection. When the device
        /// id is missing, or a command key is malformed, the console shows <c>no broker:</c> with the cause, and the agent runs without it.
        /// </summary>
        /// <param name="ota">An agent that has not started yet.</param>
        /// <param name="options">For this agent alone.</param>
        /// <exception cref="ArgumentNullException">There are no options.</exception>
        public static void UseMqtt(this OtaAgent ota, MqttOptions options)
        {
            if (options == null) throw new ArgumentNullException(nameof(options));
            ota.AddPart("broker", agent =>
            {
                // The link could be what crashes again and again.
                if (!agent.IsSafeMode) new Thread(Join(agent, options).Link.Run).Start();
            });
        }

        /// <summary>All of <see cref="UseMqtt"/> but the thread.</summary>
        internal static RemoteLoop Join(OtaAgent ota, MqttOptions options)
        {
            options.Product = ota.Options.Product;
            options.Board = ota.Options.Board;
            options.DeviceId = ota.Options.DeviceId;
            var remote = new RemoteLoop(options, ota.Ports, ota.IsNetworkReady) { Report = ota.Report };
            ota.AddRound(remote.Round);
            return remote;
        }
    }
}
