using System;
using System.Threading;

namespace NanoOta
{
    /// <summary>Makes an agent that begins as after a reset.</summary>
    public delegate UpdateAgent AgentMaker();

    /// <summary>
    /// The root of the agent's thread: calls its steps, and survives what they throw. On the device an exception that nobody
    /// catches ends its thread and nothing else, and the firmware could never be updated again.
    /// </summary>
    /// <remarks>
    /// After an exception a trial ends at once: the reset without a verdict brings the previous firmware back. Confirmed
    /// firmware goes on with its work; a new agent, which finds in flash where the old one was, takes over after a minute, and
    /// the tenth exception since the start resets the device, because only that brings back memory that has leaked.
    /// </remarks>
    public sealed class AgentLoop
    {
        /// <summary>Milliseconds from an exception to the next agent.</summary>
        public const int FaultWaitMs = 60000;

        /// <summary>Exceptions since the start after which the device is reset.</summary>
        public const int MaxFaults = 10;

        private const int OfflineWaitMs = 1000;

        private readonly AgentMaker makeAgent;
        private readonly IBootControl boot;
        private readonly NetworkProbe isReady;
        private readonly object gate = new object();
        private UpdateAgent agent;
        private int faults;

        /// <summary>A loop; nothing runs yet.</summary>
        /// <param name="makeAgent">Called on the agent's thread, for the first agent too.</param>
        /// <param name="boot">Tells a trial, and resets the device.</param>
        /// <param name="isReady">While it says no, an agent that has nothing in hand does not look for a release: everything
        /// that follows a reset is done without a network, a trial included.</param>
        public AgentLoop(AgentMaker makeAgent, IBootControl boot, NetworkProbe isReady)
        {
            this.makeAgent = makeAgent;
            this.boot = boot;
            this.isReady = isReady;
        }

        /// <summary>Steps for ever; give it a thread.</summary>
        public void Run()
        {
            while (true) Thread.Sleep(Step());
        }

        /// <summary>One step. Never throws.</summary>
        /// <returns>Milliseconds until the next one.</returns>
        public int Step()
        {
            lock (gate)
            {
                try
                {
                    if (agent == null) agent = makeAgent();
                    return agent.Phase == Phase.Idle && !isReady() ? OfflineWaitMs : agent.Step();
                }
                catch (Exception e)
                {
                    return Survive(e);
                }
            }
        }

        /// <summary>Whether the agent has nothing to do until its next check (<see cref="UpdateAgent.IsResting"/>).</summary>
        public bool IsResting
        {
            get
            {
                lock (gate) return agent != null && agent.IsResting;
            }
        }

        /// <summary>
        /// Sleeps deeply (<see cref="UpdateAgent.Sleep"/>), behind the step in work: from any thread but that of <see cref="Run"/>.
        /// False also before the first step, and between an exception and the next agent.
        /// </summary>
        public bool Sleep(int milliseconds)
        {
            lock (gate) return agent != null && agent.Sleep(milliseconds);
        }

        private int Survive(Exception fault)
        {
            agent = null;
            faults++;
            Report(fault);
            if (boot.State == BootState.Trial || faults >= MaxFaults) boot.Restart();
            return FaultWaitMs;
        }

        // After an OutOfMemoryException even this may fail.
        private static void Report(Exception fault)
        {
            try
            {
                Console.WriteLine("the update agent failed: " + fault.GetType().FullName + ": " + fault.Message);
            }
            catch (Exception)
            {
            }
        }
    }
}
