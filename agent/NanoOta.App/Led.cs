using System.Device.Gpio;
using System.Threading;

namespace NanoOta.App
{
    /// <summary>The LED of the board: blinks slowly, and fast while the firmware is on trial.</summary>
    internal sealed class Led
    {
        private const int SlowMs = 1000;
        private const int FastMs = 100;

        private readonly OtaAgent ota;

        /// <summary>The LED of this board, if it has one.</summary>
        public Led(OtaAgent ota)
        {
            this.ota = ota;
        }

        /// <summary>Blinks for ever; give it a thread. Returns at once on a board without a LED.</summary>
        public void Run()
        {
            if (FirmwareBoard.LedPin() < 0) return;
            using (var pins = new GpioController())
            {
                GpioPin led = pins.OpenPin(FirmwareBoard.LedPin(), PinMode.Output);
                while (true)
                {
                    led.Toggle();
                    Thread.Sleep(ota.State == Phase.Trial ? FastMs : SlowMs);
                }
            }
        }
    }
}
