namespace NanoOta.Tests.Simulation;

/// <summary>A failure of SHA-256 is not a failure of flash: nothing is erased, and it has its own error number.</summary>
[TestClass]
public sealed class HashFaultTests
{
    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    [TestMethod]
    public void A_hash_that_fails_at_any_time_is_reported_as_such_and_costs_no_erase()
    {
        int refused = 0, last = CountHashes();
        Assert.IsGreaterThan(30, last);
        for (int number = 1; number <= last; number++)
        {
            int left = number;
            var device = SimDevice.Offered(First, Second);
            // What an earlier image left: to be erased once, where it is another one.
            SimFlash.Deploy(device.Flash, 1, SimRelease.Make("0.9.0", 1, 3));
            device.Break = ports => ports.Crypto = new FaultyHash(ports.Crypto, () => device.Agent != null && --left == 0);
            Assert.IsTrue(device.RunUntilConfirmed("1.1.0"), $"hash {number}");
            foreach (var refusal in device.Events.Where(e => e.Kind == UpdateEventKind.Refused))
            {
                refused++;
                Assert.IsTrue(refusal.Code is UpdateError.HashFailed or UpdateError.JournalFailed, $"hash {number}: {refusal.Code}");
            }

            for (int sector = 0; sector < 2 * SimDevice.SlotSectors; sector++)
            {
                int before = sector >= SimDevice.SlotSectors ? 1 : 0; // of the deployment
                Assert.IsLessThanOrEqualTo(before + 1, device.Flash.EraseCounts[sector], $"sector {sector}, hash {number}");
            }
        }

        Console.WriteLine($"{refused} refusals in {last} runs");
        Assert.IsGreaterThan(20, refused);
    }

    [TestMethod]
    [DataRow(Phase.Offer)]
    [DataRow(Phase.Verify)]
    public void A_failed_hash_is_reported_neither_as_forged_nor_as_corrupt(object phase)
    {
        var device = SimDevice.Offered(First, Second);
        bool isFailing = true;
        device.Break = ports => ports.Crypto = new FaultyHash(ports.Crypto, () => isFailing && device.Agent?.Phase == (Phase)phase);
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(UpdateError.HashFailed, device.LastRefusal);
        isFailing = false;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
        Assert.AreEqual(Second.Image.Length, device.Server.ImageBytesRead, "what is in the slot is not fetched again");
    }

    private static int CountHashes()
    {
        int count = 0;
        var device = SimDevice.Offered(First, Second);
        SimFlash.Deploy(device.Flash, 1, SimRelease.Make("0.9.0", 1, 3));
        device.Break = ports => ports.Crypto = new FaultyHash(ports.Crypto, () =>
        {
            if (device.Agent != null) count++;
            return false;
        });
        Assert.IsTrue(device.RunUntil(() => device.State == BootState.Trial));
        return count;
    }
}
