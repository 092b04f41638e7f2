using System;
using System.Text;

namespace NanoOta
{
    /// <summary>
    /// Health from several probes. Of each probe the last answer other than Unknown counts; it survives a planned sleep (<see
    /// cref="UpdateAgent.Sleep"/>) if it was Good. A probe that throws is Unknown until it answers, and is named with the type of what it
    /// threw.
    /// </summary>
    /// <remarks>Good when every mandatory probe is Good and the weights of the Good ones reach <see cref="NeededScore"/>; Bad when a
    /// mandatory one is Bad or the score cannot be reached any more; else Unknown. Without any probe it is Bad.</remarks>
    public sealed class HealthScore : IHealthCheck
    {
        /// <summary>Most probes: each has one bit in the number that survives a sleep.</summary>
        public const int MaxProbes = 8;

        /// <summary>Largest weight.</summary>
        public const int MaxWeight = 1000;

        private readonly Entry[] entries = new Entry[MaxProbes];
        private int count;

        /// <summary>Sum of weights that must be Good. 0, the default: all of them, because a release that was kept wrongly costs a visit to
        /// each device, and one that was rolled back wrongly a trial. Set it where firmware may stay although a probe fails.</summary>
        public int NeededScore;

        /// <summary>Adds a probe.</summary>
        /// <param name="name">For people, in the events: 1 to 32 of <c>A–Z a–z 0–9 . _ - +</c> and space.</param>
        /// <param name="probe">Called on the agent's thread in every round, whatever it answered before.</param>
        /// <param name="weight">1 to <see cref="MaxWeight"/>. Default 1.</param>
        /// <param name="isMandatory">Whether the firmware stays only if it is Good, and goes if it is Bad. Default false.</param>
        /// <exception cref="ArgumentException">Name or weight is out of range, the probe is null, or there are eight.</exception>
        public void Add(string name, IHealthCheck probe, int weight = 1, bool isMandatory = false)
        {
            byte[] text = Encoding.UTF8.GetBytes(name);
            if (!ManifestText.IsName(text, 0, text.Length)) throw new ArgumentException("a probe's name has 1 to 32 plain characters");
            if (probe == null) throw new ArgumentException("probe " + name + " is null");
            if (weight < 1 || weight > MaxWeight) throw new ArgumentException("the weight of probe " + name + " must be 1 to 1000");
            if (count == MaxProbes) throw new ArgumentException("probe " + name + " would be the ninth, and eight is the most");
            entries[count++] = new Entry { Name = name, Probe = probe, Weight = weight, IsMandatory = isMandatory };
        }

        /// <inheritdoc/>
        public Health Check()
        {
            for (int i = 0; i < count; i++) entries[i].Check();
            int all = 0, good = 0, possible = 0;
            bool isOpen = false, isLost = count == 0;
            for (int i = 0; i < count; i++)
            {
                Entry entry = entries[i];
                all += entry.Weight;
                if (entry.Answer == Health.Good) good += entry.Weight;
                else if (entry.IsMandatory) isOpen = true;
                if (entry.Answer != Health.Bad) possible += entry.Weight;
                else if (entry.IsMandatory) isLost = true;
            }

            int needed = NeededScore > 0 ? NeededScore : all;
            if (isLost || possible < needed) return Health.Bad;
            return isOpen || good < needed ? Health.Unknown : Health.Good;
        }

        /// <summary>The probes that are not Good, by name, with "bad" or "unknown" behind it; empty when all are.</summary>
        public string FailedProbes
        {
            get
            {
                string text = "";
                for (int i = 0; i < count; i++)
                {
                    if (entries[i].Answer == Health.Good) continue;
                    if (text.Length > 0) text += ", ";
                    text += entries[i].Name + (entries[i].Answer == Health.Bad ? " bad" : " unknown");
                    if (entries[i].Thrown != null) text += " (" + entries[i].Thrown + ")";
                }

                return text;
            }
        }

        /// <summary>One bit for each probe that is Good, the first added being bit 0.</summary>
        internal int GoodProbes
        {
            get
            {
                int bits = 0;
                for (int i = 0; i < count; i++)
                    if (entries[i].Answer == Health.Good) bits |= 1 << i;
                return bits;
            }
        }

        /// <summary>Takes these probes for Good until they answer themselves.</summary>
        internal void Recall(int goodProbes)
        {
            for (int i = 0; i < count; i++)
                if ((goodProbes & (1 << i)) != 0) entries[i].Answer = Health.Good;
        }

        private sealed class Entry
        {
            public string Name;
            public IHealthCheck Probe;
            public int Weight;
            public bool IsMandatory;
            public Health Answer;

            // Of the last call, or null.
            public string Thrown;

            public void Check()
            {
                Thrown = null;
                try
                {
                    Health now = Probe.Check();
                    if (now == Health.Good || now == Health.Bad) Answer = now;
                }
                catch (Exception e)
                {
                    Answer = Health.Unknown;
                    Thrown = e.GetType().Name;
                }
            }
        }
    }
}
