namespace NanoOta
{
    /// <summary>The agent's side of the link, for the agent's thread: publishes events and status, and gives the announcements and commands
    /// that were received. Every call returns at once, with or without a connection.</summary>
    public sealed class RemoteControl : IUpdateEvents
    {
        // An attacker could send without end; this limits how often it is processed.
        private const int AnnouncementRestMs = 10000, RefusalRestMs = 1000, RefusalAnswerMs = 10000, StatusCheckMs = 1000;

        // How far a counter may be ahead of the time in milliseconds, or of the last counter where that is greater; and, without the time,
        // of the last counter: about 139 years in milliseconds, so that no command can lock out all later ones forever.
        private const long DayMs = 86400000, UntimedStep = 1L << 42;

        private readonly ReceiveQueue receiveQueue;
        private readonly SendQueue sendQueue;
        private readonly IClock clock;
        private readonly ICounterStore counters;
        private readonly CommandReader reader;
        private readonly int statusIntervalMs;
        private readonly byte[] written = new byte[SendQueue.MaxLength];
        private readonly JsonWriter json;
        private readonly DownloadTelemetry download = new DownloadTelemetry();
        private int events, unanswered, lastStateLength;
        private long nextAnnouncement, nextCommand, nextRefusal, nextCheck, nextStatus;
        private Phase lastPhase;

        /// <summary>A control that has published nothing yet.</summary>
        /// <param name="options">Device id, command keys and interval of the status; not kept.</param>
        /// <param name="receiveQueue">Messages from the broker.</param>
        /// <param name="sendQueue">Messages to the broker.</param>
        /// <param name="crypto">The agent's; idle whenever a command is taken.</param>
        /// <param name="clock">The agent's.</param>
        /// <param name="counters">Remembers the last command.</param>
        /// <exception cref="System.ArgumentException">A command key is malformed.</exception>
        public RemoteControl(MqttOptions options, ReceiveQueue receiveQueue, SendQueue sendQueue, ICrypto crypto, IClock clock,
            ICounterStore counters)
        {
            this.receiveQueue = receiveQueue;
            this.sendQueue = sendQueue;
            this.clock = clock;
            this.counters = counters;
            reader = new CommandReader(options, crypto);
            statusIntervalMs = options.StatusIntervalMs;
            json = new JsonWriter(written);
        }

        /// <summary>The status that <see cref="Report"/> publishes. Events set <see cref="DeviceStatus.Offered"/>, <see
        /// cref="DeviceStatus.LastError"/> and <see cref="DeviceStatus.WaitsFor"/>; the caller of Report sets the rest.</summary>
        public DeviceStatus Status { get; } = new DeviceStatus();

        /// <summary>Gives the latest announcement, once; at most one in ten seconds.</summary>
        /// <returns>The manifest, not to be changed; empty: the announcement is withdrawn; null: there is nothing new.</returns>
        public byte[] TakeAnnouncement()
        {
            long now = clock.Milliseconds;
            if (now < nextAnnouncement) return null;
            byte[] manifest = receiveQueue.TakeAnnouncement();
            if (manifest != null) nextAnnouncement = now + AnnouncementRestMs;
            return manifest;
        }

        /// <summary>
        /// Checks one command. A refused command is answered here, at most once in ten seconds, and the next one is checked a second later.
        /// The counter of an accepted command is stored before this returns, so the command is never given again, executed or not.
        /// </summary>
        /// <remarks>Call it only while <see cref="UpdateAgent.MayTakeCommands"/>: it uses <see cref="ICrypto"/>.</remarks>
        /// <returns>A command to execute and then to <see cref="Answer"/>, or null.</returns>
        public RemoteCommand TakeCommand()
        {
            if (clock.Milliseconds < nextCommand) return null;
            byte[] command = receiveQueue.TakeCommand();
            if (command == null) return null;
            UpdateError error = Check(command);
            if (error == UpdateError.None) return new RemoteCommand { Kind = reader.Kind, Counter = reader.Counter };
            Refuse(error);
            return null;
        }

        /// <summary>Publishes the result of a command.</summary>
        /// <param name="command">From TakeCommand.</param>
        /// <param name="result">None when it was executed; else why not.</param>
        public void Answer(RemoteCommand command, UpdateError result)
        {
            json.Begin(SendQueue.MaxEventLength);
            json.Number("n", command.Counter);
            json.Text("cmd", CommandNames.Of(command.Kind));
            json.Number("code", (int)result);
            json.Text("text", UpdateErrors.Text(result));
            sendQueue.Put(MessageKind.Answer, written, json.End());
        }

        /// <summary>Publishes the status: at once when the state has changed, after the interval when only measurements have.</summary>
        public void Report()
        {
            long now = clock.Milliseconds;
            if (now < nextCheck && Status.Phase == lastPhase) return;
            nextCheck = now + StatusCheckMs;
            lastPhase = Status.Phase;
            json.Begin(SendQueue.MaxLength);
            WriteState();
            int length = json.Length;
            byte[] last = sendQueue.LastStatus;
            bool isChanged = last == null || length != lastStateLength || !Bytes.Same(written, 0, last, 0, length);
            if (!isChanged && now < nextStatus) return;
            lastStateLength = length;
            nextStatus = now + statusIntervalMs;
            WriteMeasurements(now);
            sendQueue.Put(MessageKind.Status, written, json.End());
        }

        /// <inheritdoc/>
        public void On(UpdateEvent e)
        {
            long now = clock.Milliseconds;
            Track(e);
            if (download.IsDue(e, now))
            {
                json.Begin(DownloadTelemetry.MaxLength);
                download.Write(json, e, now);
                sendQueue.Put(MessageKind.Progress, written, json.End());
            }

            // Progress has a message of its own, and the status shows when the agent is idle.
            if (e.Kind != UpdateEventKind.Progress && e.Kind != UpdateEventKind.Idle) Publish(e, now);
        }

        private UpdateError Check(byte[] command)
        {
            UpdateError error = reader.Read(command, command.Length);
            if (error != UpdateError.None) return error;
            if (reader.Counter <= counters.Last) return UpdateError.CommandReplayed;
            if (reader.Expires > 0 && clock.UnixSeconds == 0) return UpdateError.ClockNotSet;
            if (reader.Expires > 0 && clock.UnixSeconds > reader.Expires) return UpdateError.CommandExpired;
            if (reader.Counter > HighestCounter()) return UpdateError.CommandTooFarAhead;
            return counters.Save(reader.Counter) ? UpdateError.None : UpdateError.JournalFailed;
        }

        private long HighestCounter()
        {
            long last = counters.Last, now = clock.UnixSeconds * 1000;
            if (now == 0) return last + UntimedStep;
            return (now > last ? now : last) + DayMs;
        }

        private void Refuse(UpdateError error)
        {
            long now = clock.Milliseconds;
            nextCommand = now + RefusalRestMs;
            if (now < nextRefusal)
            {
                unanswered++;
                return;
            }

            nextRefusal = now + RefusalAnswerMs;
            json.Begin(SendQueue.MaxEventLength);
            // An answer repeats nothing of a command that is not authentic.
            if (reader.IsAuthentic && reader.Counter > 0) json.Number("n", reader.Counter);
            if (reader.IsAuthentic) json.Text("cmd", CommandNames.Of(reader.Kind));
            json.Number("code", (int)error);
            json.Text("text", UpdateErrors.Text(error));
            if (reader.Cause != UpdateError.None) json.Number("cause", (int)reader.Cause);
            // With it the operator finds the next valid counter.
            if (error == UpdateError.CommandReplayed || error == UpdateError.CommandTooFarAhead) json.Number("last", counters.Last);
            if (unanswered > 0) json.Number("more", unanswered);
            unanswered = 0;
            sendQueue.Put(MessageKind.Answer, written, json.End());
        }

        private void Track(UpdateEvent e)
        {
            switch (e.Kind)
            {
                case UpdateEventKind.Offer: Status.Offered = e.Version; break;
                case UpdateEventKind.Delayed: Status.WaitsFor = e.Code; break;
                case UpdateEventKind.Notice:
                case UpdateEventKind.Health:
                case UpdateEventKind.Progress: break;
                default: Status.WaitsFor = UpdateError.None; break;
            }

            bool isFault = e.Kind == UpdateEventKind.Refused || e.Kind == UpdateEventKind.Error || e.Kind == UpdateEventKind.Rejected
                || e.Kind == UpdateEventKind.Reverted;
            if (isFault) Status.LastError = e.Code;
            else if (e.Kind == UpdateEventKind.Staged || e.Kind == UpdateEventKind.Confirmed) Status.LastError = UpdateError.None;
        }

        private void Publish(UpdateEvent e, long now)
        {
            events++;
            json.Begin(SendQueue.MaxEventLength);
            EventWriter.WriteMessage(json, e, events, now / 1000);
            sendQueue.Put(MessageKind.Event, written, json.End());
        }

        private void WriteState()
        {
            json.Number("on", 1);
            json.Known("ver", Status.Version);
            if (Status.Sequence > 0) json.Number("seq", Status.Sequence);
            json.Number("slot", Status.Slot);
            json.Text("state", Names.Of(Status.State));
            json.Text("phase", Names.Of(Status.Phase));
            json.Known("offer", Status.Offered);
            json.Number("err", (int)Status.LastError);
            json.Number("why", (int)Status.WaitsFor);
            json.Number("pause", Status.IsPaused ? 1 : 0);
            json.Number("boots", Status.TrialBoots);
            json.Number("lvl", Status.AgentLevel);
            json.Known("reset", Status.ResetReason);
        }

        private void WriteMeasurements(long now)
        {
            json.Known("mv", Status.SupplyMillivolts);
            json.Number("ext", Status.IsSupplyExternal ? 1 : 0);
            json.Known("mem", Status.FreeMemory);
            json.Number("up", now / 1000);
            json.Number("drop", sendQueue.Dropped);
            json.Number("flood", receiveQueue.Refused + receiveQueue.Dropped);
        }
    }
}
