namespace NanoOta
{
    /// <summary>Time since some moment before the agent started.</summary>
    public interface IClock
    {
        /// <summary>Milliseconds; never goes back, whatever happens to the time of day.</summary>
        long Milliseconds { get; }
    }
}
