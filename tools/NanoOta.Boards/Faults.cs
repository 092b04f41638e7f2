namespace NanoOta.Boards;

/// <summary>Collects what is wrong with a file, so that a person sees all of it at once.</summary>
internal sealed class Faults(string file)
{
    /// <summary>Characters that a message shows of a value.</summary>
    private const int MaxShown = 100;

    private readonly List<(int Line, string Message)> found = [];

    public bool Any => found.Count > 0;

    /// <summary>A value that breaks its rule.</summary>
    public void Wrong(int line, string field, string value, string expected) =>
        Add(line, $"{field} '{(value.Length > MaxShown ? value[..MaxShown] + "…" : value)}' is wrong; expected {expected}");

    /// <summary>An error in a line; the same one twice is one.</summary>
    public void Add(int line, string message)
    {
        var fault = (line, $"{file}({line}): {message}");
        if (!found.Contains(fault)) found.Add(fault);
    }

    /// <summary>Errors of another file that this one names in a line.</summary>
    public void Add(int line, IEnumerable<string> errors) => found.AddRange(errors.Select(error => (line, error)));

    /// <exception cref="BoardException">Something was found.</exception>
    public void ThrowIfAny()
    {
        if (Any) throw new BoardException([.. found.OrderBy(fault => fault.Line).Select(fault => fault.Message)]);
    }
}
