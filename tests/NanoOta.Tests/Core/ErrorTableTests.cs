using System.Text;
using NanoOta.Releases;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Core;

/// <summary>The one table of errors, and the page that people read.</summary>
[TestClass]
public sealed class ErrorTableTests
{
    private static readonly (int First, string Title)[] Groups =
    [
        (1000, "Network and server"), (2000, "Manifest"), (3000, "Signature"), (4000, "Not for this device, or not now"),
        (5000, "Image and flash"), (6000, "Trial"), (7000, "Records"), (8000, "Commands and broker"),
    ];

    [TestMethod]
    public void Every_error_has_a_text_and_a_remedy_and_no_two_have_the_same_text()
    {
        var errors = Enum.GetValues<UpdateError>();
        foreach (var error in errors) Assert.AreNotEqual(UpdateErrors.Text((UpdateError)(-1)), UpdateErrors.Text(error), $"{error}");

        // The default remedy is the one for invalid manifests.
        foreach (var error in errors.Where(e => (int)e / 1000 != 2))
            Assert.AreNotEqual(Remedies.Of((UpdateError)(-1)), Remedies.Of(error), $"{error}");

        Assert.HasCount(errors.Length, errors.Select(UpdateErrors.Text).Distinct().ToList());
    }

    [TestMethod]
    public void The_error_page_matches_the_error_table()
    {
        var expected = Page();
        var file = Repository.At("docs", "ERRORS.md");
        if (File.Exists(file) && File.ReadAllText(file) == expected) return;
        var fresh = Path.Combine(Path.GetTempPath(), "ERRORS.md");
        File.WriteAllText(fresh, expected);
        Assert.Fail($"docs/ERRORS.md differs from the table; a correct one is in {fresh}");
    }

    private static string Page()
    {
        var page = new StringBuilder("""
            # Errors

            Every refusal, delay, failure and rollback has one of these numbers: in the events of a device, in its journal and in
            its boot record. Numbers never change their meaning.

            """.ReplaceLineEndings("\n"));
        foreach (var (first, title) in Groups)
        {
            page.Append($"\n## {title}\n\n| number | name | what happened | what to do |\n|---|---|---|---|\n");
            foreach (var error in Enum.GetValues<UpdateError>().Where(e => (int)e / 1000 == first / 1000 && e != UpdateError.None))
                page.Append($"| {(int)error} | {error} | {UpdateErrors.Text(error)} | {Remedies.Of(error)} |\n");
        }

        return page.ToString();
    }
}
