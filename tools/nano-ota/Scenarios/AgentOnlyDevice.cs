using NanoOta.Releases;
using NanoOta.VirtualDevice;

namespace NanoOta.Cli.Scenarios;

/// <summary>What a device boots after it checked for a release, and the code with which it refused one.</summary>
internal sealed record CheckResult(string? Version, UpdateError Refusal);

/// <summary>One of hundreds of devices: flash in memory, second stage, native module and agent in this process, with a simulated clock. Its
/// files come from the server of a bench. The firmware in its slots is never started.</summary>
internal sealed class AgentOnlyDevice : IClock, IUpdateEvents, IHealthCheck
{
    /// <summary>More than two checks need; ends a device that does not come to rest.</summary>
    private const int MaxSteps = 20_000;

    private readonly Bench bench;
    private readonly NorFlash flash;
    private readonly FlashMap map;
    private readonly RetainedMemory memory = new();
    private readonly string id;
    private UpdateError refusal;
    private int steps;
    private bool isOver;

    /// <summary>A device without power.</summary>
    /// <param name="bench">Its server, board and keys.</param>
    /// <param name="content">Its flash, which is copied.</param>
    /// <param name="id">Its device id.</param>
    public AgentOnlyDevice(Bench bench, byte[] content, string id)
    {
        this.bench = bench;
        this.id = id;
        flash = new NorFlash(content.AsSpan());
        map = FlashMap.Of(bench.Board);
    }

    public long Milliseconds { get; private set; }

    public long UnixSeconds => 0;

    /// <summary>Starts twice; each time it checks for a release and runs until it refused or confirmed it.</summary>
    public (string Id, CheckResult First, CheckResult Second) CheckTwice() => (id, Check(), Check());

    private CheckResult Check()
    {
        isOver = false;
        refusal = UpdateError.None;
        for (var reset = ResetReason.PowerOn; !isOver;) reset = RunUntilReset(reset);
        var descriptor = new byte[SlotDescriptor.Length];
        flash.Read(map.Index((new BootRecords(flash, map).Load() ?? BootRecord.None).Chosen), descriptor);
        return new CheckResult(SlotDescriptor.Read(descriptor)?.Version, refusal);
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
            // A reset ends this run of the firmware.
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
        Address = bench.Environment.Offer,
        Product = bench.Product,
        Board = bench.Board.Id,
        Chip = bench.Board.Chip.Name,
        TrustedKeys = [bench.Key.Public.Base64],
        DeviceId = id,
    };

    void IUpdateEvents.On(UpdateEvent e)
    {
        if (e.Kind == UpdateEventKind.Refused) refusal = e.Code;
        if (e.Kind is UpdateEventKind.Idle or UpdateEventKind.Confirmed) isOver = true;
    }

    Health IHealthCheck.Check() => Health.Good;
}
