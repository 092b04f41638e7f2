namespace NanoOta
{
    /// <summary>
    /// The agent's side of the link, for the agent's thread: tells what happens, and gives the announcements and commands that came. Every
    /// call returns at once, whether there is a broker or not.
    /// </summary>
    public sealed class RemoteControl : IUpdateEvents
    {
        // What an attacker could send without end is looked at no faster than this.
        private const int AnnouncementRestMs = 10000, RefusalRestMs = 1000, RefusalAnswerMs = 10000, StatusLookMs = 1000;

        // How far a counter may be ahead of the time in milliseconds, or of the last one where that is greater; and of the last one
        // where the time is not known: about 139 years in milliseconds, so that no command can shut out all others for good.
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
        private int events, silent, lastWords;
        private long nextAnnouncement, nextCommand, nextRefusal, nextLook, nextStatus;
        private Phase lastPhase;

        /// <summary>A control; nothing is told before the first event or status.</summary>
        /// <param name="options">Who the device is and whom it obeys; not kept.</param>
        /// <param name="receiveQueue">What has come.</param>
        /// <param name="sendQueue">What waits to go.</param>
        /// <param name="crypto">The agent's: no computation of it may be under way when a command is taken.</param>
        /// <param name="clock">The agent's.</param>
        /// <param name="counters">Remembers the last command.</param>
        /// <exception cref="System.ArgumentException">A command key or the token is malformed.</exception>
        public RemoteControl(MqttOptions options, ReceiveQueue receiveQueue, SendQueue sendQueue, ICrypto crypto, IClock clock, ICounterStore counters)
        {
            this.receiveQueue = receiveQueue;
            this.sendQueue = sendQueue;
            this.clock = clock;
            this.counters = counters;
            reader = new CommandReader(options, crypto);
            statusIntervalMs = options.StatusIntervalMs;
            json = new JsonWriter(written);
        }

        /// <summary>
        /// What <see cref="Report"/> tells. Events keep <see cref="DeviceStatus.Offered"/>, <see cref="DeviceStatus.LastError"/> and
        /// <see cref="DeviceStatus.WaitsFor"/>; who calls Report fills in the rest.
        /// </summary>
        public DeviceStatus Status { get; } = new DeviceStatus();

        /// <summary>Gives the latest announcement, once; at most one in ten seconds.</summary>
        /// <returns>The manifest, not to be changed; of no bytes: what was announced is withdrawn; null: there is nothing new.</returns>
        public byte[] TakeAnnouncement()
        {
            long now = clock.Milliseconds;
            if (now < nextAnnouncement) return null;
            byte[] manifest = receiveQueue.TakeAnnouncement();
            if (manifest != null) nextAnnouncement = now + AnnouncementRestMs;
            return manifest;
        }

        /// <summary>
        /// Looks at one command. What is refused is answered here, at most once in ten seconds, and rests the look-out for a second. Of
        /// what is accepted the counter is stored before this returns: it is never given again, whether it was carried out or not.
        /// </summary>
        /// <remarks>Not while a hash of <see cref="ICrypto"/> is under way or a block half fetched: see the agent's phases.</remarks>
        /// <returns>A command to carry out and then to <see cref="Answer"/>, or null.</returns>
        public RemoteCommand TakeCommand()
        {
            if (clock.Milliseconds < nextCommand) return null;
            byte[] command = receiveQueue.TakeCommand();
            if (command == null) return null;
            UpdateError error = Judge(command);
            if (error == UpdateError.None) return new RemoteCommand { Kind = reader.Kind, Counter = reader.Counter };
            Refuse(error);
            return null;
        }

        /// <summary>Tells what became of a command.</summary>
        /// <param name="command">From TakeCommand.</param>
        /// <param name="result">None when it was carried out; else why not.</param>
        public void Answer(RemoteCommand command, UpdateError result)
        {
            json.Begin(SendQueue.MaxEventLength);
            json.Number("n", command.Counter);
            json.Text("cmd", CommandNames.Of(command.Kind));
            json.Number("code", (int)result);
            json.Text("text", UpdateErrors.Text(result));
            sendQueue.Put(MessageKind.Answer, written, json.End());
        }

        /// <summary>Tells where the device stands if that is news: at once for words, with the interval for numbers.</summary>
        public void Report()
        {
            long now = clock.Milliseconds;
            if (now < nextLook && Status.Phase == lastPhase) return;
            nextLook = now + StatusLookMs;
            lastPhase = Status.Phase;
            json.Begin(SendQueue.MaxLength);
            WriteWords();
            int words = json.Length;
            byte[] last = sendQueue.LastStatus;
            bool isNews = last == null || words != lastWords || !Bytes.Same(written, 0, last, 0, words);
            if (!isNews && now < nextStatus) return;
            lastWords = words;
            nextStatus = now + statusIntervalMs;
            WriteNumbers(now);
            sendQueue.Put(MessageKind.Status, written, json.End());
        }

        /// <inheritdoc/>
        public void On(UpdateEvent e)
        {
            long now = clock.Milliseconds;
            Keep(e);
            if (download.IsNews(e, now))
            {
                json.Begin(DownloadTelemetry.MaxLength);
                download.Write(json, e, now);
                sendQueue.Put(MessageKind.Progress, written, json.End());
            }

            // Progress has its own message, and rest is in the status.
            if (e.Kind != UpdateEventKind.Progress && e.Kind != UpdateEventKind.Idle) Publish(e, now);
        }

        private UpdateError Judge(byte[] command)
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
                silent++;
                return;
            }

            nextRefusal = now + RefusalAnswerMs;
            json.Begin(SendQueue.MaxEventLength);
            // Nothing of a command that nobody vouches for is repeated.
            if (reader.IsAuthentic && reader.Counter > 0) json.Number("n", reader.Counter);
            if (reader.IsAuthentic) json.Text("cmd", CommandNames.Of(reader.Kind));
            json.Number("code", (int)error);
            json.Text("text", UpdateErrors.Text(error));
            if (reader.Cause != UpdateError.None) json.Number("cause", (int)reader.Cause);
            // Whoever was shut out by a counter far ahead goes on with the next number.
            if (error == UpdateError.CommandReplayed || error == UpdateError.CommandTooFarAhead) json.Number("last", counters.Last);
            if (silent > 0) json.Number("more", silent);
            silent = 0;
            sendQueue.Put(MessageKind.Answer, written, json.End());
        }

        private void Keep(UpdateEvent e)
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

        private void WriteWords()
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

        private void WriteNumbers(long now)
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
