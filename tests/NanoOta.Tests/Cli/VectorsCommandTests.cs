using System.Text.Json.Nodes;
using NanoOta.Cli;
using NanoOta.Tests.Releases;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Cli;

[TestClass]
public sealed class VectorsCommandTests
{
    private const string Erased = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

    // A blank board without factory boots ota_0 and records it.
    private const string Example = $$"""
        {
          "count": 1,
          "vectors": [{
            "id": "blank", "group": "select",
            "config": { "variant": "rollback", "slots": 2, "factory": false, "test": false, "otadata_partition": true,
              "efuse_secure_version": 0 },
            "images": { "ota_0": ["valid", 0], "ota_1": ["empty", 0] },
            "otadata": ["{{Erased}}", "{{Erased}}"],
            "running": null,
            "steps": [
              { "op": "boot", "expect": { "result": "booted", "partition": "ota_0",
                "otadata": ["01000000ffffffffffffffffffffffffffffffffffffffff020000009a984347", "{{Erased}}"],
                "ops": [["erase", 0, 4096, 4096], ["write", 0, 32, 32]], "efuse_secure_version": 0 } },
              { "op": "get_boot", "expect": { "result": "ok", "value": "ota_0",
                "otadata": ["01000000ffffffffffffffffffffffffffffffffffffffff020000009a984347", "{{Erased}}"],
                "ops": [], "efuse_secure_version": 0 } }
            ]
          }]
        }
        """;

    [TestMethod]
    public void All_recorded_vectors_pass_and_none_is_skipped()
    {
        var run = NanoOtaTool.Run("vectors", SharedFile.Find("vectors", "esp-idf-boot.json"));
        Assert.AreEqual(ExitCode.Success, run.ExitCode, run.Output + run.Error);
        StringAssert.EndsWith(run.Output.TrimEnd(), " passed, 0 failed, 0 skipped");
    }

    [TestMethod]
    public void A_result_is_printed_and_written_as_json()
    {
        using var folder = new TemporaryFolder();
        folder.Write("v.json", Example);
        var run = NanoOtaTool.Run("vectors", folder.File("v.json"), "--json", folder.File("out.json"));
        Assert.AreEqual(ExitCode.Success, run.ExitCode, run.Error);
        Assert.AreEqual("1 passed, 0 failed, 0 skipped", run.Output.TrimEnd());
        var result = JsonNode.Parse(File.ReadAllText(folder.File("out.json")))!;
        Assert.AreEqual(1, (int)result["passed"]!);
        Assert.AreEqual(0, (int)result["failed"]!);
        Assert.AreEqual(0, (int)result["skipped"]!);
    }

    [TestMethod]
    [DataRow("\"partition\": \"ota_0\"", "\"partition\": \"ota_1\"", "blank: step 0, boot: partition is ota_0, expected ota_1")]
    [DataRow("020000009a984347", "000000009a984347", "blank: step 0, boot: otadata is ")]
    [DataRow("[\"write\", 0, 32, 32]", "[\"write\", 1, 32, 32]", "blank: step 0, boot: ops is erase 0 4096 4096, write 0 32 32, expected")]
    [DataRow("\"value\": \"ota_0\"", "\"value\": null", "blank: step 1, get_boot: value is \"ota_0\", expected null")]
    public void A_difference_fails_and_is_named(string before, string after, string message)
    {
        using var folder = new TemporaryFolder();
        folder.Write("v.json", Example.Replace(before, after));
        var run = NanoOtaTool.Run("vectors", folder.File("v.json"));
        Assert.AreEqual(ExitCode.NotGood, run.ExitCode);
        StringAssert.Contains(run.Output, message);
        StringAssert.EndsWith(run.Output.TrimEnd(), "0 passed, 1 failed, 0 skipped");
    }

    [TestMethod]
    public void A_call_while_nothing_runs_is_expected_to_fail()
    {
        using var folder = new TemporaryFolder();
        folder.Write("v.json", Example.Replace("\"steps\": [",
            "\"steps\": [{ \"op\": \"get_boot\", \"expect\": { \"error\": \"no app is running\" } },"));
        Assert.AreEqual("1 passed, 0 failed, 0 skipped", NanoOtaTool.Run("vectors", folder.File("v.json")).Output.TrimEnd());
        OptionalTools.Here.Require("gcc");
        Assert.AreEqual("1 passed, 0 failed, 0 skipped", NanoOtaTool.Run("vectors", folder.File("v.json"), "--native").Output.TrimEnd());
    }

    [TestMethod]
    [DataRow("\"count\": 1", "\"count\": 2", "count is 2; expected 1")]
    [DataRow("\"id\": \"blank\",", "", "vectors[0].id is missing")]
    [DataRow("\"rollback\"", "\"both\"", "vectors[0].config.variant is \"both\"; expected one of norollback, rollback, antirollback")]
    [DataRow("\"slots\": 2", "\"slots\": 17", "vectors[0].config.slots is 17; expected a whole number from 0 to 16")]
    [DataRow("\"factory\": false", "\"factory\": 0", "vectors[0].config.factory is 0; expected true or false")]
    [DataRow("\"ota_1\": [", "\"ota_7\": [", "vectors[0].images.ota_7 is [\"empty\", 0]; expected a partition of config")]
    [DataRow("[\"empty\", 0]", "[\"odd\", 0]", "vectors[0].images.ota_1[0] is \"odd\"; expected one of valid")]
    [DataRow("\"running\": null", "\"running\": \"factory\"", "vectors[0].running is \"factory\"; expected null or a partition of config")]
    [DataRow("\"op\": \"boot\"", "\"op\": \"boot ota_0\"", "vectors[0].steps[0].op is \"boot ota_0\"; expected one of boot")]
    [DataRow("\"op\": \"get_boot\"", "\"op\": \"ota_write_image ota_1 odd\"", "vectors[0].steps[1].op is ")]
    [DataRow("{ \"op\": \"boot\",", "{ \"op\": \"boot\", \"cut\": { \"op\": 0, \"bytes\": 1 },", "vectors[0].steps[0].cut.op is 0; expected")]
    [DataRow("\"result\": \"booted\"", "\"result\": \"up\"", "vectors[0].steps[0].expect.result is \"up\"; expected one of booted")]
    [DataRow("020000009a984347", "02", "vectors[0].steps[0].expect.otadata[0] is ")]
    [DataRow("\"vectors\": [{", "\"vectors\": [[], {", "vectors[0] is []; expected an object")]
    [DataRow("{\n  \"count\"", "[\n  \"count\"", "not valid JSON")]
    public void Bad_input_is_refused_with_file_and_field(string before, string after, string message)
    {
        using var folder = new TemporaryFolder();
        var text = Example.Replace("\r\n", "\n");
        StringAssert.Contains(text, before);
        folder.Write("v.json", text.Replace(before, after));
        var refusal = NanoOtaTool.Run("vectors", folder.File("v.json")).Refusal;
        StringAssert.Contains(refusal, folder.File("v.json"));
        StringAssert.Contains(refusal, message);
    }

    [TestMethod]
    public void A_missing_file_is_refused() =>
        StringAssert.Contains(NanoOtaTool.Run("vectors", "no-such.json").Refusal, "no-such.json: no such file; give a file of boot vectors");
}
