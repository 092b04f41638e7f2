namespace NanoOta
{
    /// <summary>Stores the counter of the last accepted command, so that none is executed twice. For the agent's thread.</summary>
    public interface ICounterStore
    {
        /// <summary>Counter of the last accepted command; 0 when there was none. Survives resets.</summary>
        long Last { get; }

        /// <summary>Stores a counter; after true it survives every reset and loss of power, after false the one before it does.</summary>
        bool Save(long counter);
    }
}
