namespace NanoOta.Boards;

/// <summary>How a board measures its supply, and what an update needs of it. Voltages are millivolts of the supply.</summary>
/// <param name="Pin">GPIO of the ADC.</param>
/// <param name="AdcChannel">Channel of ADC1 at that GPIO.</param>
/// <param name="FullScaleMillivolts">The supply voltage for which the ADC reads its highest value.</param>
/// <param name="DownloadMillivolts">Least voltage to fetch a release.</param>
/// <param name="WriteMillivolts">Least voltage to erase and write flash.</param>
/// <param name="ActivateMillivolts">Least voltage to start a trial.</param>
public sealed record Supply(int Pin, int AdcChannel, int FullScaleMillivolts, int DownloadMillivolts, int WriteMillivolts,
    int ActivateMillivolts);
