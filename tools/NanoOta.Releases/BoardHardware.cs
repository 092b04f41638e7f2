namespace NanoOta.Releases;

/// <summary>What firmware can ask about its board (<c>FirmwareBoard</c>).</summary>
/// <param name="LedPin">GPIO of a light; −1 = none.</param>
/// <param name="SupplyChannel">Channel of the analogue converter that measures the supply; −1 = none.</param>
/// <param name="SupplyFullScale">Supply in millivolts at which that channel reads its maximum; 0 = none.</param>
public sealed record BoardHardware(int LedPin, int SupplyChannel, int SupplyFullScale)
{
    /// <summary>A board of which nothing is known.</summary>
    public static BoardHardware None { get; } = new(-1, -1, 0);
}
