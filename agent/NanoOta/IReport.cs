namespace NanoOta
{
    /// <summary>Writes the report that an operator requests: one document about the whole device.</summary>
    public interface IReport
    {
        /// <summary>Bytes of the longest report, at most 8192.</summary>
        int MaxLength { get; }

        /// <summary>Writes a report. Called on the agent's thread between two of its steps, in any phase.</summary>
        /// <param name="agent">The agent that runs now.</param>
        /// <param name="request">The command and the link.</param>
        /// <param name="buffer">Holds the report afterwards; <see cref="MaxLength"/> bytes are enough.</param>
        /// <returns>Length of the report in bytes.</returns>
        int Write(UpdateAgent agent, ReportRequest request, byte[] buffer);
    }

    /// <summary>The command that requests a report, and the state of the link that it came over.</summary>
    public sealed class ReportRequest
    {
        /// <summary>Number of the command, from 1; 0: there was none.</summary>
        public long Number;

        /// <summary>Connections to the broker since the start; −1: there is no link.</summary>
        public int Connections = -1;

        /// <summary>Messages of the device that later ones have replaced since the start; −1: there is no link.</summary>
        public int DroppedMessages = -1;

        /// <summary>Messages to the device that were discarded since the start; −1: there is no link.</summary>
        public int RefusedMessages = -1;

        /// <summary>Why the last connection failed or ended; None when none did.</summary>
        public UpdateError LinkError;
    }
}
