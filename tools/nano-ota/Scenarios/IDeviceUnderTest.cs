using System.Net;
using NanoOta.Boards;
using NanoOta.Cli.Device;
using NanoOta.Releases;

namespace NanoOta.Cli.Scenarios;

/// <summary>What a scenario needs that not every device under test has.</summary>
[Flags]
internal enum Needs
{
    None = 0,

    /// <summary>A switch that cuts the power of the device.</summary>
    PowerCut = 1,

    /// <summary>Settings that the scenario chooses: id, supply, native assemblies, credentials, check interval, broker.</summary>
    Settings = 2,

    /// <summary>Two runtime slots, and a runtime in the first.</summary>
    RuntimeSlots = 4,
}

/// <summary>What a scenario may do to a device while it runs. Callable from any thread and from a receiver of events.</summary>
internal interface IDeviceControl
{
    /// <summary>Cuts power and restores it.</summary>
    void CutPower();
}

/// <summary>One run of a device: from its start until a goal is reached or the time is over.</summary>
/// <param name="Goal">The state to reach.</param>
/// <param name="Environment">Settings of the device.</param>
/// <param name="HasSettings">Whether they are those of the scenario, which then needs <see cref="Needs.Settings"/>.</param>
/// <param name="OnEvent">Receives each event in order, and must not block.</param>
/// <param name="MayEnd">A further condition for the end; polled after the goal was reached.</param>
internal sealed record RunOrder(
    Goal Goal, DeviceEnvironment Environment, bool HasSettings, Action<DeviceEvent, IDeviceControl> OnEvent, Func<bool> MayEnd);

/// <summary>A device on which scenarios run: a virtual one, a board, or an emulator. No scenario depends on which it is.</summary>
internal interface IDeviceUnderTest : IDisposable
{
    /// <summary>Its name in reports.</summary>
    string Id { get; }

    /// <summary>Brings it into the state in which scenarios begin, and finds out what it lacks.</summary>
    void Prepare(CancellationToken stop);

    /// <summary>Leaves it with firmware that is known to be good.</summary>
    void Restore();

    /// <summary>Takes the board on which a scenario with these needs runs. A virtual device can be any board.</summary>
    void Select(Needs needs);

    Board Board { get; }

    /// <summary>Product of its firmware and of the releases for it.</summary>
    string Product { get; }

    /// <summary>The key of releases that its firmware trusts.</summary>
    SigningKey Key { get; }

    /// <summary>Where the server for it must listen; port 0 = any.</summary>
    IPEndPoint Listen { get; }

    /// <summary>Address of that server as the device sees it.</summary>
    string AddressOf(IPEndPoint server);

    /// <summary>Why it lacks the first of these needs; null if it has all of them.</summary>
    string? Lacks(Needs needs);

    /// <summary>The image of an app in a version.</summary>
    /// <exception cref="PreconditionException">There is none for this device.</exception>
    AppImage Build(string app, string version, Board board);

    /// <summary>Makes its flash that of a new device with this firmware; writes nothing if it is already.</summary>
    void Flash(ReleaseOrder firmware);

    /// <summary>Starts the device and observes it until the goal is reached; then it is at rest.</summary>
    /// <returns>The event that reached the goal; null = not reached in time.</returns>
    DeviceEvent? Run(RunOrder order, CancellationToken stop);

    /// <summary>The firmware that it boots after a reset; null = unknown.</summary>
    FlashContent? ReadFirmware(CancellationToken stop);
}

/// <summary>A scenario cannot run on a device; the message is the reason. It is skipped.</summary>
internal sealed class PreconditionException(string reason) : Exception(reason);
