using System;

namespace NanoOta
{
    /// <summary>The application's preflight checks, in the order in which they are called.</summary>
    public sealed class PreflightList
    {
        private IPreflightCheck[] checks;

        internal int Count => checks == null ? 0 : checks.Length;

        /// <summary>Adds a check. An agent takes over the checks that are there when it starts.</summary>
        /// <exception cref="ArgumentException">The check is null.</exception>
        public void Add(IPreflightCheck check)
        {
            if (check == null) throw new ArgumentException("a preflight check is null");
            var longer = new IPreflightCheck[Count + 1];
            CopyTo(longer, 0);
            longer[Count] = check;
            checks = longer;
        }

        internal void CopyTo(IPreflightCheck[] target, int start)
        {
            for (int i = 0; i < Count; i++) target[start + i] = checks[i];
        }
    }
}
