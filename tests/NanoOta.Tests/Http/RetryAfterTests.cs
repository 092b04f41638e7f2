using System.Globalization;

namespace NanoOta.Tests.Http;

[TestClass]
public sealed class RetryAfterTests
{
    private const string Now = "Mon, 23 Nov 2026 15:00:00 GMT";

    [TestMethod]
    [DataRow("120", 120)]
    [DataRow("0", 0)]
    [DataRow("-5", 0)]
    [DataRow("99999999", 86400)]
    [DataRow("99999999999999999999", 86400)]
    [DataRow("+5", 0)]
    [DataRow("Mon, 23 Nov 2026 15:10:30 GMT", 630)]
    [DataRow("Mon, 23 Nov 2026 14:00:00 GMT", 0)]
    [DataRow("Tue, 24 Nov 2026 01:00:00 GMT", 36000)]
    [DataRow("soon", 0)]
    [DataRow("Mon, 23 Foo 2026 15:10:30 GMT", 0)]
    [DataRow("Mon, 23 anF 2026 15:10:30 GMT", 0)]
    [DataRow("Mon, 2x Nov 2026 15:10:30 GMT", 0)]
    [DataRow("Mon, 23 Nov 2026 15:10:30 CET", 0)]
    [DataRow("", 0)]
    public void Retry_After_is_parsed_as_seconds_or_date_and_ignored_if_invalid(string header, int expected)
    {
        Assert.AreEqual(expected, RetryAfter.Seconds(header, Now));
    }

    [TestMethod]
    public void Without_a_header_or_a_server_date_there_is_no_wait()
    {
        Assert.AreEqual(0, RetryAfter.Seconds(null!, Now));
        Assert.AreEqual(0, RetryAfter.Seconds("Mon, 23 Nov 2026 15:10:30 GMT", null!));
    }

    [TestMethod]
    public void Every_day_of_eighty_years_follows_the_one_before()
    {
        var day = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (; day.Year < 2050; day = day.AddDays(1))
        {
            var text = day.ToString("R", CultureInfo.InvariantCulture);
            var next = day.AddHours(23.5).ToString("R", CultureInfo.InvariantCulture);
            Assert.AreEqual(84_600, RetryAfter.Seconds(next, text), text);
            Assert.AreEqual(86_400, RetryAfter.Seconds(day.AddDays(1).ToString("R", CultureInfo.InvariantCulture), text), text);
        }
    }
}
