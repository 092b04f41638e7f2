using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>What firmware can ask about its board (<c>FirmwareBoard</c>).</summary>
/// <param name="LedPin">GPIO number of a LED; −1 if there is none.</param>
/// <param name="SupplyChannel">Channel of the AdcController that sees the supply; −1 if none does.</param>
/// <param name="SupplyFullScale">Supply in millivolts at which that channel reads its largest value; 0 if there is none.</param>
public sealed record BoardHardware(int LedPin, int SupplyChannel, int SupplyFullScale)
{
    /// <summary>A board of which nothing is known.</summary>
    public static BoardHardware None { get; } = new(-1, -1, 0);

    /// <summary>What a board.json says.</summary>
    public static BoardHardware Of(Board board) =>
        new(board.LedPin ?? -1, board.Supply?.AdcChannel ?? -1, board.Supply?.FullScaleMillivolts ?? 0);
}
