using System;
using System.Device.Adc;

namespace NanoOta
{
    /// <summary>The supply of the board, in millivolts, through a channel of the converter. For one thread.</summary>
    /// <remarks>On an ESP32 the channels of its second converter do not work while Wi-Fi is on (docs/platform/runtime.md,
    /// "Converter").</remarks>
    public sealed class SupplyVoltage : ISupply
    {
        /// <summary>The board has no such channel, or it could not be read.</summary>
        public const int NotMeasured = MedianReading.None;

        private readonly int channelNumber, fullScale;
        private readonly MedianReading reading = new MedianReading();
        private AdcChannel channel;
        private int maximum;

        /// <summary>A supply; the channel is opened by the first measurement.</summary>
        /// <param name="channel">Channel of AdcController; negative: the board has none.</param>
        /// <param name="fullScale">Supply in millivolts at the converter's largest value; 0 or less: not known.</param>
        public SupplyVoltage(int channel, int fullScale)
        {
            channelNumber = channel;
            this.fullScale = fullScale;
        }

        /// <inheritdoc/>
        public int Millivolts
        {
            get
            {
                if (channelNumber < 0 || fullScale <= 0) return NotMeasured;
                try
                {
                    Open();
                    reading.Clear();
                    for (int i = 0; i < MedianReading.Count; i++) reading.Add(channel.ReadValue());
                    return reading.Scale(maximum, fullScale);
                }
                catch (Exception)
                {
                    return NotMeasured;
                }
            }
        }

        /// <summary>Always false: a voltage divider does not show it. Where a pin does, use a class of your own around this one.</summary>
        public bool IsExternal => false;

        private void Open()
        {
            if (channel != null) return;
            var converter = new AdcController();
            maximum = converter.MaxValue;
            channel = converter.OpenChannel(channelNumber);
        }
    }
}
