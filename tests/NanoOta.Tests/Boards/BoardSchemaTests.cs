using System.Text.Json.Nodes;
using NanoOta.Boards;
using NanoOta.Tests.Releases;
using NanoOta.Tests.Support;
using NJsonSchema;

namespace NanoOta.Tests.Boards;

/// <summary>
/// The schema that editors use and the loader agree on every board. What depends on two fields, on the chip or on
/// the table is the loader's alone.
/// </summary>
[TestClass]
public sealed class BoardSchemaTests
{
    private static readonly string SchemaText = File.ReadAllText(Repository.At("boards", "board.schema.json"));
    private static readonly JsonSchema Schema = JsonSchema.FromJsonAsync(SchemaText).GetAwaiter().GetResult();
    private readonly TemporaryFolder folder = new();

    public static IEnumerable<string> Names => AllBoards.Names;

    [TestCleanup]
    public void CleanUp() => folder.Dispose();

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Every_board_names_the_schema_and_keeps_it(string name)
    {
        var text = File.ReadAllText(AllBoards.FileOf(name));
        var named = JsonNode.Parse(text)!["$schema"]!.GetValue<string>();
        Assert.AreEqual(Repository.At("boards", "board.schema.json"), Path.GetFullPath(Repository.At("boards", name, named)));
        Assert.IsEmpty(Schema.Validate(text));
    }

    [TestMethod]
    public void A_field_is_required_by_schema_and_loader_or_by_neither()
    {
        foreach (var path in PathsOf(Battery()))
        {
            var without = Battery();
            Owner(without, path).Remove(path[^1]);
            Agree(without, $"without {string.Join('.', path)}");

            var more = Battery();
            Owner(more, path)["more"] = 1;
            Agree(more, $"an unknown field beside {string.Join('.', path)}", mustBeWrong: true);
        }
    }

    [TestMethod]
    public void A_field_is_of_one_type_for_both()
    {
        string[] values = ["null", "true", "\"text\"", "\"\"", "-1", "1.5", "1e99", "[]", "[1]", "{}"];
        foreach (var path in PathsOf(Battery()))
            foreach (var value in values)
            {
                var changed = Battery();
                Owner(changed, path)[path[^1]] = JsonNode.Parse(value);
                bool isAnyPath = path[^1] == "partitions" && value == "\"text\""; // the loader detects the missing file
                if (!isAnyPath) Agree(changed, $"{string.Join('.', path)} = {value}");
            }
    }

    [TestMethod]
    public void Ranges_end_at_the_same_numbers()
    {
        int ranges = 0;
        foreach (var path in PathsOf(Battery()))
        {
            var rule = RuleOf(path);
            if (rule["minimum"] == null) continue;
            ranges++;
            int least = rule["minimum"]!.GetValue<int>(), most = rule["maximum"]!.GetValue<int>();
            foreach (var (value, inside) in new[] { (least - 1, false), (least, true), (most, true), (most + 1, false) })
            {
                var changed = Battery();
                Owner(changed, path)[path[^1]] = value;
                var what = $"{string.Join('.', path)} = {value}";
                Assert.AreEqual(inside, IsInSchema(changed), what);
                Assert.AreEqual(inside, !ErrorsOf(changed).Any(e => e.Contains("a whole number from")), what);
            }
        }

        Assert.AreEqual(8, ranges);
    }

    [TestMethod]
    public void Chips_and_sizes_are_those_of_the_tools()
    {
        CollectionAssert.AreEquivalent(Chip.All.Select(chip => chip.Name).ToArray(), Choices("chip"));
        CollectionAssert.AreEquivalent(
            Chip.All.SelectMany(chip => chip.FlashMegabytes).Distinct().Select(size => $"{size}MB").ToArray(), Choices("flashSize"));
        foreach (var id in new[] { "a", "A-z0.9_+ b", new string('x', 32), new string('x', 33), "", "ä", "a/b", "a\nb" })
        {
            var changed = Battery();
            changed["id"] = id;
            Agree(changed, $"id '{id}'");
        }
    }

    private void Agree(JsonObject board, string what, bool mustBeWrong = false)
    {
        var errors = ErrorsOf(board);
        Assert.AreEqual(IsInSchema(board), errors.Count == 0, $"{what}: {string.Join('\n', errors)}");
        Assert.IsFalse(mustBeWrong && errors.Count == 0, what);
    }

    private static bool IsInSchema(JsonObject board) => Schema.Validate(board.ToJsonString()).Count == 0;

    private IReadOnlyList<string> ErrorsOf(JsonObject board)
    {
        try
        {
            Board.Load(folder.Write("board.json", board.ToJsonString()));
            return [];
        }
        catch (BoardException e)
        {
            return e.Errors;
        }
    }

    /// <summary>The board that has every field.</summary>
    private JsonObject Battery()
    {
        var board = JsonNode.Parse(File.ReadAllText(AllBoards.FileOf("lolin-d32-4mb")))!.AsObject();
        board["partitions"] = Repository.At("bootloader-config", "partitions", "esp32-4mb.csv");
        return board;
    }

    private static IEnumerable<string[]> PathsOf(JsonObject owner) => owner.SelectMany(field => field.Value is JsonObject child
        ? PathsOf(child).Select(path => path.Prepend(field.Key).ToArray()).Prepend([field.Key])
        : [[field.Key]]);

    private static JsonObject Owner(JsonObject board, string[] path) =>
        path[..^1].Aggregate(board, (owner, name) => owner[name]!.AsObject());

    private static JsonNode RuleOf(string[] path) =>
        path.Aggregate(JsonNode.Parse(SchemaText)!, (rule, name) => rule["properties"]![name]!);

    private static string[] Choices(string field) =>
        [.. RuleOf([field])["enum"]!.AsArray().Select(choice => choice!.GetValue<string>())];
}
