using System.CommandLine;
using NanoOta.Releases;

namespace NanoOta.Cli.Fleet;

/// <summary><c>nano-ota watch</c>: shows the state of the devices of a broker.</summary>
internal sealed class WatchCommand
{
    private readonly BrokerOptions broker = new();

    private readonly Option<string?> product = CommonOptions.Of<string?>("--product", "NAME",
        "Only devices of this product [default: all]");

    private readonly Option<string?> until = CommonOptions.Of<string?>("--until", "STATE",
        "State that ends the watch: confirmed:VERSION on the number of devices in --devices");

    private readonly Option<int> devices = CommonOptions.WithDefault<int>("--devices", "NUMBER", 1,
        "Devices that must reach the state of --until");

    private readonly Option<double?> timeout = CommonOptions.Of<double?>("--timeout", "SECONDS", "End after this time, with exit code 3");

    private readonly Option<bool> json = new("--json") { Description = "Print the messages of devices as JSON objects, one per line" };

    public static Command Create()
    {
        var options = new WatchCommand();
        var command = new ExampleCommand("watch",
            "Watch the devices of a broker: a live table on a terminal, lines elsewhere. Ends with Ctrl-C or the state of --until.",
            "nano-ota watch --broker mqtt://127.0.0.1",
            "nano-ota watch --broker mqtts://operator:SECRET@broker.example --ca authority.pem --product lamp",
            "nano-ota watch --broker mqtt://127.0.0.1 --until confirmed:1.1.0 --devices 200 --timeout 600",
            "nano-ota watch --broker mqtt://127.0.0.1 --json >> fleet.jsonl");
        options.broker.AddTo(command);
        foreach (var option in new Option[] { options.product, options.until, options.devices, options.timeout, options.json })
            command.Add(option);
        command.SetInterruptibleAction(options.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken stop)
    {
        var address = broker.Read(result);
        var goal = result.GetValue(until) is { } text ? FleetGoal.Parse(text, result.GetValue(devices)) : null;
        var limit = CommonOptions.Time(timeout.Name, result.GetValue(timeout));
        var name = result.GetValue(product) is { } given ? RemoteInput.Level(product.Name, given) : null;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (limit is { } time) end.CancelAfter(time);
        try
        {
            await new FleetWatch(address, name, View(result), goal).RunAsync(end.Token);
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return ExitCode.TimedOut;
        }
    }

    private IFleetView View(ParseResult result)
    {
        var output = result.InvocationConfiguration.Output;
        if (result.GetValue(json)) return new FleetJson(output);
        var console = Report.Console(output);
        bool isScreen = console.Profile.Out.IsTerminal && console.Profile.Capabilities.Interactive;
        return isScreen ? new FleetTable(console) : new FleetLines(output);
    }
}
