using NanoOta.Tests.Releases;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Simulation;

/// <summary>A transport of the application: one class, and one line that sets it.</summary>
[TestClass]
public sealed class OwnSourceTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    [TestMethod]
    public void A_device_updates_from_a_card_by_a_source_of_its_own()
    {
        using var card = new TemporaryFolder();
        Directory.CreateDirectory(card.File("lamp/1.1.0"));
        File.WriteAllBytes(card.File("lamp/manifest.cose"), Second.Manifest);
        File.WriteAllBytes(card.File("lamp/1.1.0/app.idx"), TestImage.Index(Second.Image));
        File.WriteAllBytes(card.File("lamp/1.1.0/app.bin"), Second.Image);
        var device = new SimDevice(First) { Address = "sd:/lamp/", Break = ports => ports.Source = new CardSource(card.File("")) };
        device.Publish(Second);
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(0, device.Server.Opens);
    }

    [TestMethod]
    public void An_address_that_the_source_does_not_open_is_refused()
    {
        var device = new SimDevice(First) { Address = "coap://updates.example/lamp/", Break = ports => ports.Source = new CardSource("/") };
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.BadAddress, device.LastRefusal);
    }

    private sealed class CardSource(string root) : IReleaseSource
    {
        private const string Scheme = "sd:/";

        private FileStream? open;

        public int Position => (int)(open?.Position ?? 0);

        public int RetryAfterSeconds => 0;

        public bool CanOpen(string address) => address.StartsWith(Scheme);

        public UpdateError Open(string address, int offset, int length)
        {
            Close();
            var file = new FileInfo(Path.Combine(root, address[Scheme.Length..]));
            if (!file.Exists) return UpdateError.FileNotFound;
            if (length >= 0 && file.Length != length) return UpdateError.WrongLength;
            open = file.OpenRead();
            open.Position = offset;
            return UpdateError.None;
        }

        public int Read(byte[] buffer, int start, int count) => open!.Read(buffer, start, count);

        public void Close()
        {
            open?.Dispose();
            open = null;
        }
    }
}
