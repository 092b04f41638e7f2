using System.Globalization;
using NanoOta.Boards;
using NanoOta.Releases;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace NanoOta.Cli.Rig;

/// <summary>A map in a YAML file. A field is known once it was read; <see cref="Finish"/> refuses all others.</summary>
internal sealed class YamlMap
{
    private const int MaxLength = 1 << 18;

    private readonly string file, owner;
    private readonly YamlMappingNode node;
    private readonly List<string> known = [];

    private YamlMap(string file, string owner, YamlMappingNode node)
    {
        this.file = file;
        this.owner = owner;
        this.node = node;
    }

    /// <summary>Reads a file that is a list of maps.</summary>
    /// <exception cref="ReleaseException">It is missing, not YAML, or not such a list.</exception>
    public static IReadOnlyList<YamlMap> ReadList(string file)
    {
        var text = InputFile.TryReadText(file, MaxLength, out var problem)
            ?? throw new ReleaseException($"{file}: {problem}; give a device file (docs/RIG.md), or omit --file for a virtual device");
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException or ArgumentException)
        {
            var place = e is YamlException yamlError ? $"{file}({yamlError.Start.Line})" : file;
            throw new ReleaseException($"{place}: not valid YAML: {e.Message.Split('\n')[0].TrimEnd('.')}; correct it");
        }

        if (yaml.Documents is not [{ RootNode: YamlSequenceNode { Children.Count: > 0 } list }])
            throw new ReleaseException($"{file}(1): is not a list of devices; begin each device with '- id: NAME'");
        return [.. list.Select(item => item is YamlMappingNode map ? new YamlMap(file, "", map)
            : throw new ReleaseException($"{file}({item.Start.Line}): is not a device; begin it with '- id: NAME'"))];
    }

    public bool Has(string name) => Find(name) != null;

    /// <summary>An error in a field.</summary>
    public ReleaseException Wrong(string name, string problem) =>
        new($"{file}({(Find(name) ?? node).Start.Line}): {owner}{name} {problem}");

    /// <summary>A text; null if the field is missing.</summary>
    /// <exception cref="ReleaseException">It is empty or not a text.</exception>
    public string? OptionalText(string name, string expected)
    {
        if (Find(name) is not { } value) return null;
        return value is YamlScalarNode { Value.Length: > 0 } text && !text.Value.Any(char.IsControl) ? text.Value
            : throw Wrong(name, $"is empty or not a text of one line; expected {expected}");
    }

    /// <summary>A text.</summary>
    /// <exception cref="ReleaseException">The field is missing, empty or not a text.</exception>
    public string Text(string name, string expected) =>
        OptionalText(name, expected) ?? throw Wrong(name, $"is missing; add it: {expected}");

    /// <summary>A text that is one of some.</summary>
    /// <exception cref="ReleaseException">It is another one.</exception>
    public string Choice(string name, params string[] choices)
    {
        var expected = "one of " + string.Join(", ", choices);
        var text = Text(name, expected);
        return choices.Contains(text) ? text : throw Wrong(name, $"'{text}' is wrong; expected {expected}");
    }

    /// <summary>An integer.</summary>
    /// <exception cref="ReleaseException">It is not one, or out of range.</exception>
    public int Number(string name, int least, int most, int byDefault)
    {
        var expected = $"a whole number from {least} to {most}";
        if (OptionalText(name, expected) is not { } text) return byDefault;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value : throw Wrong(name, $"'{text}' is wrong; expected {expected}");
    }

    /// <summary>An absolute path, from one relative to the file.</summary>
    /// <exception cref="ReleaseException">The field is missing.</exception>
    public string Path(string name, string expected) =>
        System.IO.Path.GetFullPath(Text(name, expected), System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!);

    /// <summary>A map; null if the field is missing.</summary>
    /// <exception cref="ReleaseException">It is not a map.</exception>
    public YamlMap? OptionalMap(string name, string fields)
    {
        if (Find(name) is not { } value) return null;
        return value is YamlMappingNode map ? new YamlMap(file, owner + name + ".", map)
            : throw Wrong(name, $"is not a map; expected the fields {fields}");
    }

    /// <summary>Whether a field is a text, and not a map.</summary>
    public bool IsText(string name) => Find(name) is YamlScalarNode;

    /// <summary>A map.</summary>
    /// <exception cref="ReleaseException">The field is missing, or not a map.</exception>
    public YamlMap Map(string name, string fields) =>
        OptionalMap(name, fields) ?? throw Wrong(name, $"is missing; add it with the fields {fields}");

    /// <summary>Refuses a field that does not go with others.</summary>
    /// <exception cref="ReleaseException">It is there.</exception>
    public void Refuse(string name, string reason)
    {
        if (Has(name)) throw Wrong(name, $"is not possible here: {reason}; remove it");
    }

    /// <summary>Refuses fields that were not read.</summary>
    /// <exception cref="ReleaseException">There is one.</exception>
    public void Finish()
    {
        foreach (var key in node.Children.Keys)
            if (key is not YamlScalarNode { Value: { } name } || !known.Contains(name))
                throw new ReleaseException($"{file}({key.Start.Line}): unknown field '{owner}{(key as YamlScalarNode)?.Value}'; "
                    + "remove it, or use one of " + string.Join(", ", known.Distinct().Order(StringComparer.Ordinal)));
    }

    private YamlNode? Find(string name)
    {
        known.Add(name);
        return node.Children.FirstOrDefault(child => child.Key is YamlScalarNode key && key.Value == name).Value;
    }
}
