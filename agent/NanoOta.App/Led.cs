using System.Device.Gpio;
using System.Threading;

namespace NanoOta.App
{
    /// <summary>The LED of the board: blinks slowly, and fast while the firmware is on trial.</summary>
    internal static class Led
    {
        private const int SlowMs = 1000;
        private const int FastMs = 100;

        /// <summary>Blinks for ever; give it a thread. Returns at once on a board without a LED.</summary>
        public static void Run()
        {
            if (FirmwareBoard.LedPin() < 0) return;
            var boot = new NativeBootControl();
            using (var pins = new GpioController())
            {
                GpioPin led = pins.OpenPin(FirmwareBoard.LedPin(), PinMode.Output);
                while (true)
                {
                    led.Toggle();
                    Thread.Sleep(boot.State == BootState.Trial ? FastMs : SlowMs);
                }
            }
        }
    }
}
