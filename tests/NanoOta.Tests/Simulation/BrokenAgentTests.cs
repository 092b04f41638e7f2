using NanoOta.Tests.Support;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Simulation;

/// <summary>
/// The scenarios must be able to fail: an agent whose promise is broken on purpose is detected by the checks of the other tests.
/// </summary>
[TestClass]
public sealed class BrokenAgentTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    private static SimDevice Offered(SimRelease release, Action<UpdatePorts> breakIt)
    {
        var device = new SimDevice(First) { Break = breakIt };
        device.Publish(release);
        return device;
    }

    [TestMethod]
    public void An_agent_that_confirms_without_a_health_check_keeps_bad_firmware()
    {
        var device = Offered(Second with { Behaviour = Behaviour.Unhealthy }, ports => ports.Health = new AlwaysGood());
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void An_agent_that_discards_failures_installs_them_endlessly()
    {
        var device = Offered(Second with { Behaviour = Behaviour.Unhealthy }, ports => ports.Flash = new BlankJournalFlash(ports.Flash));
        for (int i = 1; i <= 3; i++)
        {
            Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Reverted) == i));
            device.PowerCycle();
        }
    }

    [TestMethod]
    public void An_agent_that_accepts_any_signature_installs_untrusted_firmware()
    {
        var manifest = TestManifest.For(Second.Image, "1.1.0", 2, TestManifest.SharedKey).Sign();
        manifest[^1] ^= 1;
        var honest = Offered(Second with { Manifest = manifest }, _ => { });
        Assert.IsTrue(honest.RunOneCheck());
        Assert.AreEqual(UpdateError.BadSignature, honest.LastRefusal);
        var broken = Offered(Second with { Manifest = manifest }, ports => ports.Crypto = new AcceptingCrypto(ports.Crypto));
        Assert.IsTrue(broken.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void An_agent_that_hashes_what_it_wrote_instead_of_flash_starts_a_mixture()
    {
        int sector = 3 * 4096;
        var honest = Offered(Second, _ => { });
        honest.Flash.Program(SimDevice.Map.Slot(1) + sector, new byte[4]);
        honest.Flash.WearOut(SimDevice.Map.Slot(1) + sector);
        Assert.IsTrue(honest.RunOneCheck());
        Assert.AreEqual(0, honest.Count(UpdateEventKind.Activated));

        var broken = Offered(Second, ports => ports.Crypto = new ExpectedImageCrypto(ports.Crypto, Second.Image));
        broken.Flash.Program(SimDevice.Map.Slot(1) + sector, new byte[4]);
        broken.Flash.WearOut(SimDevice.Map.Slot(1) + sector);
        Assert.IsFalse(broken.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(1, broken.Count(UpdateEventKind.Activated));
        Assert.IsNull(broken.Find(1));
    }

    private sealed class AlwaysGood : IHealthCheck
    {
        public Health Check() => Health.Good;
    }

    /// <summary>Reads the journal as blank after each reset.</summary>
    private sealed class BlankJournalFlash(IFlash flash) : IFlash
    {
        private bool wasWritten;

        public int GetSize(FlashArea area) => flash.GetSize(area);

        public bool Read(FlashArea area, int offset, byte[] buffer, int start, int count)
        {
            bool result = flash.Read(area, offset, buffer, start, count);
            if (area == FlashArea.Journal && !wasWritten) buffer.AsSpan(start, count).Fill(0xFF);
            return result;
        }

        public bool Erase(FlashArea area, int offset) => flash.Erase(area, offset);

        public bool Write(FlashArea area, int offset, byte[] buffer, int start, int count)
        {
            wasWritten |= area == FlashArea.Journal;
            return flash.Write(area, offset, buffer, start, count);
        }
    }

    /// <summary>Hashes what ought to lie in the worn sector of the inactive slot, and calls any sector there blank.</summary>
    private sealed class ExpectedImageCrypto(ICrypto crypto, byte[] image) : AcceptingCrypto(crypto)
    {
        private readonly HashSet<int> asked = [];

        public override bool HashFlash(FlashArea area, int offset, int count)
        {
            if (area != FlashArea.InactiveSlot || offset > 3 * 4096 || offset + count <= 3 * 4096)
                return base.HashFlash(area, offset, count);
            var hoped = image.AsSpan(offset, Math.Min(count, image.Length - offset)).ToArray();
            bool isFirstLook = asked.Add(count);
            if (isFirstLook && count == 4096) hoped.AsSpan().Clear();
            HashBytes(hoped, 0, hoped.Length);
            return true;
        }
    }

    private class AcceptingCrypto(ICrypto crypto) : ICrypto
    {
        public void HashStart() => crypto.HashStart();

        public void HashBytes(byte[] buffer, int start, int count) => crypto.HashBytes(buffer, start, count);

        public virtual bool HashFlash(FlashArea area, int offset, int count) => crypto.HashFlash(area, offset, count);

        public bool HashFinish(byte[] digest) => crypto.HashFinish(digest);

        public bool VerifyEcdsaP256(byte[] publicKey, byte[] hash, byte[] signature) => true;
    }
}
