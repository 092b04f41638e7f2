using System;
using System.Threading;

namespace NanoOta.App.Connected
{
    /// <summary>The broker of <see cref="BrokerSettings"/>.</summary>
    internal static class Broker
    {
        /// <summary>
        /// Joins the agent with the broker, whose link gets a thread of its own: it may wait for minutes, and the agent never does.
        /// </summary>
        /// <param name="ports">The agent's, complete.</param>
        /// <param name="options">The agent's.</param>
        /// <param name="history">What a report tells of the past.</param>
        /// <param name="isReady">While it says no, nothing is tried.</param>
        /// <returns>What AgentLoop is to do between two steps. It never throws: this comes before the agent's thread.</returns>
        public static AgentRound Join(UpdatePorts ports, UpdateOptions options, History history, NetworkProbe isReady)
        {
            // What crashes again and again could be the link.
            if (ports.Boot.IsSafeMode) return history.Round;
            IUpdateEvents events = ports.Events;
            try
            {
                return TryJoin(ports, options, history, isReady);
            }
            catch (Exception e)
            {
                ports.Events = events;
                // A key of BrokerSettings, no id because there is no radio, or no memory.
                Console.WriteLine("no broker: " + e.Message);
                return history.Round;
            }
        }

        private static AgentRound TryJoin(UpdatePorts ports, UpdateOptions options, History history, NetworkProbe isReady)
        {
            var who = new MqttOptions
            {
                Product = options.Product,
                Board = options.Board,
                DeviceId = options.DeviceId,
                CommandKeys = BrokerSettings.CommandKeys(),
                Token = BrokerSettings.CommandToken,
            };
            IBootControl reset = ports.Boot;
            var remote = new RemoteLoop(who, ports) { Support = Describe(new SupportReport(ports, options, history), reset) };
            remote.Status.ResetReason = ResetReasons.Text(reset.ResetReason);
            remote.Status.TrialBoots = reset.TrialBoots;
            new Thread(remote.MakeLink(() => new M2MqttBroker(), BrokerSettings.Login(), isReady).Run).Start();
            return agent =>
            {
                history.Round(agent);
                return remote.Round(agent);
            };
        }

        private static SupportReport Describe(SupportReport report, IBootControl reset)
        {
            report.ResetReason = ResetReasons.Text(reset.ResetReason);
            report.TrialBoots = reset.TrialBoots;
            report.PowerBlips = reset.PowerBlips;
            report.Crashes = reset.Crashes;
            return report;
        }
    }
}
