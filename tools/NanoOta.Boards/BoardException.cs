namespace NanoOta.Boards;

/// <summary>A board or partition file is invalid. Each error names the file, the line or field, and the remedy; the message is the first
/// error.</summary>
public sealed class BoardException(IReadOnlyList<string> errors) : Exception(errors[0])
{
    public BoardException(string error)
        : this([error])
    {
    }

    /// <summary>All errors, at least one, in the order of the file.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
