using System;

namespace NanoOta
{
    /// <summary>Joins an agent with a broker: between two steps of the agent it updates the status, passes announcements on and executes
    /// commands. It never waits for the broker; <see cref="Link"/> does, on a thread of its own.</summary>
    public sealed class RemoteLoop : ICounterStore
    {
        // A measurement of the supply is slow, and its value is published once an hour.
        private const int MeasureMs = 60000, CheckMs = 1000;

        // Longest time that an answer has to reach the broker before the reset that a command requested.
        private const int RestartMs = 3000;

        private readonly UpdatePorts ports;
        private readonly ReceiveQueue receiveQueue;
        private readonly SendQueue sendQueue = new SendQueue();
        private readonly RemoteControl control;
        private UpdateAgent agent;
        private bool hasRecalledError;
        private long nextCheck, nextMeasure, restartAt;

        /// <summary>A loop that has published nothing yet.</summary>
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

        /// <summary>Writes the reports that an operator requests; null: the device gives none. Set it before the first round. Each takes 8
        /// KB of memory while it is written, and its own length until it is published.</summary>
        public IReport Report;

        long ICounterStore.Last => agent.CommandCounter;

        bool ICounterStore.Save(long counter) => agent.SaveCommandCounter(counter);

        /// <summary>One round between two steps of the agent, on their thread; AgentLoop calls it.</summary>
        /// <param name="agent">The agent that runs now; another one after a fault.</param>
        /// <returns>Whether the agent rests and has something to do now.</returns>
        public bool Round(UpdateAgent agent)
        {
            this.agent = agent;
            long now = ports.Clock.Milliseconds;
            // Messages delay a reset only while there is a connection to send them over.
            if (agent.Phase == Phase.Reboot && sendQueue.Count > 0 && Link.IsConnected && agent.HoldReset())
                restartAt = now + RestartMs;
            if (restartAt > 0 && (sendQueue.Count == 0 || now >= restartAt)) Restart();
            bool isDue = TakeAnnouncement();
            if (agent.MayTakeCommands && TakeCommand()) isDue = true;
            if (agent.Phase != Status.Phase || now >= nextCheck) UpdateStatus(now);
            // In other phases an early step would cut short a wait that the server has requested.
            return isDue && agent.Phase == Phase.Idle;
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
            UpdateError result = Execute(command);
            UpdateStatus(ports.Clock.Milliseconds);
            control.Answer(command, result);
            return true;
        }

        private UpdateError Execute(RemoteCommand command)
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
            // It may stay in the queue for hours.
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

        private void UpdateStatus(long now)
        {
            nextCheck = now + CheckMs;
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

        // The journal is read in Settle; an error since then is later than the one in it.
        private void RecallError()
        {
            if (hasRecalledError || agent.Phase == Phase.Settle) return;
            hasRecalledError = true;
            if (Status.LastError == UpdateError.None) Status.LastError = agent.LastError;
        }
    }
}
