namespace NanoOta.Boards;

/// <summary>How a board measures its supply, and the voltages that an update needs. Voltages are millivolts of the supply.</summary>
/// <param name="Pin">GPIO of the ADC.</param>
/// <param name="AdcChannel">Channel of ADC1 at that GPIO.</param>
/// <param name="FullScaleMillivolts">The supply voltage at which the ADC reads its highest value.</param>
/// <param name="DownloadMillivolts">Minimum voltage to download a release.</param>
/// <param name="WriteMillivolts">Minimum voltage to erase and write flash.</param>
/// <param name="ActivateMillivolts">Minimum voltage to start a trial.</param>
public sealed record Supply(int Pin, int AdcChannel, int FullScaleMillivolts, int DownloadMillivolts, int WriteMillivolts,
    int ActivateMillivolts);
