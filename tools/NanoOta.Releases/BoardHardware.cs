using NanoOta.Boards;

namespace NanoOta.Releases;

/// <summary>The properties of a board in its firmware (<c>FirmwareBoard</c>).</summary>
/// <param name="LedPin">GPIO number of a LED; −1 if there is none.</param>
/// <param name="SupplyChannel">Channel of the AdcController that measures the supply; −1 if there is none.</param>
/// <param name="SupplyFullScale">Supply in millivolts at which that channel reads its largest value; 0 if there is none.</param>
/// <param name="SupplyDownload">Minimum supply in millivolts to use the network for an update; 0: no limit.</param>
/// <param name="SupplyWrite">The same to write flash.</param>
/// <param name="SupplyActivate">The same to reset into a trial.</param>
public sealed record BoardHardware(int LedPin, int SupplyChannel, int SupplyFullScale, int SupplyDownload, int SupplyWrite,
    int SupplyActivate)
{
    /// <summary>Name of its chip; empty if unknown.</summary>
    public string Chip { get; init; } = "";

    /// <summary>A board with unknown properties.</summary>
    public static BoardHardware None { get; } = new(-1, -1, 0, 0, 0, 0);

    /// <summary>The properties in a board.json.</summary>
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
