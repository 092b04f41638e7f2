using System;

namespace NanoOta
{
    /// <summary>
    /// Joins an agent with those who watch and command it: between two steps it tells where the agent stands, hands announcements to it and
    /// carries commands out. Nothing here waits for the broker; that is for the thread of <see cref="Link"/>.
    /// </summary>
    public sealed class RemoteLoop : ICounterStore
    {
        // The supply's converter takes its time, and the numbers go out once an hour.
        private const int MeasureMs = 60000, LookMs = 1000;

        // Longest time that an answer has to reach the broker before a reset that was asked for.
        private const int RestartMs = 3000;

        private readonly UpdatePorts ports;
        private readonly ReceiveQueue receiveQueue;
        private readonly SendQueue sendQueue = new SendQueue();
        private readonly RemoteControl control;
        private UpdateAgent agent;
        private bool knowsLastError;
        private long nextLook, nextMeasure, restartAt;

        /// <summary>A loop that has told nothing yet.</summary>
        /// <param name="options">Broker, device and command keys; the link keeps them.</param>
        /// <param name="ports">The agent's, complete; the loop is added to their events.</param>
        /// <param name="isReady">While it answers false, the link does not connect.</param>
        /// <exception cref="ArgumentException">A command key or the device id is malformed, or there is no client.</exception>
        public RemoteLoop(MqttOptions options, UpdatePorts ports, NetworkProbe isReady)
        {
            this.ports = ports;
            receiveQueue = new ReceiveQueue(new Topics(options.Product, options.Board, options.DeviceId));
            control = new RemoteControl(options, receiveQueue, sendQueue, ports.Crypto, ports.Clock, this);
            Link = new RemoteLink(options, receiveQueue, sendQueue, ports.Clock, isReady);
            Status.ResetReason = ResetReasons.Text(ports.Boot.ResetReason);
            ports.Events.Add(control);
        }

        /// <summary>The status that the loop publishes.</summary>
        public DeviceStatus Status => control.Status;

        /// <summary>The link that brings messages to and from this loop; give its Run a thread.</summary>
        public RemoteLink Link { get; }

        /// <summary>
        /// Writes the reports that an operator requests; null: the device gives none. Set it before the first round. Each takes 8 KB of memory
        /// while it is written, and its own length until it is published.
        /// </summary>
        public IReport Report;

        long ICounterStore.Last => agent.CommandCounter;

        bool ICounterStore.Save(long counter) => agent.SaveCommandCounter(counter);

        /// <summary>One round between two steps of the agent, on their thread; AgentLoop calls it.</summary>
        /// <param name="agent">The one that is at work now; another one after a fault.</param>
        /// <returns>Whether the agent, which rests, has got something to do.</returns>
        public bool Round(UpdateAgent agent)
        {
            this.agent = agent;
            long now = ports.Clock.Milliseconds;
            // Without a connection nobody would hear them, and nothing waits for the broker.
            if (agent.Phase == Phase.Reboot && sendQueue.Count > 0 && Link.IsConnected && agent.HoldReset())
                restartAt = now + RestartMs;
            if (restartAt > 0 && (sendQueue.Count == 0 || now >= restartAt)) Restart();
            bool isNews = TakeAnnouncement();
            if (agent.MayTakeCommands && TakeCommand()) isNews = true;
            if (agent.Phase != Status.Phase || now >= nextLook) Look(now);
            // In other phases a step that comes early would cut a wait short that the server is owed.
            return isNews && agent.Phase == Phase.Idle;
        }

        private bool TakeAnnouncement()
        {
            byte[] manifest = control.TakeAnnouncement();
            if (manifest == null) return false;
            agent.Announce(manifest, manifest.Length);
            return true;
        }

        private bool TakeCommand()
        {
            RemoteCommand command = control.TakeCommand();
            if (command == null) return false;
            UpdateError result = CarryOut(command);
            Look(ports.Clock.Milliseconds);
            control.Answer(command, result);
            return true;
        }

        private UpdateError CarryOut(RemoteCommand command)
        {
            switch (command.Kind)
            {
                case CommandKind.Check: return agent.CheckNow();
                case CommandKind.Pause: return agent.Pause(true);
                case CommandKind.Resume: return agent.Pause(false);
                case CommandKind.RejectTrial: return agent.RejectTrial();
                case CommandKind.Revert: return RestartAfter(agent.Revert());
                case CommandKind.Report: return SendReport(command.Counter);
                case CommandKind.Reboot when agent.Phase != Phase.Trial: return RestartAfter(UpdateError.None);
                default: return UpdateError.CommandNotPossible;
            }
        }

        private UpdateError SendReport(long number)
        {
            if (Report == null || sendQueue.HasReport) return UpdateError.CommandNotPossible;
            try
            {
                WriteReport(number);
                return UpdateError.None;
            }
            catch (OutOfMemoryException)
            {
                return UpdateError.MemoryLow;
            }
        }

        private void WriteReport(long number)
        {
            var request = new ReportRequest
            {
                Number = number,
                Connections = Link.Connections,
                DroppedMessages = sendQueue.Dropped,
                RefusedMessages = receiveQueue.Refused + receiveQueue.Dropped,
                LinkError = Link.LastError,
            };
            var document = new byte[Report.MaxLength];
            int length = Report.Write(agent, request, document);
            // It may wait for hours.
            var report = new byte[length];
            Array.Copy(document, 0, report, 0, length);
            sendQueue.PutReport(report, length);
        }

        private UpdateError RestartAfter(UpdateError result)
        {
            if (result == UpdateError.None) restartAt = ports.Clock.Milliseconds + RestartMs;
            return result;
        }

        private void Restart()
        {
            restartAt = 0;
            agent.Restart();
        }

        private void Look(long now)
        {
            nextLook = now + LookMs;
            DeviceStatus status = control.Status;
            status.Phase = agent.Phase;
            status.Version = agent.RunningVersion;
            status.Sequence = agent.RunningSequence;
            status.Slot = ports.Boot.RunningSlot;
            status.State = ports.Boot.State;
            status.IsPaused = agent.IsPaused;
            status.AgentLevel = UpdateAgent.Level;
            status.TrialBoots = status.State == BootState.Trial ? ports.Boot.TrialBoots : 0;
            if (now >= nextMeasure) Measure(now);
            RecallError();
            control.Report();
        }

        private void Measure(long now)
        {
            nextMeasure = now + MeasureMs;
            if (ports.Memory != null) Status.FreeMemory = ports.Memory.Free;
            if (ports.Supply == null) return;
            Status.IsSupplyExternal = ports.Supply.IsExternal;
            Status.SupplyMillivolts = ports.Supply.Millivolts;
        }

        // The journal is read in Settle. What was heard since is later than what it says.
        private void RecallError()
        {
            if (knowsLastError || agent.Phase == Phase.Settle) return;
            knowsLastError = true;
            if (Status.LastError == UpdateError.None) Status.LastError = agent.LastError;
        }
    }
}
