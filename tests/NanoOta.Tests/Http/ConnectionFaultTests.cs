using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.Http;

/// <summary>Why no answer came has a number of its own, which leads to the name, port, certificate, memory or network.</summary>
[TestClass]
public sealed class ConnectionFaultTests
{
    private const string Closed = "http://127.0.0.1:9/", NoRoute = "http://255.255.255.255/";

    private static UpdateError Open(string address, string? authorities = null)
    {
        var source = new HttpReleaseSource(20_000) { CaCertificate = authorities };
        var error = source.Open(address, 0, -1);
        source.Close();
        return error;
    }

    [TestMethod]
    [DataRow("http://no-such-host.invalid/", UpdateError.NameNotFound)]
    [DataRow("https://no-such-host.invalid/", UpdateError.NameNotFound)]
    [DataRow(Closed, UpdateError.ConnectionRefused)]
    [DataRow("https://127.0.0.1:9/", UpdateError.ConnectionRefused)]
    [DataRow(NoRoute, UpdateError.Unreachable)]
    [DataRow("http://127.0.0.1:99999/", UpdateError.BadAddress)]
    [DataRow("http://", UpdateError.BadAddress)]
    public void A_wrong_name_port_and_network_have_different_error_numbers(string address, UpdateError expected) =>
        Assert.AreEqual(expected, Open(address));

    [TestMethod]
    public void A_certificate_is_refused_with_the_reason()
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority("other authority");
        AssertRefused(UpdateError.None, authority, authority.Server());
        AssertRefused(UpdateError.CertificateUnknown, other, authority.Server());
        AssertRefused(UpdateError.CertificateExpired, authority, authority.Server(validDays: -1));
        AssertRefused(UpdateError.CertificateOfOther, authority, authority.Server("127.0.0.2"));
        AssertRefused(UpdateError.CertificateUnknown, other, authority.Server("127.0.0.2", validDays: -1));
    }

    [TestMethod]
    public void Without_pinned_authorities_the_store_s_verdict_is_reported_too()
    {
        using var authority = new TestAuthority();
        using var server = new TlsServer(authority.Server());
        Assert.AreEqual(UpdateError.CertificateUnknown, Open(server.Address));
        Assert.IsEmpty(server.Requests);
    }

    [TestMethod]
    public void A_failed_TLS_handshake_has_its_own_error_number()
    {
        using var authority = new TestAuthority();
        using var newer = new TlsServer(authority.Server(), protocols: SslProtocols.Tls13);
        Assert.AreEqual(UpdateError.TlsFailed, Open(newer.Address, authority.Pem));

        using var plain = new TcpListener(IPAddress.Loopback, 0);
        plain.Start();
        _ = plain.AcceptSocketAsync().ContinueWith(s => s.Result.Send("HTTP/1.1 400 Bad Request\r\n\r\n"u8), TaskScheduler.Default);
        Assert.AreEqual(UpdateError.TlsFailed, Open($"https://{plain.LocalEndpoint}/", authority.Pem));
    }

    [TestMethod]
    public void Out_of_memory_while_a_file_is_opened_is_reported_as_such()
    {
        Throwing.Register("http://memory.test/", () => new OutOfMemoryException());
        Throwing.Register("http://inner.test/", () => new WebException("wrapped", new IOException("wrapped", new OutOfMemoryException())));
        Assert.AreEqual(UpdateError.MemoryLow, Open("http://memory.test/"));
        Assert.AreEqual(UpdateError.MemoryLow, Open("http://inner.test/"));
    }

    [TestMethod]
    [DataRow(SocketError.TimedOut, UpdateError.TimedOut)]
    [DataRow(SocketError.ConnectionReset, UpdateError.ConnectionLost)]
    [DataRow(SocketError.NetworkUnreachable, UpdateError.Unreachable)]
    public void A_socket_error_number_is_found_at_any_depth(SocketError number, UpdateError expected)
    {
        var address = $"http://socket-{(int)number}.test/";
        Throwing.Register(address, () => new WebException("GetResponse() failed", new SocketException((int)number)));
        Assert.AreEqual(expected, Open(address));
    }

    [TestMethod]
    public void Without_memory_for_TLS_no_https_connection_is_tried()
    {
        var heap = new Simulation.Heap { Free = 60_000, LargestBlock = 16_999 };
        var source = new HttpReleaseSource { Memory = heap };
        Assert.AreEqual(UpdateError.MemoryLow, source.Open("https://127.0.0.1:1/", 0, -1));
        Assert.AreEqual(1, heap.Releases);
        Assert.AreEqual(UpdateError.ConnectionRefused, source.Open("http://127.0.0.1:1/", 0, -1));
        heap.Gives = 45_000;
        Assert.AreEqual(UpdateError.ConnectionRefused, source.Open("https://127.0.0.1:1/", 0, -1));
    }

    [TestMethod]
    [DataRow("http://a/", true)]
    [DataRow("https://a/", true)]
    [DataRow("HTTPS://a/", false)]
    [DataRow("ftp://a/", false)]
    [DataRow("", false)]
    public void Http_and_https_can_be_opened(string address, bool expected) =>
        Assert.AreEqual(expected, new HttpReleaseSource().CanOpen(address));

    [TestMethod]
    [DoNotParallelize]
    public void An_unknown_fault_is_unreachable_and_its_type_is_printed_once()
    {
        var fault = new Exception("outer", new InvalidCastException());
        Throwing.Register("http://unknown.test/", () => fault);
        var source = new HttpReleaseSource();
        var before = Console.Out;
        using var output = new StringWriter();
        try
        {
            Console.SetOut(output);
            for (int i = 0; i < 3; i++) Assert.AreEqual(UpdateError.Unreachable, source.Open("http://unknown.test/", 0, -1));
            fault = new Exception("outer", new NotSupportedException());
            Assert.AreEqual(UpdateError.Unreachable, source.Open("http://unknown.test/", 0, -1));
        }
        finally
        {
            Console.SetOut(before);
        }

        string[] lines = [.. output.ToString().Split('\n').Where(l => l.StartsWith("http: "))];
        CollectionAssert.AreEqual(new[] { "http: System.InvalidCastException", "http: System.NotSupportedException" }, lines);
    }

    private static void AssertRefused(UpdateError expected, TestAuthority trusted, (string Chain, string Key) server)
    {
        using var https = new TlsServer(server);
        Assert.AreEqual(expected, Open(https.Address + "file", trusted.Pem));
        Assert.HasCount(expected == UpdateError.None ? 1 : 0, https.Requests);
    }

    private sealed class Throwing(Func<Exception> fault) : IWebRequestCreate
    {
        public static void Register(string prefix, Func<Exception> fault) => WebRequest.RegisterPrefix(prefix, new Throwing(fault));

        public WebRequest Create(Uri uri) => throw fault();
    }
}
