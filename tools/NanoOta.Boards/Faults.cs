namespace NanoOta.Boards;

/// <summary>Collects the errors of a file, so that a person sees all of them at once.</summary>
internal sealed class Faults(string file)
{
    /// <summary>Maximum number of characters of a value in a message.</summary>
    private const int MaxShown = 100;

    private readonly List<(int Line, string Message)> found = [];

    public bool Any => found.Count > 0;

    /// <summary>Adds a value that breaks its rule.</summary>
    public void Wrong(int line, string field, string value, string expected) =>
        Add(line, $"{field} '{(value.Length > MaxShown ? value[..MaxShown] + "…" : value)}' is wrong; expected {expected}");

    /// <summary>Adds an error in a line; a repeated one is ignored.</summary>
    public void Add(int line, string message)
    {
        var fault = (line, $"{file}({line}): {message}");
        if (!found.Contains(fault)) found.Add(fault);
    }

    /// <summary>Adds errors of another file that a line of this file names.</summary>
    public void Add(int line, IEnumerable<string> errors) => found.AddRange(errors.Select(error => (line, error)));

    /// <exception cref="BoardException">There is an error.</exception>
    public void ThrowIfAny()
    {
        if (Any) throw new BoardException([.. found.OrderBy(fault => fault.Line).Select(fault => fault.Message)]);
    }
}
