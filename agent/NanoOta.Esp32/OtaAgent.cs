using System;
using System.Threading;

namespace NanoOta
{
    /// <summary>Starts an optional part of the agent, such as the connection to a broker.</summary>
    /// <param name="ota">The agent that the part belongs to. Its ports and options are complete; its thread does not run yet.</param>
    public delegate void OtaPart(OtaAgent ota);

    /// <summary>
    /// The update agent of an ESP32, with everything that it needs: the identity of this firmware (<see cref="FirmwareIdentity"/>,
    /// <see cref="FirmwareBoard"/>), flash, boot record, cryptography, HTTP, clock, memory, supply, console and three health probes.
    /// Make one at the start of Main, change what your firmware does differently, and call <see cref="Start"/>. For one thread until then.
    /// </summary>
    public sealed class OtaAgent
    {
        // Least bytes of native memory, in total and in one block, for the health probe "memory". An estimate: not measured on a chip.
        private const int MemoryFree = 20000, MemoryBlock = 8000;

        private const int MaxParts = 4;

        private readonly OtaPart[] parts = new OtaPart[MaxParts];
        private readonly string[] names = new string[MaxParts];
        private int partCount;
        private SettingsPort settings;
        private NetworkReadiness network;
        private AgentLoop loop;

        /// <summary>An agent for the firmware that runs. Nothing happens before <see cref="Start"/>.</summary>
        /// <param name="address">Where releases are published: the folder of a manifest, or the manifest itself (ends in <c>.cose</c>).
        /// http or https.</param>
        /// <exception cref="ArgumentException">The address is null or empty.</exception>
        public OtaAgent(string address)
        {
            if (address == null || address == "")
                throw new ArgumentException("the address of the releases is empty: give a folder such as https://updates.example/lamp/");
            Options = new UpdateOptions
            {
                Address = address,
                Product = FirmwareIdentity.Product(),
                Board = FirmwareIdentity.Board(),
                Chip = FirmwareBoard.Chip(),
                TrustedKeys = FirmwareIdentity.TrustedKeys(),
                DeviceId = PlatformShim.DeviceId(),
                Supply = SupplyLimits(),
            };
            Health = new HealthScore();
            Ports = new UpdatePorts
            {
                Flash = new NativeFlash(),
                Boot = new NativeBootControl(),
                Crypto = new NativeCrypto(),
                Source = new HttpReleaseSource(),
                Clock = new SystemClock(),
                Health = Health,
                Runtime = new NativeRuntime(),
                Memory = PlatformShim.Memory(),
                Supply = PlatformShim.Supply(),
            };
            Events.Add(new ConsoleEvents());
            HasAddress = PlatformShim.HasAddress;
            Health.Add("server", new ServerProbe(Ports, Options, IsNetworkReady), 2, true);
            Health.Add("network", new NetworkUp(IsNetworkReady), 1, false);
            Health.Add("memory", new MemoryFloor(Ports, MemoryFree, MemoryBlock), 1, false);
        }

        /// <summary>Address, identity, intervals and limits. The identity is that of <see cref="FirmwareIdentity"/>; the device id is the
        /// MAC address of the radio. Change them before <see cref="Start"/>.</summary>
        public UpdateOptions Options { get; }

        /// <summary>What the agent works with. Each port can be replaced before <see cref="Start"/>, which is how tests and simulated
        /// devices use the same agent.</summary>
        public UpdatePorts Ports { get; }

        /// <summary>The probes that judge firmware on trial: <c>server</c> (weight 2, mandatory), <c>network</c> and <c>memory</c>. Add
        /// those of your application before <see cref="Start"/>; there is room for five.</summary>
        public HealthScore Health { get; }

        /// <summary>Conditions of your application for a step of an update, such as a temperature. They are checked after those of the
        /// agent (pause, window, supply, memory, space, runtime). Add them before <see cref="Start"/>.</summary>
        public PreflightList Preflight => Ports.Preflight;

        /// <summary>The listeners of the agent's events; at first the console.</summary>
        public UpdateEventList Events => Ports.Events;

        /// <summary>Writes the report that an operator requests over a broker; null, the default: the device gives none.
        /// NanoOta.Diagnostics has one (<c>ota.UseDiagnostics()</c>).</summary>
        public IReport Report { get; set; }

        /// <summary>The files of the application's settings: <c>ota.Settings.Add("lamp.json")</c>, with an extension of NanoOta.Settings.
        /// They are copied before an activation and come back with the firmware that wrote them.</summary>
        public SettingsPort Settings => settings ??= new SettingsPort(Ports);

        /// <summary>Answers whether the device has a network address. Default: whether the Wi-Fi radio has an IPv4 address. Replace it
        /// before <see cref="Start"/> where the network is another one, such as Ethernet or a modem.</summary>
        public NetworkProbe HasAddress { get; set; }

        /// <summary>The authorities that may sign the certificate of an https server, in PEM form; null, the default: those in the device's
        /// own store. See <see cref="HttpReleaseSource.CaCertificate"/>.</summary>
        /// <exception cref="ArgumentException">The text is no certificate in PEM form.</exception>
        /// <exception cref="InvalidOperationException">The agent runs already, or its source is not HTTP.</exception>
        public string CaCertificate
        {
            get => Http().CaCertificate;
            set
            {
                RefuseAfterStart();
                Http().CaCertificate = value;
            }
        }

        /// <summary>What a private server requires before it gives a file; null, the default: nothing.</summary>
        /// <exception cref="InvalidOperationException">The agent runs already, or its source is not HTTP.</exception>
        public HttpCredential Credential
        {
            get => Http().Credential;
            set
            {
                RefuseAfterStart();
                Http().Credential = value;
            }
        }

        /// <summary>Where the update stands; Settle before the first step, and for a minute after an exception of the agent.</summary>
        public Phase State => Agent is UpdateAgent agent ? agent.Phase : Phase.Settle;

        /// <summary>Percent of the offered image that is in the slot, 0 to 100; 0 when no update is in work.</summary>
        public int Progress => Agent is UpdateAgent agent ? agent.Progress : 0;

        /// <summary>Version of the running firmware as its release states it; empty before the first step, and without a release.</summary>
        public string RunningVersion => Agent is UpdateAgent agent ? agent.RunningVersion : "";

        /// <summary>Whether only network and agent should run, because this firmware has crashed again and again and there is no other. A
        /// release that repairs it ends this; so does a reset after an hour.</summary>
        public bool IsSafeMode => Ports.Boot.IsSafeMode;

        /// <summary>Whether a server can be reached now: there is a network address, and the time of day, for which it waits a minute at
        /// most. For any thread; false before <see cref="Start"/>.</summary>
        public bool IsNetworkReady() => network != null && network.IsReady();

        /// <summary>Whether the agent has nothing to do until its next check: the time to sleep. Waits for the step in work.</summary>
        public bool IsResting => loop != null && loop.IsResting;

        /// <summary>Sleeps deeply, so that the sleep does not count against a trial and checks keep their interval. Waits for the agent's
        /// step to end, which can take as long as a request to the server. The device starts anew when it wakes.</summary>
        /// <param name="milliseconds">How long; 0: until another source wakes the device.</param>
        /// <returns>False when the device stays awake: the agent has not started, or is about to confirm, to reject or to reset. Otherwise,
        /// on a device, it does not return.</returns>
        public bool Sleep(int milliseconds) => loop != null && loop.Sleep(milliseconds);

        /// <summary>Adds an optional part. <see cref="Start"/> calls it once, before the agent's thread runs. When it throws, the exception
        /// is printed and the agent starts without this part.</summary>
        /// <param name="name">Names the part in that line.</param>
        /// <param name="part">It may add listeners and rounds, and start threads of its own.</param>
        /// <exception cref="InvalidOperationException">The agent runs already, or there are four parts.</exception>
        public void AddPart(string name, OtaPart part)
        {
            RefuseAfterStart();
            if (part == null) throw new ArgumentException("the part " + name + " is null");
            if (partCount == MaxParts) throw new InvalidOperationException("the part " + name + " is one too many: four fit");
            names[partCount] = name;
            parts[partCount++] = part;
        }

        /// <summary>Adds what the agent's thread calls after each step, and at least once a second. It counts as a part.</summary>
        /// <exception cref="ArgumentException">The round is null.</exception>
        /// <exception cref="InvalidOperationException">There are four parts.</exception>
        public void AddRound(AgentRound round)
        {
            if (round == null) throw new ArgumentException("the round is null");
            if (loop == null) AddPart("round", ota => ota.loop.AddRound(round));
            else loop.AddRound(round);
        }

        /// <summary>Starts the agent on a thread of its own and returns. Call it first in Main: after a reset the agent needs no network,
        /// and firmware that fails before this call cannot be updated.</summary>
        /// <exception cref="InvalidOperationException">It runs already, a port is null, a time of the options is less than 1 ms, or this
        /// firmware has no identity. On trial an identity is not required: there the agent rejects the firmware, and reports why.</exception>
        public void Start() => new Thread(MakeLoop().Run).Start();

        /// <summary>All of <see cref="Start"/> but the thread.</summary>
        internal AgentLoop MakeLoop()
        {
            RefuseAfterStart();
            // Before anything that can throw: firmware that ends here is reset, and rolled back where it is on trial.
            new FirmwareGuard(Ports.Boot, Ports.Clock).Round(false);
            CheckPorts();
            CheckTimes();
            if (Ports.Boot.State != BootState.Trial) CheckIdentity();
            var http = Ports.Source as HttpReleaseSource;
            if (http != null) http.Memory = Ports.Memory;
            network = new NetworkReadiness(Ports.Clock, HasAddress);
            loop = new AgentLoop(MakeAgent, Ports.Boot, Ports.Clock, IsNetworkReady);
            for (int i = 0; i < partCount; i++) StartPart(i);
            return loop;
        }

        // The loop replaces it after an exception, at any time.
        private UpdateAgent Agent => loop == null ? null : loop.Agent;

        /// <summary>An agent on these ports, as the loop makes it.</summary>
        internal UpdateAgent MakeAgent() => new UpdateAgent(Ports, Options);

        private void StartPart(int index)
        {
            try
            {
                parts[index](this);
            }
            catch (Exception e)
            {
                AgentLoop.Report("no " + names[index] + ": ", e);
            }
        }

        private static SupplyLimits SupplyLimits()
        {
            int download = FirmwareBoard.SupplyDownload(), write = FirmwareBoard.SupplyWrite(), activate = FirmwareBoard.SupplyActivate();
            if (download == 0 && write == 0 && activate == 0) return null;
            return new SupplyLimits { Download = download, Write = write, Activate = activate };
        }

        private HttpReleaseSource Http()
        {
            var http = Ports.Source as HttpReleaseSource;
            if (http == null) throw new InvalidOperationException("ota.Ports.Source is not HTTP: set this in your own source");
            return http;
        }

        private void RefuseAfterStart()
        {
            if (loop != null) throw new InvalidOperationException("the agent runs: do this before ota.Start(), and call Start once");
        }

        private void CheckPorts()
        {
            if (Ports.Flash == null || Ports.Crypto == null || Ports.Source == null || Ports.Health == null || HasAddress == null)
                throw new InvalidOperationException("a port is null: set Flash, Crypto, Source, Health of ota.Ports, and ota.HasAddress");
        }

        // On trial too: a release with such a time must not be confirmed.
        private void CheckTimes()
        {
            if (Options.CheckIntervalMs < 1 || Options.RetryDelayMs < 1 || Options.HealthDeadlineMs < 1)
                throw new InvalidOperationException("a time of ota.Options is less than 1 ms: CheckIntervalMs, RetryDelayMs or HealthDeadlineMs");
        }

        private void CheckIdentity()
        {
            if (Options.Product == "" || Options.Board == "" || Options.TrustedKeys.Length == 0)
                throw new InvalidOperationException("this firmware has no product, board or trusted key: use nano-ota identity");
        }
    }
}
