namespace NanoOta.Boards;

/// <summary>The properties of a chip that the tools use.</summary>
/// <param name="Name">Its name, as esptool spells it.</param>
/// <param name="ImageId">The chip_id in the headers of its ESP-IDF images.</param>
/// <param name="BootloaderOffset">Offset in bytes from which its ROM loads the second-stage bootloader.</param>
/// <param name="FlashMegabytes">Flash sizes in megabytes for which nanoFramework has partition tables.</param>
/// <param name="OutputPins">GPIOs that can be outputs and that the flash does not use.</param>
/// <param name="Adc1Pins">GPIOs of ADC1; the index in the list is the channel.</param>
/// <param name="Adc2Pins">GPIOs of ADC2, which cannot be read while Wi-Fi is on.</param>
/// <remarks>Pins are those of Espressif's data sheets: ESP32 without 6 to 11 (flash) and 34 to 39 (inputs only), ESP32-C3 without 11 to 17
/// (flash), ESP32-S3 without 22 to 25 (do not exist) and 26 to 32 (flash). chip_id is esp_chip_id_t of ESP-IDF.</remarks>
public sealed record Chip(string Name, int ImageId, int BootloaderOffset, IReadOnlyList<int> FlashMegabytes,
    IReadOnlyList<int> OutputPins, IReadOnlyList<int> Adc1Pins, IReadOnlyList<int> Adc2Pins)
{
    /// <summary>All supported chips.</summary>
    public static IReadOnlyList<Chip> All { get; } =
    [
        new("esp32", 0, 0x1000, [2, 4, 8, 16],
            [.. Pins(0, 5), .. Pins(12, 19), .. Pins(21, 23), .. Pins(25, 27), 32, 33],
            [36, 37, 38, 39, 32, 33, 34, 35], [4, 0, 2, 15, 13, 12, 14, 27, 25, 26]),
        new("esp32c3", 5, 0, [2, 4, 8, 16], [.. Pins(0, 10), .. Pins(18, 21)], [.. Pins(0, 4)], [5]),
        new("esp32s3", 9, 0, [4, 8, 16], [.. Pins(0, 21), .. Pins(33, 48)], [.. Pins(1, 10)], [.. Pins(11, 20)]),
    ];

    /// <summary>The ADC1 channel of a GPIO; −1 if it has none.</summary>
    public int Adc1Channel(int pin) => Adc1Pins.ToList().IndexOf(pin);

    private static IEnumerable<int> Pins(int first, int last) => Enumerable.Range(first, last - first + 1);
}
