using System;

namespace NanoOta
{
    /// <summary>The listeners of an agent's events.</summary>
    public sealed class UpdateEventList
    {
        // Replaced as a whole, never changed: the agent's thread reads it without a lock.
        private IUpdateEvents[] listeners = new IUpdateEvents[0];

        /// <summary>Adds a listener, which receives every later event, after those added before it. Any thread may call it.</summary>
        /// <exception cref="ArgumentNullException">The listener is null.</exception>
        public void Add(IUpdateEvents listener) => Insert(listener, false);

        /// <summary>Adds a listener that receives each event before all others: one that must have stored it before another shows it.</summary>
        internal void AddFirst(IUpdateEvents listener) => Insert(listener, true);

        /// <summary>Removes all listeners, such as the console that <c>OtaAgent</c> begins with.</summary>
        public void Clear()
        {
            lock (this) listeners = new IUpdateEvents[0];
        }

        /// <summary>Gives an event to every listener. Exceptions of a listener are dropped, and the others still receive the event.</summary>
        internal void Publish(UpdateEvent e)
        {
            IUpdateEvents[] all = listeners;
            for (int i = 0; i < all.Length; i++)
            {
                try
                {
                    all[i].On(e);
                }
                catch (Exception)
                {
                }
            }
        }

        private void Insert(IUpdateEvents listener, bool isFirst)
        {
            if (listener == null) throw new ArgumentNullException(nameof(listener));
            lock (this)
            {
                var longer = new IUpdateEvents[listeners.Length + 1];
                Array.Copy(listeners, 0, longer, isFirst ? 1 : 0, listeners.Length);
                longer[isFirst ? 0 : listeners.Length] = listener;
                listeners = longer;
            }
        }
    }
}
