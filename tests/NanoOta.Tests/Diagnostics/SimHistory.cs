using NanoOta.Tests.Simulation;
using NanoOta.VirtualDevice;

namespace NanoOta.Tests.Diagnostics;

/// <summary>The history and the report of a simulated device, made anew at each boot.</summary>
internal sealed class SimHistory
{
    private readonly byte[] buffer = new byte[SupportReport.MaxLength];

    public SimHistory(SimDevice device)
    {
        var before = device.Break;
        device.Break = ports =>
        {
            before(ports);
            History = new History(ports);
            Ports = ports;
            MakeReport(new UpdateOptions());
        };
        // The last to change the options, which the report reads too.
        var configure = device.Configure;
        device.Configure = options =>
        {
            configure(options);
            MakeReport(options);
        };
        device.BetweenSteps = agent =>
        {
            OnRound(agent);
            return History.Round(agent);
        };
    }

    public History History { get; private set; } = null!;

    public SupportReport Report { get; private set; } = null!;

    public ReportRequest Request { get; } = new();

    public UpdatePorts Ports { get; private set; } = null!;

    public Action<UpdateAgent> OnRound { get; set; } = _ => { };

    /// <summary>Kind, version and code of each record, the oldest first.</summary>
    public List<string> Lines
    {
        get
        {
            var lines = new List<string>();
            var record = new HistoryRecord();
            for (int i = 0; i < History.Count; i++)
            {
                Assert.IsTrue(History.Read(i, record));
                string kind = record.Kind == HistoryRecord.Start
                    ? $"start after {(ResetReason)record.ResetReason}" : UpdateEvents.Name((UpdateEventKind)record.Kind);
                lines.Add($"{kind} {record.Version} #{record.Sequence} in {record.Slot}"
                    + (record.Code == UpdateError.None ? "" : $": {(int)record.Code}"));
            }

            return lines;
        }
    }

    public byte[] Write(UpdateAgent agent) => buffer[..Report.Write(agent, Request, buffer)];

    private void MakeReport(UpdateOptions options) => Report = new SupportReport(Ports, options, History);
}
