using System.Text.Json;

namespace NanoOta.Boards;

/// <summary>A board: what <c>boards/ID/board.json</c> and the partition table that it names say.</summary>
public sealed class Board
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Chip { get; init; }

    /// <summary>Bytes of flash.</summary>
    public required int FlashSize { get; init; }

    public required PartitionTable Partitions { get; init; }

    /// <summary>
    /// Loads a board by the name of its folder, or by the path of that folder or of its board.json. Names are looked for in
    /// <c>boards</c> of the current folder and the folders above it, then beside the program.
    /// </summary>
    /// <exception cref="BoardException">There is no such board, or one of its files is wrong.</exception>
    public static Board Load(string nameOrPath)
    {
        var file = Locate(nameOrPath);
        JsonElement json;
        try
        {
            json = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
        }
        catch (JsonException e)
        {
            throw new BoardException($"{file}({e.LineNumber + 1}): not valid JSON: {e.Message}");
        }

        int flashSize = Text(file, json, "flashSize") switch
        {
            "2MB" => 2 << 20,
            "4MB" => 4 << 20,
            "8MB" => 8 << 20,
            "16MB" => 16 << 20,
            var other => throw new BoardException($"{file}: flashSize '{other}' is wrong; expected 2MB, 4MB, 8MB or 16MB"),
        };
        var table = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, Text(file, json, "partitions")));
        var board = new Board
        {
            Id = Text(file, json, "id"),
            Name = Text(file, json, "name"),
            Chip = Text(file, json, "chip"),
            FlashSize = flashSize,
            Partitions = PartitionTable.Load(table, flashSize),
        };
        if (board.Partitions.Slot(0).Size != board.Partitions.Slot(1).Size)
            throw new BoardException($"{table}: deploy_0 and deploy_1 must be of one size");
        if (board.Partitions.Records.Size < FlashLayout.MinimumSize)
            throw new BoardException($"{table}: nanoota must have at least 0x{FlashLayout.MinimumSize:X} bytes");
        return board;
    }

    private static string Locate(string nameOrPath)
    {
        if (File.Exists(nameOrPath)) return Path.GetFullPath(nameOrPath);
        if (File.Exists(Path.Combine(nameOrPath, "board.json"))) return Path.GetFullPath(Path.Combine(nameOrPath, "board.json"));
        for (var folder = new DirectoryInfo("."); folder != null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "boards", nameOrPath, "board.json");
            if (File.Exists(candidate)) return candidate;
        }

        var beside = Path.Combine(AppContext.BaseDirectory, "boards", nameOrPath, "board.json");
        if (File.Exists(beside)) return beside;
        var all = Path.Combine(AppContext.BaseDirectory, "boards");
        var known = Directory.Exists(all) ? string.Join(", ", Directory.GetDirectories(all).Select(Path.GetFileName).Order()) : "";
        var choice = known.Length > 0 ? " or one of: " + known : "";
        throw new BoardException($"no board '{nameOrPath}'; give a folder with a board.json{choice}");
    }

    private static string Text(string file, JsonElement json, string field) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new BoardException($"{file}: field '{field}' is missing or not a text");
}
