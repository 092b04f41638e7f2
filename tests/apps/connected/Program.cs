using Connected;
using NanoOta;
using TestFirmware;

Firmware.Run(new Verdict(Health.Good), beside: Remote.Start);
