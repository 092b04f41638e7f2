using System;
using System.Threading;

namespace NanoOta
{
    /// <summary>Makes an agent that begins as after a reset.</summary>
    public delegate UpdateAgent AgentMaker();

    /// <summary>Does something with the agent between two of its steps, on their thread; returns at once.</summary>
    /// <returns>Whether its next step is due now.</returns>
    public delegate bool AgentRound(UpdateAgent agent);

    /// <summary>
    /// The agent's thread: calls its steps when they are due, survives their exceptions, and feeds the guard of confirmed
    /// firmware (<see cref="FirmwareGuard"/>). On the device an uncaught exception ends its thread and nothing else, and
    /// the firmware could never be updated again.
    /// </summary>
    /// <remarks>
    /// After an exception a trial ends at once: the reset without a verdict brings the previous firmware back. Confirmed
    /// firmware keeps running; a new agent, which continues from flash, takes over after a minute, and
    /// the tenth exception since the start resets the device, because only that brings back memory that has leaked.
    /// An OutOfMemoryException may pass, so it ends no trial by itself: a new agent takes over after ten seconds, then after twenty, and
    /// the third in a row resets the device. Without memory even for that, the guard is not fed any more and resets it.
    /// </remarks>
    public sealed class AgentLoop
    {
        /// <summary>Milliseconds from an exception to the next agent.</summary>
        public const int FaultWaitMs = 60000;

        /// <summary>Exceptions since the start after which the device is reset.</summary>
        public const int MaxFaults = 10;

        /// <summary>OutOfMemoryExceptions in a row after which the device is reset.</summary>
        public const int MaxShortages = 3;

        /// <summary>Milliseconds from the first OutOfMemoryException to the next agent; each further one in a row doubles it.</summary>
        public const int ShortageWaitMs = 10000;

        /// <summary>Milliseconds without an OutOfMemoryException after which it is in a row with none before.</summary>
        public const int ShortageRowMs = 600000;

        /// <summary>Milliseconds from one round to the next at least, one tick of FreeRTOS (ESP-IDF, CONFIG_FREERTOS_HZ = 100): finalizers,
        /// which close sockets, run only while all threads sleep (nf-interpreter, ScheduleThreads in Execution.cpp).</summary>
        public const int TickMs = 10;

        private const int OfflineWaitMs = 1000;
        private const int BetweenRoundsMs = 1000;

        private readonly AgentMaker makeAgent;
        private readonly IBootControl boot;
        private readonly IClock clock;
        private readonly NetworkProbe isReady;
        private readonly FirmwareGuard guard;
        private readonly object gate = new object();
        private AgentRound[] rounds = new AgentRound[0];
        private bool isSleepWanted;
        private long due, lastShortage;
        private UpdateAgent agent;
        private int faults, shortages, strays;

        /// <summary>A loop; nothing runs yet.</summary>
        /// <param name="makeAgent">Called on the agent's thread, for the first agent too.</param>
        /// <param name="boot">The boot record.</param>
        /// <param name="clock">Measures when a step is due.</param>
        /// <param name="isReady">While it answers false, an idle agent does not check for a release. Everything that follows a reset needs no
        /// network, a trial included.</param>
        public AgentLoop(AgentMaker makeAgent, IBootControl boot, IClock clock, NetworkProbe isReady)
        {
            this.makeAgent = makeAgent;
            this.boot = boot;
            this.clock = clock;
            this.isReady = isReady;
            guard = new FirmwareGuard(boot, clock);
            due = clock.Milliseconds;
        }

        /// <summary>Adds work that is called after each step, and at least once a second while there is an agent. What it throws is
        /// printed; the other rounds and the agent go on. Call it before <see cref="Run"/>.</summary>
        public void AddRound(AgentRound round)
        {
            if (round == null) throw new ArgumentNullException(nameof(round));
            var longer = new AgentRound[rounds.Length + 1];
            Array.Copy(rounds, 0, longer, 0, rounds.Length);
            longer[rounds.Length] = round;
            rounds = longer;
        }

        /// <summary>Steps for ever; give it a thread. Confirmed firmware is reset when it hangs for
        /// <see cref="FirmwareGuard.GuardSeconds"/>.</summary>
        public void Run()
        {
            while (true)
            {
                try
                {
                    Thread.Sleep(Step());
                }
                catch (Exception)
                {
                    strays++; // without memory for a call, Step is one
                }
            }
        }

        /// <summary>One round of the guard, and a step of the agent if it is due. Never throws.</summary>
        /// <returns>Milliseconds until the next round, from <see cref="TickMs"/> to <see cref="FirmwareGuard.RoundMs"/>.</returns>
        public int Step()
        {
            if (isSleepWanted) return TickMs;
            try
            {
                lock (gate) return Round();
            }
            catch (OutOfMemoryException)
            {
                strays++;
                return TickMs;
            }
        }

        /// <summary>The agent that works now; null before the first step, and from an exception to the next agent.</summary>
        internal UpdateAgent Agent => agent;

        /// <summary>Whether the agent has nothing to do until its next check (<see cref="UpdateAgent.IsResting"/>).</summary>
        public bool IsResting
        {
            get
            {
                lock (gate) return agent != null && agent.IsResting;
            }
        }

        /// <summary>Sleeps deeply (<see cref="UpdateAgent.Sleep"/>). For the application's thread; waits until no step is in work, which
        /// can take as long as a request to the server.</summary>
        /// <param name="milliseconds">Until it wakes; 0 = only the application's other sources wake it.</param>
        /// <returns>False when that is refused, before the first step, and between an exception and the next agent. Else, on real hardware,
        /// it does not return, and nowhere is the agent stepped again.</returns>
        public bool Sleep(int milliseconds)
        {
            bool sleeps = false;
            isSleepWanted = true; // a step that follows another at once could keep the gate for ever
            try
            {
                lock (gate) sleeps = agent != null && agent.Sleep(milliseconds);
            }
            finally
            {
                isSleepWanted = sleeps;
            }

            return sleeps;
        }

        // A stray exception came out of the handling of another: a thread that cannot handle any must not feed the guard.
        private int Round()
        {
            if (strays < MaxShortages) guard.Round(agent != null && agent.Phase > Phase.Idle);
            else ResetWithoutBlame();
            if (clock.Milliseconds >= due) due = StepAgent() + clock.Milliseconds;
            if (agent != null && CallRounds()) due = clock.Milliseconds;
            long rest = due - clock.Milliseconds;
            int longest = rounds.Length == 0 ? FirmwareGuard.RoundMs : BetweenRoundsMs;
            if (strays < MaxShortages) strays = 0;
            return rest < TickMs ? TickMs : rest < longest ? (int)rest : longest;
        }

        private int StepAgent()
        {
            try
            {
                if (agent == null) agent = makeAgent();
                return agent.Phase == Phase.Idle && (guard.IsOnProbation || !isReady()) ? OfflineWaitMs : agent.Step();
            }
            catch (OutOfMemoryException)
            {
                return SurviveShortage();
            }
            catch (Exception e)
            {
                return Survive(e);
            }
        }

        private bool CallRounds()
        {
            bool isDue = false;
            for (int i = 0; i < rounds.Length; i++)
                if (Call(rounds[i])) isDue = true;
            return isDue;
        }

        private bool Call(AgentRound round)
        {
            try
            {
                return round(agent);
            }
            catch (Exception e)
            {
                Report("what runs beside the update agent failed: ", e);
                return false;
            }
        }

        private int Survive(Exception fault)
        {
            agent = null;
            faults++;
            Report("the update agent failed: ", fault);
            if (boot.State == BootState.Trial || faults >= MaxFaults) boot.Restart();
            return FaultWaitMs;
        }

        // Counts before it does anything that takes memory.
        private int SurviveShortage()
        {
            agent = null;
            shortages++;
            MemoryShim.Collect();
            long now = clock.Milliseconds;
            if (now - lastShortage >= ShortageRowMs) shortages = 1;
            lastShortage = now;
            Print("the update agent is out of memory");
            if (shortages >= MaxShortages)
            {
                shortages = MaxShortages;
                ResetWithoutBlame();
            }

            return ShortageWaitMs << (shortages - 1);
        }

        // A reset without a verdict would blame a release on trial, and the shortage may have passed.
        private void ResetWithoutBlame()
        {
            if (boot.State == BootState.Trial) boot.Reject(UpdateError.HealthCheckTimedOut);
            boot.Restart();
        }

        internal static void Report(string what, Exception fault)
        {
            try
            {
                what = what + fault.GetType().FullName + ": " + fault.Message;
            }
            catch (Exception)
            {
            }

            Print(what);
        }

        // Even this may need more memory than there is.
        private static void Print(string what)
        {
            try
            {
                Console.WriteLine(what);
            }
            catch (Exception)
            {
            }
        }
    }
}
