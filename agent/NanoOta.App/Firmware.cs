using System;
using System.Threading;

namespace NanoOta.App
{
    /// <summary>
    /// Joins the agent, which does not run yet, with a broker. Throws nothing: the agent could not be started after that.
    /// </summary>
    /// <param name="ports">The agent's, complete.</param>
    /// <param name="options">The agent's.</param>
    /// <param name="history">What a report tells of the past.</param>
    /// <param name="isReady">While it says no, nothing is tried.</param>
    /// <returns>What AgentLoop is to do between two steps.</returns>
    internal delegate AgentRound BrokerJoin(UpdatePorts ports, UpdateOptions options, History history, NetworkProbe isReady);

    /// <summary>
    /// The reference firmware: keeps itself up to date and blinks. Each part has a thread of its own, so that none can end
    /// another; the agent's comes first, because what it does after a reset needs nothing else. The network has that of Main: a thread
    /// takes 400 bytes at least. In safe mode there are only network and agent: what crashes again and again must not keep the release
    /// away that mends it.
    /// </summary>
    internal static class Firmware
    {
        /// <summary>Starts it, and never returns.</summary>
        /// <param name="join">Null: there is no broker.</param>
        public static void Run(BrokerJoin join)
        {
            StartAgent(new NetworkReadiness(new SystemClock(), Wifi.HasAddress), join);
            if (new NativeBootControl().IsSafeMode) Console.WriteLine("safe mode: only network and agent run");
            else StartApplication();
            Wifi.Run();
        }

        private static void StartApplication()
        {
            new Thread(StartReport.Print).Start();
            new Thread(Led.Run).Start();
        }

        private static void StartAgent(NetworkReadiness network, BrokerJoin join)
        {
            var source = new HttpReleaseSource { CaCertificate = Settings.CaCertificate, Credential = Settings.Credential() };
            var options = new UpdateOptions
            {
                Address = Settings.Address,
                Product = FirmwareIdentity.Product(),
                Board = FirmwareIdentity.Board(),
                Chip = FirmwareBoard.Chip(),
                TrustedKeys = FirmwareIdentity.TrustedKeys(),
                DeviceId = Wifi.MacAddress(),
                Supply = new SupplyLimits
                {
                    Download = FirmwareBoard.SupplyDownload(),
                    Write = FirmwareBoard.SupplyWrite(),
                    Activate = FirmwareBoard.SupplyActivate(),
                },
            };
            var health = new HealthScore();
            var ports = new UpdatePorts
            {
                Flash = new NativeFlash(),
                Boot = new NativeBootControl(),
                Crypto = new NativeCrypto(),
                Source = source,
                Clock = new SystemClock(),
                Events = new ConsoleEvents(),
                Health = health,
                Runtime = new NativeRuntime(),
                Memory = new DeviceMemory(null),
                Supply = new SupplyVoltage(FirmwareBoard.SupplyChannel(), FirmwareBoard.SupplyFullScale()),
            };
            health.Add("server", new ServerProbe(ports, options, network.IsReady), 2, true);
            health.Add("network", new NetworkUp(network.IsReady), 1, false);
            health.Add("memory", new MemoryFloor(ports.Memory, ports.Clock, 20000, 8000), 1, false);
            var loop = new AgentLoop(() => new UpdateAgent(ports, options), ports.Boot, ports.Clock, network.IsReady);
            var history = new History(ports, (int)ports.Boot.ResetReason);
            loop.BetweenSteps = join == null ? history.Round : join(ports, options, history, network.IsReady);
            new Thread(loop.Run).Start();
        }
    }
}
