using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>What firmware can ask about its board (<c>FirmwareBoard</c>).</summary>
/// <param name="LedPin">GPIO number of a LED; −1 if there is none.</param>
/// <param name="SupplyChannel">Channel of the AdcController that sees the supply; −1 if none does.</param>
/// <param name="SupplyFullScale">Supply in millivolts at which that channel reads its largest value; 0 if there is none.</param>
/// <param name="SupplyDownload">Least supply in millivolts to use the network for an update; 0: no limit.</param>
/// <param name="SupplyWrite">The same to write flash.</param>
/// <param name="SupplyActivate">The same to reset into a trial.</param>
public sealed record BoardHardware(int LedPin, int SupplyChannel, int SupplyFullScale, int SupplyDownload, int SupplyWrite,
    int SupplyActivate)
{
    /// <summary>Name of its chip; empty if it is not known.</summary>
    public string Chip { get; init; } = "";

    /// <summary>A board of which nothing is known.</summary>
    public static BoardHardware None { get; } = new(-1, -1, 0, 0, 0, 0);

    /// <summary>What a board.json says.</summary>
    public static BoardHardware Of(Board board)
    {
        var none = None with { Chip = board.Chip.Name, LedPin = board.LedPin ?? -1 };
        return board.Supply is not { } supply ? none : none with
        {
            SupplyChannel = supply.AdcChannel,
            SupplyFullScale = supply.FullScaleMillivolts,
            SupplyDownload = supply.DownloadMillivolts,
            SupplyWrite = supply.WriteMillivolts,
            SupplyActivate = supply.ActivateMillivolts,
        };
    }
}
