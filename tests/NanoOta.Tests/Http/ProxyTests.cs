using System.Net;

namespace NanoOta.Tests.Http;

/// <summary>A chip has no proxy; the host of a virtual device may have one.</summary>
[TestClass]
[DoNotParallelize]
public sealed class ProxyTests
{
    [TestMethod]
    public void The_hosts_proxy_gets_no_request_and_no_credential_of_a_device()
    {
        using var proxy = new FaultyServer([]);
        using var server = new FaultyServer(new() { ["file"] = [1, 2, 3] });
#pragma warning disable SYSLIB0014 // what the device's HTTP is on .NET
        var before = WebRequest.DefaultWebProxy;
        WebRequest.DefaultWebProxy = new WebProxy(proxy.Address);
        try
        {
            var source = new HttpReleaseSource { Credential = new HttpCredential(server.Address, "Authorization", "secret") };
            Assert.AreEqual(UpdateError.None, source.Open(server.Address + "file", 0, 3));
            source.Close();
        }
        finally
        {
            WebRequest.DefaultWebProxy = before;
        }
#pragma warning restore SYSLIB0014

        Assert.AreEqual((0, 1), (proxy.Requests, server.Requests));
    }
}
