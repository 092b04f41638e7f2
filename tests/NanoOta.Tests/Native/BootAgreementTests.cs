using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Native;

/// <summary>
/// The boot rules exist twice: in C for the device, in C# for the virtual device. Here both answer the same cases, and
/// all results are compared: slot, state, results of calls, both copies of the record, and wear.
/// </summary>
[TestClass]
public sealed class BootAgreementTests
{
    // NANO_OTA_CAMPAIGN multiplies them (docs/TESTING.md). The rarest outcome is one of 300.
    private static readonly int Cases = 10_000 * int.Parse(Environment.GetEnvironmentVariable("NANO_OTA_CAMPAIGN") ?? "1");

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Both_implementations_answer_the_named_vectors_as_written()
    {
        var vectors = BootVector.ReadAll();
        var answers = RunOracle(vectors.ConvertAll(v => v.Case));
        Assert.IsNotEmpty(vectors);
        for (int i = 0; i < vectors.Count; i++)
        {
            Assert.AreEqual(vectors[i].Answer, vectors[i].Case.Answer(), $"C#, {vectors[i].Name}: {vectors[i].Case}");
            Assert.AreEqual(vectors[i].Answer, answers[i], $"C, {vectors[i].Name}: {vectors[i].Case}");
        }
    }

    [TestMethod]
    public void Both_implementations_agree_on_random_cases()
    {
        int seed = Environment.TickCount;
        TestContext.WriteLine($"seed {seed}");
        var source = new RandomBootCase(new Random(seed));
        var cases = Enumerable.Range(0, Cases).Select(_ => source.Next()).ToList();
        var c = Task.Run(() => RunOracle(cases));
        var outcomes = new Dictionary<string, int>();
        var answers = cases.ConvertAll(given => given.Answer());
        int cables = 0, crashLoops = 0, safeModes = 0, kept = 0, givenUp = 0;
        for (int i = 0; i < Cases; i++)
        {
            Assert.AreEqual(answers[i], c.GetAwaiter().GetResult()[i], $"seed {seed}, case {i}: {cases[i]}");
            var outcome = string.Join(' ', answers[i].Split(' ').Take(3));
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            if (answers[i][1..].StartsWith($" {(int)BootAction.YieldedToCable} ")) cables++;
            var fields = answers[i].Split(' ');
            var values = fields[3].Split(',');
            if (values.Length < 9) continue; // nothing boots
            if (values[1] == "1" && fields[5].Split(',') is [_, "4", not "0", ..]) givenUp++; // an activation has no reason
            if (answers[i][1..].StartsWith(" 3 ") && values[2] == "6010") crashLoops++;
            if (values[6] == "1") safeModes++;
            if (values[8] != "0") kept++;
        }

        // Either slot with nothing done, a trial begun, a blip counted, an older trial under a confirmation that cannot be written over,
        // a revert or a cable saved or not; nothing to boot; and a restart with nothing done, a blip counted or a trial ended.
        Assert.HasCount(20, outcomes, $"seed {seed} did not reach every outcome: {string.Join("; ", outcomes)}");
        TestContext.WriteLine(string.Join("; ", outcomes.Select(o => $"{o.Key}: {o.Value}")));
        TestContext.WriteLine($"{cables} cable deployments, {crashLoops} crash loops, {givenUp} given up");
        TestContext.WriteLine($"{safeModes} in safe mode, {kept} planned wakes");
        Assert.IsGreaterThan(Cases / 1000, Math.Min(crashLoops, Math.Min(safeModes, kept)), $"seed {seed} crashed or slept too seldom");
        Assert.IsGreaterThan(Cases / 1000, givenUp, $"seed {seed} gave confirmed firmware up too seldom");
        Assert.IsGreaterThan(Cases / 20, cables, $"seed {seed} deployed too seldom");
    }

    private static string[] RunOracle(List<BootCase> cases)
    {
        var oracle = NativeBuild.Program("boot_oracle");
        var (code, output, errors) = NativeBuild.Run(oracle, [Convert.ToHexString(RuntimeCase.Image)], cases.Select(c => c.ToString()));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.AreEqual(0, code, errors);
        Assert.HasCount(cases.Count, lines, errors);
        return lines;
    }
}
