namespace NanoOta.Tests.Cli;

/// <summary>Numbers mean the same everywhere, or are refused.</summary>
[TestClass]
public sealed class NumberTests
{
    [TestMethod]
    [DataRow("1,5", DisplayName = "a comma, which would be 15")]
    [DataRow("1.000,5")]
    [DataRow("1e3")]
    [DataRow("+5")]
    [DataRow(" 5")]
    [DataRow("5s")]
    [DataRow(".5")]
    [DataRow("5.")]
    [DataRow("NaN")]
    [DataRow("Infinity")]
    [DataRow("٥")]
    public void A_time_is_digits_with_a_point_in_every_command(string text)
    {
        foreach (string[] command in new string[][]
        {
            ["device", "--board", "x", "--flash", "x", "--offer", "http://x/", "--timeout"],
            ["device", "--board", "x", "--flash", "x", "--offer", "http://x/", "--trial-watchdog"],
            ["watch", "--broker", "mqtt://127.0.0.1", "--timeout"],
            ["command", "d", "check", "--broker", "mqtt://127.0.0.1", "--timeout"],
        })
            StringAssert.Contains(NanoOtaTool.Run([.. command, text]).Refusal, $"{command[^1]} '{text}' is not a number");
    }

    [TestMethod]
    [DataRow("1,000")]
    [DataRow("1.0")]
    [DataRow("+5")]
    [DataRow(" 5")]
    [DataRow("0x10")]
    public void A_whole_number_is_digits_in_every_command(string text)
    {
        foreach (string[] command in new string[][]
        {
            ["device", "--board", "x", "--flash", "x", "--offer", "http://x/", "--check"],
            ["serve", "x", "--http"],
            ["watch", "--broker", "mqtt://127.0.0.1", "--devices"],
            ["rollout", "x", "--key", "x", "--wave"],
        })
            StringAssert.Contains(NanoOtaTool.Run([.. command, text]).Refusal, $"{command[^1]} '{text}' is not a number");
    }
}
