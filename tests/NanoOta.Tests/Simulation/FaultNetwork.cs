namespace NanoOta.Tests.Simulation;

/// <summary>Network, server and mirror of one device, with what is wrong with them.</summary>
internal sealed class FaultNetwork
{
    /// <summary>Faults of a network that a device tries again after.</summary>
    public static readonly UpdateError[] Passing =
        [UpdateError.Unreachable, UpdateError.ConnectionLost, UpdateError.TimedOut, UpdateError.ServerFailed];

    private readonly FaultSchedule schedule;
    private readonly SimDevice device;
    private readonly FaultEnvironment world;
    private readonly Random random;
    private readonly int damage;

    public FaultNetwork(FaultSchedule schedule, SimDevice device, FaultEnvironment world, Random random)
    {
        this.schedule = schedule;
        this.device = device;
        this.world = world;
        this.random = random;
        damage = random.Next();
        device.Server.Mirror = schedule.HasMirror ? FaultSchedule.MirrorAddress : null;
        device.Server.OnOpen = Answer;
        device.Server.OnRead = Give;
        device.Server.Alter = Alter;
        device.Server.OnMirror = name => world.OnOpen(name, true);
    }

    private UpdateError Answer(string name, int offset)
    {
        device.Pass(schedule.LatencyMs);
        device.Server.KnowsRanges = !world.Has(FaultKind.NoRanges);
        device.Server.BytesPerConnection = world.Has(FaultKind.ShortConnections) ? random.Next(40, 9000) : int.MaxValue;
        world.OnOpen(name, false);
        var answer = Decide(name);
        world.OnAnswer(answer);
        return answer;
    }

    private UpdateError Decide(string name)
    {
        device.Server.RetryAfterSeconds = 0;
        if (world.Has(FaultKind.Unreachable)) return UpdateError.Unreachable;
        if (world.Has(FaultKind.Overloaded))
        {
            device.Server.RetryAfterSeconds = new[] { 0, 20, 61, 7200, 200_000 }[random.Next(5)];
            return UpdateError.ServerFailed;
        }

        if (world.Has(FaultKind.Flaky) && random.Next(5) < 2) return Passing[random.Next(Passing.Length)];
        if (world.Has(FaultKind.FilesMissing) && !name.EndsWith(".cose")) return UpdateError.FileNotFound;
        return world.Has(FaultKind.Redirect) ? UpdateError.Redirected : UpdateError.None;
    }

    private int Give(int count)
    {
        device.Pass(world.Has(FaultKind.SlowLink) ? 20_000 : schedule.LatencyMs);
        return world.Has(FaultKind.SlowLink) ? Math.Min(count, 300) : count;
    }

    private byte[] Alter(string name, bool isMirror, byte[] content)
    {
        if (isMirror) return world.Has(FaultKind.DamagedMirror) ? Damage(content) : content;
        if (name.EndsWith(".cose")) return world.Has(FaultKind.DamagedManifest) ? Damage(content) : content;
        if (name.EndsWith(".idx")) return world.Has(FaultKind.DamagedIndex) ? Damage(content) : content;
        if (world.Has(FaultKind.ShortImage)) return content[..^1];
        return world.Has(FaultKind.DamagedImage) ? Damage(content) : content;
    }

    private byte[] Damage(byte[] content)
    {
        var damaged = (byte[])content.Clone();
        damaged[damage % content.Length] ^= (byte)(1 << damage % 8);
        return damaged;
    }
}
