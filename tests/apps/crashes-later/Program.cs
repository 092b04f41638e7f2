using NanoOta;
using TestFirmware;

Firmware.StartAgent(new Verdict(Health.Unknown));
Thread.Sleep(500);
throw new InvalidOperationException("this firmware crashes after a while");
