using System.CommandLine;
using NanoOta.Boards;

namespace NanoOta.Cli.Release;

/// <summary><c>nano-ota boards</c>: lists the boards and checks their files.</summary>
internal static class BoardsCommand
{
    public static Command Create()
    {
        var json = CommonOptions.Json();
        var command = new ExampleCommand("boards",
            "List the boards and check their files. Exit code 1 if one is wrong.",
            "nano-ota boards",
            "nano-ota boards --json") { json };
        command.SetAction(result =>
        {
            var files = BoardFolders.All();
            if (files.Count == 0) throw new BoardException("no boards found; run the command in a folder with a folder 'boards'");
            var checkedBoards = files.Select(board => Check(board.Key, board.Value)).ToList();
            Report.Print(result, Description.OfBoards(checkedBoards), result.GetValue(json));
            return checkedBoards.All(board => board.Board != null) ? ExitCode.Success : ExitCode.NotGood;
        });
        return command;
    }

    private static CheckedBoard Check(string name, string file)
    {
        try
        {
            var board = Board.Load(file);
            if (board.Id == name) return new CheckedBoard(name, board, []);
            return new CheckedBoard(name, null, [$"{file}: id '{board.Id}' is wrong; expected '{name}', the name of its folder: "
                + "devices install every release with their board id, so a copied board needs an id of its own"]);
        }
        catch (BoardException e)
        {
            return new CheckedBoard(name, null, e.Errors);
        }
    }
}

/// <summary>A board, or its errors.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Board">Null if it has errors.</param>
/// <param name="Errors">Empty if it is valid.</param>
internal sealed record CheckedBoard(string Name, Board? Board, IReadOnlyList<string> Errors);
