namespace NanoOta.Tests.Errors;

/// <summary>Every number of <see cref="UpdateError"/> comes out of the product's own code, in a scenario of its own.</summary>
[TestClass]
public sealed class EveryErrorTests
{
    private static readonly Dictionary<UpdateError, Func<UpdateError>> Scenarios = new(
    [
        .. NetworkErrors.Scenarios, .. ManifestErrors.Scenarios, .. OfferErrors.Scenarios, .. ImageErrors.Scenarios,
        .. TrialErrors.Scenarios, .. MqttErrors.Scenarios,
    ]);

    public static IEnumerable<object[]> Numbers =>
        Enum.GetValues<UpdateError>().Except([UpdateError.None]).Select(error => new object[] { (int)error, $"{error}" });

    [TestMethod]
    [DynamicData(nameof(Numbers))]
    public void Every_error_number_is_produced_by_its_scenario(int number, string name)
    {
        Assert.IsTrue(Scenarios.TryGetValue((UpdateError)number, out var scenario), $"{number} {name} has no scenario that reaches it");
        Assert.AreEqual((UpdateError)number, scenario());
    }
}
