using System.Reflection;
using NanoOta.Native;
using NanoOta.Tests.VirtualDevice;
using NanoOta.VirtualDevice;
using NanoOta.VirtualDevice.Bus;

namespace NanoOta.Tests.Esp32;

[TestClass]
public sealed class NativeBootControlTests
{
    [TestMethod]
    public void The_limits_of_trials_and_crashes_are_those_of_the_native_module()
    {
        var flash = TestFlash.With(null, 0, 1);
        using var attached = new NativePort(flash, TestFlash.Map, TestFlash.Boot(flash)) { TrialWatchdog = TimeSpan.FromMilliseconds(9001) }.Attach();
        var boot = new NativeBootControl();
        Assert.AreEqual(10, boot.TrialLimitSeconds, "whole seconds");
        Assert.AreEqual(5, boot.CrashLimit);
    }

    [TestMethod]
    public void With_an_older_native_module_the_limits_are_unknown()
    {
        using var attached = Firmware.Attach(DispatchProxy.Create<INativePort, OlderModule>());
        var boot = new NativeBootControl();
        Assert.AreEqual(0, boot.TrialLimitSeconds);
        Assert.AreEqual(0, boot.CrashLimit);
    }

    /// <summary>Refuses every value, as firmware does that was built before there was one.</summary>
    public class OlderModule : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => NativeModule.Refused;
    }
}
