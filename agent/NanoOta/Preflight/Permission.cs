namespace NanoOta
{
    /// <summary>
    /// Whether a step may be done now: an operator's pause, the maintenance window, the supply, and the application's veto.
    /// </summary>
    internal sealed class Permission
    {
        private const int AskAgainMs = 1000;

        private readonly UpdateContext context;
        private UpdateError said;
        private long since;

        public Permission(UpdateContext context)
        {
            this.context = context;
        }

        /// <summary>What the update waits for, or None.</summary>
        public UpdateError Waits => said;

        /// <summary>
        /// Done: go on. Again: not yet, ask again after the delay. Refused: it has taken a check interval, so the offer
        /// is looked at anew; what is staged stays.
        /// </summary>
        public Outcome Ask(UpdateStep step)
        {
            UpdateError why = Why(step);
            long now = context.Ports.Clock.Milliseconds;
            if (why == UpdateError.None)
            {
                said = UpdateError.None;
                return Outcome.Done;
            }

            if (said == UpdateError.None) since = now;
            if (said != why) context.ReportOffer(UpdateEventKind.Delayed, why);
            said = why;
            if (now - since < context.Options.CheckIntervalMs) return context.Wait(AskAgainMs);
            said = UpdateError.None;
            context.HasWaited = true;
            return context.Refuse(why);
        }

        /// <summary>
        /// From when on it is worth asking again if the device sleeps in between: now if nothing was refused, else when the offer is
        /// looked at anew or, if that is all that it waits for, the maintenance window opens.
        /// </summary>
        public long WorthAsking(long now)
        {
            if (said == UpdateError.None) return now;
            long anew = since + context.Options.CheckIntervalMs;
            long seconds = context.Ports.Clock.UnixSeconds;
            if (said != UpdateError.OutsideWindow || seconds == 0) return anew;
            // It may have opened since it was asked for, and the next time is a day away.
            if (context.Options.Window.IsOpen(seconds)) return now;
            long opens = now + context.Options.Window.SecondsUntilStart(seconds) * 1000L;
            return opens < anew ? opens : anew;
        }

        private UpdateError Why(UpdateStep step)
        {
            if (context.Journal.IsPaused) return UpdateError.Paused;
            UpdateError window = step == UpdateStep.Activate ? AskWindow() : UpdateError.None;
            if (window != UpdateError.None) return window;
            UpdateError supply = context.Power.Ask(step);
            if (supply != UpdateError.None) return supply;
            IConsent consent = context.Ports.Consent;
            return consent == null || consent.MayDo(step) ? UpdateError.None : UpdateError.ApplicationBusy;
        }

        // Whoever sets a window fears resets at other times more than a late update, so an unknown time keeps it shut.
        private UpdateError AskWindow()
        {
            MaintenanceWindow window = context.Options.Window;
            if (window == null) return UpdateError.None;
            long now = context.Ports.Clock.UnixSeconds;
            if (now == 0) return UpdateError.ClockNotSet;
            return window.IsOpen(now) ? UpdateError.None : UpdateError.OutsideWindow;
        }
    }
}
