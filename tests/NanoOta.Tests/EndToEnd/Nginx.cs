using System.Diagnostics;
using NanoOta.Tests.Releases;
using NanoOta.Tests.Support;

namespace NanoOta.Tests.EndToEnd;

/// <summary>A real nginx that serves a folder on a loopback port.</summary>
internal sealed class Nginx : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string program;
    private readonly string scheme;
    private readonly int port;
    private Process? process;

    /// <summary>Starts nginx; the running test ends here where there is none.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="settings">Further directives of the server.</param>
    /// <param name="listen">The text after the port in its listen directive, such as <c>ssl</c>.</param>
    /// <param name="around">Directives around the server.</param>
    public Nginx(string root, string settings = "", string listen = "", string around = "")
    {
        scheme = listen == "ssl" ? "https" : "http";
        program = OptionalTools.Here.Find("nginx");
        port = LoopbackServer.FreePort();

        folder.Write("nginx.conf", $$"""
            daemon off;
            master_process off;
            pid {{folder.Path}}/nginx.pid;
            error_log {{folder.Path}}/error.log;
            events { }
            http {
                access_log off;
                {{around}}
                client_body_temp_path {{folder.Path}};
                proxy_temp_path {{folder.Path}};
                fastcgi_temp_path {{folder.Path}};
                uwsgi_temp_path {{folder.Path}};
                scgi_temp_path {{folder.Path}};
                server {
                    listen 127.0.0.1:{{port}} {{listen}};
                    root {{root}};
                    {{settings}}
                }
            }
            """);
        Start();
    }

    public string Address => $"{scheme}://127.0.0.1:{port}/";

    private string Log => File.Exists(folder.File("error.log")) ? File.ReadAllText(folder.File("error.log")) : "";

    public void Start()
    {
        process = Process.Start(program, ["-p", folder.Path, "-c", folder.File("nginx.conf"), "-e", folder.File("error.log")]);
        LoopbackServer.AwaitListening(process, port, () => Log);
    }

    public void Kill()
    {
        process!.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        process!.Dispose();
        folder.Dispose();
    }
}
