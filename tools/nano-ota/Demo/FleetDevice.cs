using NanoOta.Releases;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Demo;

/// <summary>
/// One of many devices, small enough to have hundreds: flash in memory, second stage, native module and agent in this process,
/// under a time of its own. Its files come from the demo's server. It tells what it runs; its firmware itself is not started.
/// </summary>
internal sealed class FleetDevice : IClock, IUpdateEvents, IHealthCheck
{
    /// <summary>More than both looks need; a device that goes on for ever is told by what it boots.</summary>
    private const int MaxSteps = 20_000;

    private readonly World world;
    private readonly NorFlash flash;
    private readonly FlashMap map;
    private readonly RetainedMemory memory = new();
    private readonly string id;
    private UpdateError refusal;
    private int steps;
    private bool isOver;

    /// <summary>A device without power.</summary>
    /// <param name="world">Where it gets its releases.</param>
    /// <param name="content">Its flash, which is copied.</param>
    /// <param name="id">Tells it from the others.</param>
    public FleetDevice(World world, byte[] content, string id)
    {
        this.world = world;
        this.id = id;
        flash = new NorFlash(content.AsSpan());
        map = FlashMap.Of(world.Board);
    }

    public long Milliseconds { get; private set; }

    public long UnixSeconds => 0;

    /// <summary>Looks for a release at two starts; each time until it was refused, or confirmed if it takes it.</summary>
    /// <returns>What boots after each, by boot record and descriptor in flash, and the reason of a refusal.</returns>
    public (string Id, string First, string Second) LookTwice() => (id, Look(), Look());

    private string Look()
    {
        isOver = false;
        refusal = UpdateError.None;
        for (var reset = ResetReason.PowerOn; !isOver;) reset = RunUntilReset(reset);
        var descriptor = new byte[SlotDescriptor.Length];
        flash.Read(map.Index((new BootRecords(flash, map).Load() ?? BootRecord.None).Chosen), descriptor);
        return $"boots {SlotDescriptor.Read(descriptor)?.Version}{(refusal == UpdateError.None ? "" : ", " + Chapters.Say(refusal))}";
    }

    private ResetReason RunUntilReset(ResetReason reason)
    {
        using var native = new NativePort(flash, map, BootSelector.Boot(flash, map, memory, reason)).Attach();
        var agent = new UpdateAgent(Ports(), Options());
        try
        {
            while (!isOver)
            {
                isOver = ++steps > MaxSteps;
                Milliseconds += agent.Step() + 1;
            }
        }
        catch (RestartException)
        {
            // It ends this run of the firmware, as a reset does.
        }

        return ResetReason.Sw;
    }

    private UpdatePorts Ports()
    {
        var ports = new UpdatePorts
        {
            Flash = new NativeFlash(),
            Boot = new NativeBootControl(),
            Crypto = new NativeCrypto(),
            Source = new HttpReleaseSource(),
            Runtime = new NativeRuntime(),
            Clock = this,
            Health = this,
        };
        ports.Events.Add(this);
        return ports;
    }

    private UpdateOptions Options() => new()
    {
        Address = world.Around.Offer,
        Product = World.Product,
        Board = world.Board.Id,
        Chip = world.Board.Chip.Name,
        TrustedKeys = [world.Key.Public.Base64],
        DeviceId = id,
    };

    void IUpdateEvents.On(UpdateEvent e)
    {
        if (e.Kind == UpdateEventKind.Refused) refusal = e.Code;
        if (e.Kind is UpdateEventKind.Idle or UpdateEventKind.Confirmed) isOver = true;
    }

    Health IHealthCheck.Check() => Health.Good;
}
