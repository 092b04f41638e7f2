using NanoOta.Releases;

namespace NanoOta.Tests.Releases;

[TestClass]
public sealed class ReleaseVersionTests
{
    [TestMethod]
    [DataRow("0.0.1", 1L)]
    [DataRow("1.2.3", (1L << 32) + (2L << 16) + 3)]
    [DataRow("1048575.65535.65535", (1L << 52) - 1)]
    public void A_version_gives_its_sequence_number(string version, long expected)
    {
        Assert.AreEqual(expected, ReleaseVersion.Sequence(version, null));
    }

    [TestMethod]
    public void Versions_are_ordered_by_their_numbers_and_not_as_texts()
    {
        string[] ascending = ["1.6.0", "1.9.9999", "1.10.0", "1.11.0", "1.100.0", "2.0.0", "10.0.0", "65536.0.0"];
        var sequences = ascending.Select(version => ReleaseVersion.Sequence(version, null)).ToList();

        CollectionAssert.AreEqual(sequences.Order().ToList(), sequences);
        Assert.HasCount(ascending.Length, sequences.Distinct().ToList());
    }

    [TestMethod]
    public void An_explicit_number_wins()
    {
        Assert.AreEqual(7, ReleaseVersion.Sequence("1.2.3-rc.1", 7));
        Assert.AreEqual(ReleaseVersion.MaxSequence, ReleaseVersion.Sequence("1.0.0", ReleaseVersion.MaxSequence));
    }

    [TestMethod]
    [DataRow("1.2.3-alpha.2", "devices compare only the sequence number")]
    [DataRow("1.2.3-alpha.10", "devices compare only the sequence number")]
    [DataRow("1.0.0-rc.1", "devices compare only the sequence number")]
    [DataRow("1.2.3+build.5", "build metadata")]
    [DataRow("0.0.0", "sequence number 0")]
    [DataRow("1048576.0.0", "too large")]
    [DataRow("1.65536.0", "too large")]
    [DataRow("1.0.65536", "too large")]
    [DataRow("99999999999999999999.0.0", "too large")]
    public void A_version_without_a_number_needs_an_explicit_one(string version, string expected)
    {
        var message = TestInput.Refusal(() => ReleaseVersion.Sequence(version, null));
        StringAssert.Contains(message, expected);
        StringAssert.Contains(message, "--sequence");
    }

    [TestMethod]
    [DataRow(0L)]
    [DataRow(-1L)]
    [DataRow(1L << 53)]
    public void A_number_out_of_range_is_refused(long sequence)
    {
        StringAssert.Contains(TestInput.Refusal(() => ReleaseVersion.Sequence("1.0.0", sequence)), "out of range");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("1")]
    [DataRow("1.2")]
    [DataRow("1.2.3.4")]
    [DataRow("v1.2.3")]
    [DataRow("01.2.3")]
    [DataRow("1.2.3-")]
    [DataRow("1.2.3-01")]
    [DataRow("1.2.3+ä")]
    [DataRow("1.2.3\n")]
    [DataRow("1.2.3 ")]
    [DataRow(" 1.2.3")]
    [DataRow("1.2.٣")]
    public void Text_that_is_not_a_semantic_version_is_refused(string version)
    {
        StringAssert.Contains(TestInput.Refusal(() => ReleaseVersion.Check(version)), "not a Semantic Version");
    }

    [TestMethod]
    public void A_version_has_at_most_32_characters()
    {
        ReleaseVersion.Check("1.0.0-" + new string('a', 26));
        StringAssert.Contains(TestInput.Refusal(() => ReleaseVersion.Check("1.0.0-" + new string('a', 27))), "more than 32");
    }
}
