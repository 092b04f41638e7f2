using static NanoOta.UpdateError;

namespace NanoOta.Tests.Http;

/// <summary>
/// What servers, proxies and networks were seen to do, or may do by RFC 9110 and 9112. The device's column names what its HTTP does
/// by its sources where the outcome differs; everything else is decided by the same code on both.
/// </summary>
internal static class Behaviours
{
    private const string Ok = "HTTP/1.1 200 OK", Sized = Ok + "\nContent-Length: {n}", Partial = "HTTP/1.1 206 Partial Content";

    private const string Rest = Partial + "\nContent-Range: bytes {from}-{last}/{n}";

    private const string NoStatusLine = "the status line is no HTTP/1.0 or 1.1: status 0 and no headers, 1015";

    public static Behaviour[] All { get; } = [.. Bodies(), .. Headers(), .. Lengths(), .. Statuses(), .. Parts(), .. Redirects()];

    private static Behaviour[] Bodies() =>
    [
        new("the whole file with its length", None, "", x => x.Whole(Sized)),
        new("the whole file in chunks, for any requested range", None, "",
            x => x.Chunked(Ok + "\nVary: Accept-Encoding")) { Report = "h1" },
        new("chunks that end in the middle", ConnectionLost,
            "an end inside a chunk is treated as that of the file: 1002 of index and image, 2003 of a manifest",
            x => x.Chunked(Ok, 100, "3e8\r\n")) { Report = "h1" },
        new("chunks without the last one", None, "", x => x.Chunked(Ok, end: "")) { OfUpdate = ConnectionLost },
        new("a chunk whose length is no number", ConnectionLost, "", x => x.Chunked(Ok, 0, "xyz\r\n")),
        new("chunks and a wrong length beside them", None, "the length ends the body: 1009, or 1002",
            x => x.Chunked(Ok + "\nContent-Length: 7")),
        new("no length, ended by closing", None, "", x => x.Whole(Ok + "\nConnection: close")),
        new("HTTP/1.0 without a length", None, "", x => x.Whole("HTTP/1.0 200 OK")) { Report = "o9" },
        new("no length, closed too early", ConnectionLost, "", x => x.Part(Ok, count: 100)) { Report = "h5", OfUpdate = ManifestTruncated },
        new("fewer bytes than its length", ConnectionLost, "", x => x.Part(Sized, count: 100)),
        new("more bytes than its length", None, "", async x =>
        {
            await x.Whole(Sized);
            await x.Raw(new string('s', 840));
        }),
        new("reset in the middle of the body", ConnectionLost, "", async x =>
        {
            await x.Part(Sized, count: 100);
            x.Reset();
        }),
        new("silent in the middle of the body", TimedOut, "", async x =>
        {
            await x.Part(Sized, count: 100);
            await x.Never;
        }) { IsSlow = true },
        new("compressed by gzip, with a length", EncodedBody, "", x => x.Whole(Sized + "\nContent-Encoding: gzip")) { Report = "g7, o9" },
        new("compressed by gzip, in chunks", EncodedBody, "", x => x.Chunked(Ok + "\nContent-Encoding: gzip")) { Report = "g7, o9" },
        new("compressed by br", EncodedBody, "", x => x.Whole(Sized + "\ncontent-encoding: BR")),
        new("with Content-Encoding: identity", None, "", x => x.Whole(Sized + "\nContent-Encoding: identity")),
        new("an empty file", WrongLength, "", x => x.Head(Ok + "\nContent-Length: 0\n\n")) { Report = "h3", OfUpdate = ManifestNotSigned },
        new("a page in place of the file", WrongLength, "",
            x => x.Head(Ok + "\nContent-Length: 6\n\n<html>")) { OfUpdate = ManifestNotSigned },
    ];

    private static Behaviour[] Headers() =>
    [
        new("names of headers in small letters", None, "", x => x.Whole("HTTP/1.1 200 OK\ncontent-length:{n}")),
        new("a status without a reason", None, "", x => x.Whole("HTTP/1.1 200\nContent-Length: {n}")),
        new("line feeds alone", None, "the last character of each line is lost: Content-Length 1000 for 10000, 1009",
            async x =>
            {
                await x.Raw($"HTTP/1.1 200 OK\nContent-Length: {x.File.Length}\n\n");
                await x.Bytes(x.File);
            }) { Report = "o9" },
        new("100 Continue before the answer", None, "", x => x.Whole("HTTP/1.1 100 Continue\n\n" + Sized)) { Report = "o9" },
        new("103 Early Hints before the answer", None, "103 is taken for the answer: 1006",
            x => x.Whole("HTTP/1.1 103 Early Hints\nLink: </a>\n\n" + Sized)) { Report = "o9" },
        new("a header line of 5000 characters", None, "lines end at 4000 characters: 1015",
            x => x.Whole(Sized + "\nX-Long: " + new string('x', 5000))) { Report = "o9" },
        new("300 headers", None, "headers end at 4 KB, what is left of them is the body's beginning: 1015",
            x => x.Whole(Sized + string.Concat(Enumerable.Range(0, 300).Select(i => $"\nX-Header-{i}: some value")))) { Report = "o9" },
        new("70,000 characters of headers", AnswerMalformed, "",
            x => x.Whole(Sized + string.Concat(Enumerable.Range(0, 70).Select(i => $"\nX-{i}: {new string('x', 1000)}"))))
        { Report = "o9" },
        new("a header line without a colon", AnswerMalformed, "headers end there, what is left of them is the body's beginning: 1015",
            x => x.Whole(Sized + "\nno colon here\nX-More: y")),
        new("a body that begins with a header line", AnswerMalformed, "",
            x => x.Head(Ok + "\nContent-Length: {n}\n\nX-More: y\n\n")),
        new("a body that begins with the line end behind the headers", AnswerMalformed, "",
            x => x.Head(Ok + "\nContent-Length: {n}\n\n\n")),
        new("HTTP/2 in its first line", AnswerMalformed, NoStatusLine, x => x.Whole("HTTP/2 200\nContent-Length: {n}")) { Report = "o9" },
        new("ICY in its first line", AnswerMalformed, NoStatusLine, x => x.Whole("ICY 200 OK")) { Report = "o9" },
        new("the greeting of a mail server", AnswerMalformed, NoStatusLine, x => x.Head("220 mail.example ESMTP\n")),
        new("a TLS alert", ConnectionLost, NoStatusLine,
            x => x.Bytes([0x15, 3, 3, 0, 2, 2, 70])) { Report = "o9" },
        new("nothing, and closes", ConnectionLost, "", _ => Task.CompletedTask),
        new("a reset at once", ConnectionLost, "", x =>
        {
            x.Reset();
            return Task.CompletedTask;
        }),
        new("nothing, and keeps the connection", TimedOut, "", x => x.Never) { IsSlow = true },
        new("silent in the middle of the headers", TimedOut, "", async x =>
        {
            await x.Head(Sized);
            await x.Never;
        }) { IsSlow = true },
        new("headers one byte at a time", TimedOut, "", x => x.Slowly(Sized + new string('x', 100))) { Report = "g3, o8", IsSlow = true },
    ];

    private static Behaviour[] Lengths() =>
    [
        new("a length of 2^32 + n", FileTooLong, "", x => x.Whole($"{Ok}\nContent-Length: {4294967296 + x.File.Length}")) { Report = "g6" },
        new("a length of 2^31", FileTooLong, "", x => x.Whole(Ok + "\nContent-Length: 2147483648")),
        new("a length of 21 digits", FileTooLong, "", x => x.Whole(Ok + "\nContent-Length: 100000000000000000000")),
        new("another length", WrongLength, "", x => x.Whole(Ok + "\nContent-Length: 5")) { OfUpdate = ManifestTruncated },
        new("a length that is no number", AnswerMalformed, "", x => x.Whole(Ok + "\nContent-Length: many")),
        new("a negative length", AnswerMalformed, "", x => x.Whole(Ok + "\nContent-Length: -5")),
        new("a length twice in one header", AnswerMalformed, "", x => x.Whole(Ok + "\nContent-Length: {n}, {n}")),
        new("two lengths that differ", AnswerMalformed, "", x => x.Whole(Ok + "\nContent-Length: 5\nContent-Length: {n}")),
    ];

    private static Behaviour Status(string status, UpdateError expected, int wait = 0, string headers = "", string report = "") =>
        new($"{status}{headers.Replace('\n', ' ')}", expected, "", x => x.Head($"HTTP/1.1 {status}{headers}\nContent-Length: 0\n\n"))
        {
            Wait = wait,
            Report = report,
        };

    private static Behaviour[] Statuses() =>
    [
        Status("204 No Content", UnexpectedStatus), Status("205 Reset Content", UnexpectedStatus),
        Status("400 Bad Request", UnexpectedStatus),
        Status("407 Proxy Authentication Required", UnexpectedStatus), Status("451 Unavailable For Legal Reasons", UnexpectedStatus),
        Status("401 Unauthorized", NotAuthorized), Status("403 Forbidden", NotAuthorized),
        Status("403 Forbidden", NotAuthorized, 0, "\nx-ratelimit-remaining: 17"),
        Status("403 Forbidden", ServerFailed, 3600, "\nRetry-After: 3600", "h17, g4"),
        Status("403 Forbidden", ServerFailed, 600,
            "\nDate: Mon, 23 Nov 2026 15:00:00 GMT\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1795446600", "h17, g4"),
        Status("429 Too Many Requests", ServerFailed, 60, "\nx-ratelimit-remaining: 0"), Status("429 Too Many Requests", ServerFailed),
        Status("404 Not Found", FileNotFound), Status("410 Gone", FileNotFound), Status("416 Range Not Satisfiable", RangeRefused),
        Status("408 Request Timeout", ServerFailed, report: "h17, g5"), Status("421 Misdirected Request", ServerFailed, report: "h17, g5"),
        Status("425 Too Early", ServerFailed, report: "h17, g5"),
        Status("500 Internal Server Error", ServerFailed), Status("502 Bad Gateway", ServerFailed),
        Status("504 Gateway Timeout", ServerFailed),
        Status("503 Service Unavailable", ServerFailed, 120, "\nRetry-After: 120"),
        Status("503 Service Unavailable", ServerFailed, 630,
            "\nDate: Mon, 23 Nov 2026 15:00:00 GMT\nRetry-After: Mon, 23 Nov 2026 15:10:30 GMT"),
    ];

    // A request without a range is answered as it should be, so that what a part is worth can be seen.
    private static Behaviour Part(string name, UpdateError expected, Func<Exchange, Task> answer) =>
        new("of a range: " + name, expected, "", x => x.IsRanged ? answer(x) : x.Honest()) { Offset = 5000 };

    private static Behaviour[] Parts() =>
    [
        Part("what was asked for", None, x => x.Part(Rest)),
        Part("the unit in capitals", None, x => x.Part(Partial + "\nContent-Range: Bytes {from}-{last}/{n}")) with { Report = "h7, g1" },
        Part("two blanks, and one behind", None,
            x => x.Part(Partial + "\nContent-Range: bytes  {from}-{last}/{n} ")) with { Report = "h7" },
        Part("a total that is not known", None, x => x.Part(Partial + "\nContent-Range: bytes {from}-{last}/*")),
        Part("from an earlier byte", None,
            x => x.Part($"{Partial}\nContent-Range: bytes {x.From - 904}-{{last}}/{{n}}", before: 904)) with { Report = "h6, g2" },
        Part("the whole file as a part", None,
            x => x.Part(Partial + "\nContent-Range: bytes 0-{last}/{n}", before: int.MaxValue)) with { Report = "h9, g2" },
        Part("the whole file", None, x => x.Whole(Sized)) with { Report = "h11" },
        Part("more bytes than the part has", ConnectionLost, async x =>
        {
            int count = Math.Min(1000, x.File.Length - x.From);
            var range = $"{{from}}-{x.From + count - 1}/{{n}}";
            await x.Part($"{Partial}\nContent-Length: {count + 840}\nContent-Range: bytes {range}", count: count);
            await x.Raw(new string('s', 840));
        }) with { OfUpdate = None },
        Part("1000 bytes each time", ConnectionLost,
            x => x.Part($"{Partial}\nContent-Range: bytes {{from}}-{Math.Min(x.From + 1000, x.File.Length) - 1}/{{n}}", count: 1000)) with
        {
            Report = "h9",
            OfUpdate = None,
        },
        Part("no word which part it is", None, x => x.Part(Partial)) with { Report = "h8, g2" },
        Part("a part of its own kind", None,
            x => x.Part(Partial + "\nContent-Type: multipart/byteranges; boundary=b")) with { Report = "h8, g2" },
        Part("a unit that was not requested", None, x => x.Part(Partial + "\nContent-Range: items {from}-{last}/{n}")),
        Part("a part that ends before it begins", None,
            x => x.Part($"{Partial}\nContent-Range: bytes {{from}}-{x.From - 1}/{{n}}")) with { Report = "h7" },
        Part("a part that is behind what was asked for", None, x => x.Part($"{Partial}\nContent-Range: bytes {x.From + 1}-{{last}}/{{n}}")),
        Part("a part that is before what was asked for", None,
            x => x.Part(Partial + "\nContent-Range: bytes 9-12/{n}")) with { Report = "h7" },
        Part("a part of a file of another length", None,
            x => x.Part($"{Partial}\nContent-Range: bytes {{from}}-{{last}}/{x.File.Length + 1}")),
        Part("a part that goes beyond the file", None,
            x => x.Part(Partial + "\nContent-Range: bytes {from}-{n}/{n}")) with { Report = "h9" },
        Part("numbers of more than 31 bits", None, x => x.Part(Partial + "\nContent-Range: bytes 4294972296-4294977295/{n}")),
        Part("compressed by gzip", EncodedBody, x => x.Part(Rest + "\nContent-Encoding: gzip")),
        Part("a length of more than 31 bits", FileTooLong, x => x.Part(Rest + "\nContent-Length: 99999999999")),
        Part("403", NotAuthorized, x => x.Head("HTTP/1.1 403 Forbidden\nContent-Length: 0\n\n")),
        Part("416", RangeRefused, x => x.Head("HTTP/1.1 416 Range Not Satisfiable\nContent-Length: 0\n\n")),
        new("a part that was not requested, from the beginning", None, "", x => x.Part(Rest)),
        new("a part that was not requested, without its range", UnexpectedStatus, "", x => x.Part(Partial)),
    ];

    private static Behaviour Moved(string name, UpdateError expected, Func<Exchange, Task> answer) =>
        new("a redirect " + name, expected, "", x => x.Hop == 0 ? answer(x) : x.Honest());

    private static Behaviour[] Redirects() =>
    [
        Moved("by 301", None, x => x.Redirect("301 Moved Permanently", x.Path + "?hop=1")),
        Moved("by 302", None, x => x.Redirect("302 Found", x.Path + "?hop=1")) with { Report = "h15" },
        Moved("by 303", None, x => x.Redirect("303 See Other", x.Path + "?hop=1")),
        Moved("by 307", None, x => x.Redirect("307 Temporary Redirect", x.Path + "?hop=1")),
        Moved("by 308", None, x => x.Redirect("308 Permanent Redirect", "?hop=1")),
        Moved("by 302, of the rest of a file", None, x => x.Redirect("302 Found", x.Path + "?hop=1")) with { Offset = 5000 },
        new("four redirects", None, "", x => x.Hop < 4 ? x.Redirect("302 Found", $"{x.Path}?hop={x.Hop + 1}") : x.Honest()),
        new("five redirects", Redirected, "", x => x.Hop < 5 ? x.Redirect("302 Found", $"{x.Path}?hop={x.Hop + 1}") : x.Honest()),
        new("a redirect to itself", Redirected, "", x => x.Redirect("302 Found", x.Path)),
        Moved("without an address", Redirected, x => x.Head("HTTP/1.1 302 Found\nContent-Length: 0\n\n")),
        Moved("to ftp", Redirected, x => x.Redirect("302 Found", "ftp://127.0.0.1/x")),
        Moved("to an address with a blank", FileNotFound,
            x => x.Redirect("302 Found", "/a b?hop=1")) with { OnDevice = "blanks are not escaped: 1007" },
        Moved("by 300", Redirected, x => x.Redirect("300 Multiple Choices", x.Path + "?hop=1")),
        Moved("by 304", Redirected, x => x.Head("HTTP/1.1 304 Not Modified\n\n")),
        Moved("to a closed port", ConnectionRefused, x => x.Redirect("302 Found", "http://127.0.0.1:9/x")),
    ];
}
