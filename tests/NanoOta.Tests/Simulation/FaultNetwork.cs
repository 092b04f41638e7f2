namespace NanoOta.Tests.Simulation;

/// <summary>Network, server and mirror of one device, with their faults.</summary>
internal sealed class FaultNetwork
{
    /// <summary>Faults of a network after which a device retries.</summary>
    public static readonly UpdateError[] Passing =
        [UpdateError.Unreachable, UpdateError.ConnectionLost, UpdateError.TimedOut, UpdateError.ServerFailed];

    private readonly FaultSchedule schedule;
    private readonly SimDevice device;
    private readonly FaultEnvironment faults;
    private readonly Random random;
    private readonly int damage;

    public FaultNetwork(FaultSchedule schedule, SimDevice device, FaultEnvironment faults, Random random)
    {
        this.schedule = schedule;
        this.device = device;
        this.faults = faults;
        this.random = random;
        damage = random.Next();
        device.Server.Mirror = schedule.HasMirror ? FaultSchedule.MirrorAddress : null;
        device.Server.OnOpen = Answer;
        device.Server.OnRead = Give;
        device.Server.Alter = Alter;
        device.Server.OnMirror = name => faults.OnOpen(name, true);
    }

    private UpdateError Answer(string name, int offset)
    {
        device.Pass(schedule.LatencyMs);
        device.Server.KnowsRanges = !faults.Has(FaultKind.NoRanges);
        device.Server.BytesPerConnection = faults.Has(FaultKind.ShortConnections) ? random.Next(40, 9000) : int.MaxValue;
        faults.OnOpen(name, false);
        var answer = Decide(name);
        faults.OnAnswer(answer);
        return answer;
    }

    private UpdateError Decide(string name)
    {
        device.Server.RetryAfterSeconds = 0;
        if (faults.Has(FaultKind.Unreachable)) return UpdateError.Unreachable;
        if (faults.Has(FaultKind.Overloaded))
        {
            device.Server.RetryAfterSeconds = new[] { 0, 20, 61, 7200, 200_000 }[random.Next(5)];
            return UpdateError.ServerFailed;
        }

        if (faults.Has(FaultKind.Flaky) && random.Next(5) < 2) return Passing[random.Next(Passing.Length)];
        if (faults.Has(FaultKind.FilesMissing) && !name.EndsWith(".cose")) return UpdateError.FileNotFound;
        if (faults.Has(FaultKind.PackedMissing) && name.EndsWith(".pack")) return UpdateError.FileNotFound;
        return faults.Has(FaultKind.Redirect) ? UpdateError.Redirected : UpdateError.None;
    }

    private int Give(int count)
    {
        device.Pass(faults.Has(FaultKind.SlowLink) ? 20_000 : schedule.LatencyMs);
        return faults.Has(FaultKind.SlowLink) ? Math.Min(count, 300) : count;
    }

    private byte[] Alter(string name, bool isMirror, byte[] content)
    {
        if (isMirror) return faults.Has(FaultKind.DamagedMirror) ? Damage(content) : content;
        if (name.EndsWith(".cose")) return faults.Has(FaultKind.DamagedManifest) ? Damage(content) : content;
        if (name.EndsWith(".idx")) return faults.Has(FaultKind.DamagedIndex) ? Damage(content) : content;
        if (faults.Has(FaultKind.DamagedPacked) && name.EndsWith(".pack")) return Damage(content);
        if (faults.Has(FaultKind.ShortImage)) return content[..^1];
        return faults.Has(FaultKind.DamagedImage) ? Damage(content) : content;
    }

    private byte[] Damage(byte[] content)
    {
        var damaged = (byte[])content.Clone();
        damaged[damage % content.Length] ^= (byte)(1 << damage % 8);
        return damaged;
    }
}
