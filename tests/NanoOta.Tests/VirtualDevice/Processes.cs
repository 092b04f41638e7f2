using System.Diagnostics;

namespace NanoOta.Tests.VirtualDevice;

internal static class Processes
{
    /// <summary>Whether a process has ended; a zombie has.</summary>
    public static bool IsGone(int id)
    {
        if (OperatingSystem.IsLinux())
        {
            var status = $"/proc/{id}/stat";
            try
            {
                var text = File.ReadAllText(status);
                return text[text.LastIndexOf(')') + 2] is 'Z' or 'X';
            }
            catch (IOException)
            {
                return true;
            }
        }

        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    /// <summary>Waits for the end of a process that is not a child; false when it does not come.</summary>
    public static bool WaitUntilGone(int id)
    {
        var patience = Stopwatch.StartNew();
        while (!IsGone(id))
        {
            if (patience.Elapsed > TimeSpan.FromSeconds(90)) return false;
            Thread.Sleep(10);
        }

        return true;
    }
}
