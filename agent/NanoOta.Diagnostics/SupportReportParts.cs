namespace NanoOta
{
    /// <content>The parts of a report, each a field or an object of its own.</content>
    public sealed partial class SupportReport
    {
        private void WriteIdentity(UpdateAgent agent)
        {
            json.Number("up", ports.Clock.Milliseconds / 1000);
            if (ports.Clock.UnixSeconds > 0) json.Number("at", ports.Clock.UnixSeconds);
            json.Known("product", options.Product);
            json.Known("board", options.Board);
            json.Known("chip", options.Chip);
            json.Known("id", options.DeviceId);
            json.Known("ver", agent.RunningVersion);
            if (agent.RunningSequence > 0) json.Number("seq", agent.RunningSequence);
            json.Number("lvl", UpdateAgent.Level);
            json.Text("phase", Names.Of(agent.Phase));
            json.Known("address", PlainAddress.Of(options.Address));
            json.OpenArray("keys");
            for (int i = 0; i < agent.Keys.Count && i < MaxKeys; i++) json.Text(null, Bytes.Hex(agent.Keys.GetId(i)));
            json.Close();
        }

        private void WriteSlots(UpdateAgent agent)
        {
            int running = ports.Boot.RunningSlot;
            json.OpenArray("slots");
            for (int slot = 0; slot < 2; slot++)
            {
                bool runs = slot == running;
                json.OpenObject(null);
                json.Number("slot", slot);
                json.Number("runs", runs ? 1 : 0);
                json.Number("head", IsPlausible(runs ? FlashArea.RunningSlot : FlashArea.InactiveSlot) ? 1 : 0);
                WriteDescriptor(runs ? FlashArea.RunningIndex : FlashArea.InactiveIndex, runs ? agent : null);
                json.Close();
            }

            json.Close();
        }

        private bool IsPlausible(FlashArea slot)
        {
            return ports.Flash.Read(slot, 0, scratch, 0, AssemblyHeader.Length)
                && AssemblyHeader.ReadTotalSize(scratch, ports.Flash.GetSize(slot)) > 0;
        }

        // Its fields, and for the running slot whether the agent has verified them.
        private void WriteDescriptor(FlashArea index, UpdateAgent running)
        {
            if (!ports.Flash.Read(index, 0, scratch, 0, SlotDescriptor.Length)) return;
            SlotDescriptor found = SlotDescriptor.Read(scratch);
            if (found == null) return;
            json.Text("ver", found.Version);
            json.Number("seq", found.Sequence);
            json.Number("size", found.ImageSize);
            json.Text("sha", Bytes.Hex(found.ImageDigest));
            if (found.SettingsSchema > 0) json.Number("schema", found.SettingsSchema);
            if (running == null) return;
            SlotDescriptor app = running.RunningApp;
            bool isSure = app != null && app.Sequence == found.Sequence && app.Version == found.Version;
            json.Number("sure", isSure ? 1 : 0);
        }

        private void WriteBoot()
        {
            bool isTrial = ports.Boot.State == BootState.Trial;
            json.OpenObject("boot");
            json.Text("state", Names.Of(ports.Boot.State));
            json.Number("revert", (int)ports.Boot.RevertReason);
            json.Number("safe", ports.Boot.IsSafeMode ? 1 : 0);
            json.Text("reset", ResetReasons.Text(ports.Boot.ResetReason));
            if (isTrial) json.Number("boots", ports.Boot.TrialBoots);
            if (isTrial) json.Number("blips", ports.Boot.PowerBlips);
            json.Number("crashes", ports.Boot.Crashes);
            json.Close();
        }

        private void WriteJournal(Journal journal)
        {
            byte[] inHand = journal.GetInHand();
            json.OpenObject("journal");
            json.Number("err", (int)journal.LastError);
            if (inHand != null) json.Text("sha", Bytes.Hex(inHand));
            json.Number("trials", journal.Trials);
            json.Number("pause", journal.IsPaused ? 1 : 0);
            json.Number("command", journal.CommandCounter);
            json.OpenArray("quarantine");
            for (int i = 0; i < Journal.QuarantineLength; i++) WriteQuarantined(journal, i);
            json.Close();
            json.Close();
        }

        private void WriteQuarantined(Journal journal, int index)
        {
            var digest = new byte[32];
            UpdateError reason = journal.GetQuarantined(index, digest);
            if (reason == UpdateError.None) return;
            json.OpenObject(null);
            json.Text("sha", Bytes.Hex(digest));
            json.Number("code", (int)reason);
            json.Close();
        }

        private void WriteSurroundings()
        {
            WriteSupply();
            if (ports.Memory != null)
            {
                json.OpenObject("memory");
                json.Known("free", ports.Memory.Free);
                json.Known("largest", ports.Memory.LargestBlock);
                if (history != null) json.Known("low", history.Lowest.MemorySinceStart);
                json.Close();
            }

            if (request.Connections < 0 && request.DroppedMessages < 0 && request.RefusedMessages < 0) return;
            json.OpenObject("link");
            json.Known("connections", request.Connections);
            json.Known("dropped", request.DroppedMessages);
            json.Known("refused", request.RefusedMessages);
            json.Number("err", (int)request.LinkError);
            json.Close();
        }

        private void WriteSupply()
        {
            if (ports.Supply == null && options.Supply == null) return;
            json.OpenObject("supply");
            if (ports.Supply != null)
            {
                json.Known("mv", LowestReadings.MeasureSupply(ports.Supply));
                json.Number("ext", ports.Supply.IsExternal ? 1 : 0);
            }

            if (history != null) json.Known("low", history.Lowest.SupplySinceStart);
            if (options.Supply != null)
            {
                json.Number("download", options.Supply.Download);
                json.Number("write", options.Supply.Write);
                json.Number("activate", options.Supply.Activate);
            }

            json.Close();
        }

        private void WriteTotals(HistoryTotals totals)
        {
            json.OpenObject("totals");
            json.Number("starts", totals.Starts);
            json.Number("updates", totals.Updates);
            json.Number("reverts", totals.Reverts);
            json.Number("retries", totals.Retries);
            json.Number("bytes", totals.BytesFetched);
            json.OpenArray("erases");
            json.Number(null, totals.Slot0Erases);
            json.Number(null, totals.Slot1Erases);
            json.Close();
            json.Close();
        }

        // Each number once, the latest first: the journal's is as of now.
        private void WriteErrors(Journal journal)
        {
            errorCount = 0;
            Collect(journal.LastError);
            Collect(request.LinkError);
            Collect(ports.Boot.RevertReason);
            for (int i = history == null ? 0 : history.Count; i > 0; i--)
                if (history.Read(i - 1, record)) Collect(record.Code);
            for (int i = 0; i < Journal.QuarantineLength; i++) Collect(journal.GetQuarantined(i, scratch));
            json.OpenArray("errors");
            for (int i = 0; i < errorCount; i++)
            {
                json.OpenObject(null);
                json.Number("code", (int)errors[i]);
                json.Text("text", UpdateErrors.Text(errors[i]));
                json.Close();
            }

            json.Close();
        }

        private void Collect(UpdateError error)
        {
            if (error == UpdateError.None || errorCount == MaxErrors) return;
            for (int i = 0; i < errorCount; i++)
                if (errors[i] == error) return;
            errors[errorCount++] = error;
        }
    }
}
