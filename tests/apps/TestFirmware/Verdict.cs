using NanoOta;

namespace TestFirmware;

/// <summary>A health check that knows its answer, after it was asked a few times.</summary>
/// <param name="answer">The answer.</param>
/// <param name="unknownBefore">Times that it says Unknown first.</param>
public sealed class Verdict(Health answer, int unknownBefore = 1) : IHealthCheck
{
    private int asked;

    public Health Check() => asked++ < unknownBefore ? Health.Unknown : answer;
}
