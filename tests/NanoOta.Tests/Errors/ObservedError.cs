using NanoOta.Tests.Simulation;

namespace NanoOta.Tests.Errors;

/// <summary>Runs a device until it reports an error, and returns its number.</summary>
internal static class ObservedError
{
    public static UpdateError First(SimDevice device, UpdateEventKind kind)
    {
        Assert.IsTrue(device.RunUntil(() => device.Count(kind) > 0), $"the device never reported {kind}");
        return device.Events.Find(e => e.Kind == kind).Code;
    }

    /// <summary>The number of the first refusal.</summary>
    public static UpdateError Refusal(SimDevice device) => First(device, UpdateEventKind.Refused);
}
