using Connected;
using NanoOta;
using TestFirmware;

Firmware.Run(new Verdict(Health.Good), extend: Remote.Extend);
