using System.CommandLine;
using NanoOta.Releases;

namespace NanoOta.Cli.Commands;

/// <summary><c>nano-ota flash</c>: writes the flash of a new virtual device.</summary>
internal static class FlashCommand
{
    public static Command Create()
    {
        var trust = CommonOptions.Trust("Key that the firmware trusts; may be repeated", required: true);
        var file = new Option<string>("--out")
        {
            Description = "Flash file to write; replaced if it is there",
            HelpName = "FILE",
            Required = true,
        };
        var json = CommonOptions.Json();
        var firmware = new FirmwareOptions();
        var command = new ExampleCommand("flash", "Make the flash of a freshly flashed virtual device.",
            "nano-ota flash --board esp32-devkitc-4mb --app src/Thermometer --version 1.0.0 --trust public.pem --out my.flash");
        firmware.AddTo(command);
        foreach (var option in new Option[] { trust, file, json }) command.Add(option);
        command.SetAction(result =>
        {
            var target = InputPath.NewFile(result.GetRequiredValue(file));
            var made = firmware.Make(result, CommonOptions.LoadKeys(result.GetValue(trust)));
            File.WriteAllBytes(target, FlashImage.Create(made.Order));
            Report.Print(result, Description.OfFirmware(target, made, key: null), result.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }
}
