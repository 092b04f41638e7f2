using System;

namespace NanoOta
{
    /// <summary>Whether a step may be done now: the answer of all preflight checks, in order; and how long an offer waits for it.</summary>
    internal sealed class Permission
    {
        private const int CheckAgainMs = 1000;

        private readonly UpdateContext context;
        private readonly IPreflightCheck[] checks;
        private readonly PreflightRequest request;
        private IPreflightCheck waitsFor;
        private UpdateError code;
        private long since;

        public Permission(UpdateContext context)
        {
            this.context = context;
            request = new PreflightRequest { Ports = context.Ports, Options = context.Options };
            PreflightList ofApplication = context.Ports.Preflight;
            checks = new IPreflightCheck[ofApplication.Count + 7];
            checks[0] = new PauseCheck(context.Journal);
            checks[1] = new WindowCheck();
            checks[2] = context.Supply;
            checks[3] = new BudgetCheck();
            checks[4] = new RuntimeCheck();
            checks[5] = new SpaceCheck();
            ofApplication.CopyTo(checks, 6);
            checks[checks.Length - 1] = new MemoryCheck();
        }

        /// <summary>What the update waits for, or None.</summary>
        public UpdateError Waits => waitsFor == null ? UpdateError.None : code;

        /// <summary>Done: go on. Again: not yet, call again after the delay. Refused: a check gives the offer up. Postponed: a whole check
        /// interval went by in waiting. What is staged stays.</summary>
        /// <param name="step">The step that is about to be done.</param>
        /// <param name="isGranted">The step was permitted a moment ago: only what could have changed since is checked, an operator's pause
        /// and the memory. An application that is busy now and then might never permit it twice in a row.</param>
        public Outcome Check(UpdateStep step, bool isGranted = false)
        {
            request.Step = step;
            request.Offer = context.Offer;
            IPreflightCheck before = waitsFor;
            PreflightAnswer answer = CheckAll(isGranted);
            if (request.Notice != UpdateError.None) context.ReportRunning(UpdateEventKind.Notice, request.Notice);
            request.Notice = UpdateError.None;
            if (waitsFor == null) return answer == PreflightAnswer.GoOn ? Outcome.Done : context.Refuse(request.Code, request.Text);
            long now = context.Ports.Clock.Milliseconds;
            if (before == null) since = now;
            if (before != waitsFor || code != request.Code) context.ReportOffer(UpdateEventKind.Delayed, request.Code, request.Text);
            code = request.Code;
            if (now - since < context.Options.CheckIntervalMs) return context.Wait(CheckAgainMs);
            waitsFor = null;
            return context.Postpone(code, request.Text);
        }

        /// <summary>The time of the next check that may change the answer, if the device sleeps until then: now if nothing waits, else when
        /// the offer is requested anew or, if it waits for the maintenance window, when that opens.</summary>
        public long NextCheck(long now)
        {
            if (waitsFor == null) return now;
            long anew = since + context.Options.CheckIntervalMs;
            long seconds = context.Ports.Clock.UnixSeconds;
            if (code != UpdateError.OutsideWindow || seconds == 0) return anew;
            // It may have opened since the last check, and the next time is a day away.
            if (context.Options.Window.IsOpen(seconds)) return now;
            long opens = now + context.Options.Window.SecondsUntilStart(seconds) * 1000L;
            return opens < anew ? opens : anew;
        }

        private PreflightAnswer CheckAll(bool isGranted)
        {
            waitsFor = null;
            for (int i = 0; i < checks.Length; i += isGranted ? checks.Length - 1 : 1)
            {
                PreflightAnswer answer = Check(checks[i]);
                if (answer == PreflightAnswer.GoOn) continue;
                if (answer != PreflightAnswer.Refuse) waitsFor = checks[i];
                return answer;
            }

            return PreflightAnswer.GoOn;
        }

        private PreflightAnswer Check(IPreflightCheck check)
        {
            request.SetReason(UpdateError.ApplicationBusy, "");
            try
            {
                return check.Check(request);
            }
            catch (Exception e)
            {
                return request.Wait(check.GetType().Name + ": " + e.GetType().Name);
            }
        }
    }
}
