using NanoOta.Boards;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Boards;

/// <summary>The boards of the repository.</summary>
internal static class AllBoards
{
    public static IEnumerable<string> Names =>
        Directory.GetDirectories(Repository.At("boards")).Select(folder => Path.GetFileName(folder)).Order();

    public static Board Load(string name) => Board.Load(FileOf(name));

    public static string FileOf(string name) => Repository.At("boards", name, "board.json");
}
