namespace NanoOta.Tests.Simulation;

/// <summary>Preflight checks that an application adds.</summary>
[TestClass]
public sealed class ApplicationCheckTests
{
    private const string TooHot = "temperature is 71 °C, the limit is 60";

    private static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);
    private static readonly SimRelease Second = SimRelease.Make("1.1.0", 2, 7);

    private int celsius = 71;

    private SimDevice Warm(params IPreflightCheck[] further)
    {
        var device = SimDevice.Offered(First, Second);
        device.Break = ports =>
        {
            foreach (var check in further) ports.Preflight.Add(check);
            ports.Preflight.Add(new TemperatureBelow(60, () => celsius));
        };
        return device;
    }

    [TestMethod]
    public void A_check_delays_download_and_activation_with_its_own_text()
    {
        var device = Warm();
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Delayed) == 1));
        Assert.AreEqual((UpdateEventKind.Delayed, "", UpdateError.ApplicationBusy), device.Events[^1]);
        Assert.AreEqual((TooHot, 0), (device.LastDetail, device.Server.Opens));

        celsius = 59;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Staged) == 1));
        celsius = 71;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Delayed) == 2));
        Assert.AreEqual((UpdateEventKind.Delayed, "1.1.0", UpdateError.ApplicationBusy), device.Events[^1]);
        long until = device.Milliseconds + 60_000;
        Assert.IsTrue(device.RunUntil(() => device.Milliseconds > until));
        Assert.AreEqual((2, 0), (device.Count(UpdateEventKind.Delayed), device.Count(UpdateEventKind.Activated)));
        celsius = 59;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_check_refuses_an_offer_before_anything_is_erased()
    {
        var device = Warm(new Winter(() => celsius));
        celsius = -10;
        Assert.IsTrue(device.RunOneCheck());
        int operations = device.Flash.Operations;
        Assert.AreEqual(("it is -10 °C, and 1.1.0 is for summer", UpdateError.ApplicationBusy), (device.LastDetail, device.LastRefusal));
        Assert.IsTrue(device.RunOneCheck());
        Assert.AreEqual(operations, device.Flash.Operations);
        Assert.AreEqual(0, device.Server.ImageBytesRead);
        celsius = 20;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void A_check_that_throws_delays_the_update_and_is_named_with_its_exception()
    {
        bool isBroken = true;
        var device = Warm(new Consent(step => step != UpdateStep.Stage || !isBroken ? true : throw new TimeoutException()));
        celsius = 20;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Delayed) == 1));
        Assert.AreEqual(("Consent: TimeoutException", UpdateError.ApplicationBusy), (device.LastDetail, device.Events[^1].Code));
        isBroken = false;
        Assert.IsTrue(device.RunUntilConfirmed("1.1.0"));
    }

    [TestMethod]
    public void Each_check_that_an_offer_waits_for_is_reported()
    {
        bool isBusy = true;
        var device = Warm(new Consent(_ => !isBusy));
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Delayed) == 1));
        Assert.AreEqual("", device.LastDetail);
        isBusy = false;
        Assert.IsTrue(device.RunUntil(() => device.Count(UpdateEventKind.Delayed) == 2));
        Assert.AreEqual(TooHot, device.LastDetail);
    }

    /// <summary>An application's check in full.</summary>
    private sealed class TemperatureBelow(int limit, Func<int> sensor) : IPreflightCheck
    {
        public PreflightAnswer Check(PreflightRequest request)
        {
            int celsius = sensor();
            if (request.Step == UpdateStep.Decide || celsius < limit) return PreflightAnswer.GoOn;
            return request.Wait("temperature is " + celsius + " °C, the limit is " + limit);
        }
    }

    private sealed class Winter(Func<int> sensor) : IPreflightCheck
    {
        public PreflightAnswer Check(PreflightRequest request)
        {
            if (request.Step != UpdateStep.Decide || sensor() > 0) return PreflightAnswer.GoOn;
            return request.Refuse("it is " + sensor() + " °C, and " + request.Offer.Version + " is for summer");
        }
    }
}
