using System.Collections.Concurrent;
using NanoOta.Mqtt.Virtual;
using NanoOta.Tests.Simulation;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Mqtt.FleetCommands;

/// <summary>
/// A device in real time, small enough to have hundreds in one process: flash in memory, second stage, native module and agent, releases over
/// HTTP and a link to a real broker. What it was flashed with is <see cref="First"/>; its firmware itself is not started.
/// </summary>
internal sealed class WholeDevice : IUpdateEvents, IHealthCheck, IDisposable
{
    /// <summary>What runs before the update.</summary>
    public static readonly SimRelease First = SimRelease.Make("1.0.0", 1, 5);

    private const int RoundMs = 100;

    private readonly NorFlash flash = SimFlash.With(First);
    private readonly RetainedMemory memory = new();
    private readonly SystemClock clock = new();
    private readonly ManualResetEventSlim stop = new();
    private readonly UpdateOptions options;
    private readonly MqttOptions remoteOptions;
    private readonly Thread thread;
    private IBroker? broker;

    /// <summary>A device without power.</summary>
    /// <param name="options">Of each agent that starts; its id is that of the device.</param>
    /// <param name="brokerPort">Of a broker on this machine.</param>
    public WholeDevice(UpdateOptions options, int brokerPort)
    {
        this.options = options;
        remoteOptions = new MqttOptions("127.0.0.1")
        {
            Port = brokerPort,
            MakeBroker = () => broker = new MqttNetBroker(),
            Product = options.Product,
            Board = options.Board,
            DeviceId = options.DeviceId,
        };
        thread = new Thread(Live) { IsBackground = true };
    }

    /// <summary>Each event since power-on.</summary>
    public ConcurrentQueue<(UpdateEventKind Kind, UpdateError Code)> Events { get; } = [];

    /// <summary>The image in the slot that boots next.</summary>
    public bool Holds(byte[] image)
    {
        int slot = new BootRecords(flash, SimDevice.Map).Load()?.Chosen ?? 0;
        return flash.Snapshot().AsSpan(SimDevice.Map.Slot(slot)).StartsWith(image);
    }

    public void PowerOn() => thread.Start();

    /// <summary>Ends it soon, after a goodbye to the broker; Dispose waits for that.</summary>
    public void PowerOff() => stop.Set();

    public void Dispose()
    {
        PowerOff();
        if (thread.IsAlive) thread.Join();
    }

    private void Live()
    {
        for (var reset = ResetReason.PowerOn; !stop.IsSet;) reset = RunUntilReset(reset);
    }

    private ResetReason RunUntilReset(ResetReason reason)
    {
        using var native = new NativePort(flash, SimDevice.Map, BootSelector.Boot(flash, SimDevice.Map, memory, reason)).Attach();
        var ports = Ports();
        var remote = new RemoteLoop(remoteOptions, ports, () => true);
        var agent = new UpdateAgent(ports, options);
        using var isReset = new ManualResetEventSlim();
        var link = new Thread(() => Run(remote.Link, isReset)) { IsBackground = true };
        link.Start();
        try
        {
            while (!stop.IsSet) Wait(agent.Step(), () => remote.Round(agent));
        }
        catch (RestartException)
        {
            // It ends this run of the firmware, as a reset does.
        }

        isReset.Set();
        link.Join();
        return ResetReason.Sw;
    }

    private void Wait(int milliseconds, Func<bool> round)
    {
        for (long until = clock.Milliseconds + milliseconds; !stop.IsSet && !round();)
        {
            long left = until - clock.Milliseconds;
            if (left <= 0) return;
            stop.Wait((int)Math.Min(left, RoundMs));
        }
    }

    // A reset leaves a connection as it is: the broker drops it when the device comes back.
    private void Run(RemoteLink link, ManualResetEventSlim isReset)
    {
        while (!isReset.IsSet) isReset.Wait(Math.Min(link.Step(), RoundMs));
        if (stop.IsSet) link.Close();
        else broker?.Close();
    }

    private UpdatePorts Ports()
    {
        var ports = new UpdatePorts
        {
            Flash = new NativeFlash(),
            Boot = new NativeBootControl(),
            Crypto = new NativeCrypto(),
            Source = new HttpReleaseSource(),
            Clock = clock,
            Health = this,
        };
        ports.Events.Add(this);
        return ports;
    }

    void IUpdateEvents.On(UpdateEvent e) => Events.Enqueue((e.Kind, e.Code));

    Health IHealthCheck.Check() => Health.Good;
}
