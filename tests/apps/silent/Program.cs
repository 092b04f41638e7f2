using NanoOta;
using TestFirmware;

Firmware.Run(new Verdict(Health.Unknown));
