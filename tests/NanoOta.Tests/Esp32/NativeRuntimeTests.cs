using NanoOta.Tests.Simulation;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Esp32;

[TestClass]
public sealed class NativeRuntimeTests
{
    [TestMethod]
    public void Native_assemblies_are_found_by_name_with_their_whole_checksums()
    {
        var device = new SimDevice(SimRelease.Make("1.0.0", 1, 3));
        Assert.IsTrue(device.RunUntil(() => device.Agent != null));
        var runtime = new NativeRuntime();
        Assert.AreEqual(NativeAssembly.OfModule.Checksum, runtime.GetNativeChecksum("NanoOta.Native"));
        Assert.AreEqual(-1, runtime.GetNativeChecksum("NanoOta.Nativ"));
        Assert.AreEqual(-1, runtime.GetNativeChecksum("System.Net"));
        Assert.AreEqual(-1, runtime.GetNativeChecksum(""));
    }
}
