namespace NanoOta.Tests.Support;

/// <summary>
/// What some tests need beside the .NET SDK. Where it is missing a test is skipped with the package to install, and fails with
/// <c>CI=true</c>; with <c>NANOOTA_WITHOUT_TOOLS=1</c> nothing of it is found, and such tests are skipped in CI as well.
/// </summary>
/// <param name="variable">Reads a variable of the environment.</param>
/// <param name="folders">Where programs are looked for.</param>
internal sealed class OptionalTools(Func<string, string?> variable, IEnumerable<string> folders)
{
    /// <summary>Program or C header, and the Debian package that has it. <c>.ci/run</c> installs every one.</summary>
    public static readonly IReadOnlyDictionary<string, string> Packages = new Dictionary<string, string>
    {
        ["nginx"] = "nginx-light",
        ["mosquitto"] = "mosquitto",
        ["mosquitto_passwd"] = "mosquitto",
        ["openssl"] = "openssl",
        ["gcc"] = "gcc",
        ["g++"] = "g++",
        ["make"] = "make",
        ["cmake"] = "cmake",
        ["stdlib.h"] = "libc6-dev",
        ["mbedtls/ecdsa.h"] = "libmbedtls-dev",
    };

    /// <summary>Those of this machine. Debian has its servers where a user's PATH does not lead.</summary>
    public static OptionalTools Here { get; } = new(Environment.GetEnvironmentVariable,
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin"));

    private bool IsHidden => variable("NANOOTA_WITHOUT_TOOLS") == "1";

    /// <summary>The path of a program; where it is missing the running test ends here.</summary>
    public string Find(string program)
    {
        var paths = folders.Select(folder => Path.Combine(folder, program));
        return (IsHidden ? null : paths.FirstOrDefault(File.Exists)) ?? throw Missing(program);
    }

    /// <summary>Ends the running test where one of the programs is missing.</summary>
    public void Require(params string[] programs)
    {
        foreach (var program in programs) Find(program);
    }

    /// <summary>What ends a test that lacks a program or header.</summary>
    public Exception Missing(string tool)
    {
        var state = IsHidden ? "hidden by NANOOTA_WITHOUT_TOOLS=1" : "not installed";
        var message = $"{tool} is {state} (Debian: apt-get install {Packages[tool]})";
        bool isFailure = variable("CI") == "true" && !IsHidden;
        return isFailure ? new AssertFailedException(message) : new AssertInconclusiveException(message);
    }
}
