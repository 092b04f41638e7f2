namespace NanoOta
{
    /// <summary>Activates only in the maintenance window, if there is one.</summary>
    internal sealed class WindowCheck : IPreflightCheck
    {
        // With a window, a reset at another time is worse than a late update. So an unknown time keeps it closed.
        public PreflightAnswer Check(PreflightRequest request)
        {
            MaintenanceWindow window = request.Options.Window;
            if (request.Step != UpdateStep.Activate || window == null) return PreflightAnswer.GoOn;
            long now = request.Ports.Clock.UnixSeconds;
            if (now == 0) return request.Wait(UpdateError.ClockNotSet, "");
            return window.IsOpen(now) ? PreflightAnswer.GoOn : request.Wait(UpdateError.OutsideWindow, "");
        }
    }
}
