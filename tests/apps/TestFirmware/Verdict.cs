using NanoOta;

namespace TestFirmware;

/// <summary>A health check with a fixed result, after a few calls.</summary>
/// <param name="answer">The answer.</param>
/// <param name="unknownBefore">Number of calls that return Unknown first.</param>
public sealed class Verdict(Health answer, int unknownBefore = 1) : IHealthCheck
{
    private int asked;

    public Health Check() => asked++ < unknownBefore ? Health.Unknown : answer;
}
