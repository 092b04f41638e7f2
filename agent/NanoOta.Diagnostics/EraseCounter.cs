namespace NanoOta
{
    /// <summary>The agent's flash, which counts how often sectors of the slots are erased.</summary>
    internal sealed class EraseCounter : IFlash
    {
        private readonly IFlash flash;
        private readonly IBootControl boot;
        private readonly HistoryTotals totals;

        public EraseCounter(IFlash flash, IBootControl boot, HistoryTotals totals)
        {
            this.flash = flash;
            this.boot = boot;
            this.totals = totals;
        }

        public int GetSize(FlashArea area) => flash.GetSize(area);

        public bool Read(FlashArea area, int offset, byte[] buffer, int start, int count) => flash.Read(area, offset, buffer, start, count);

        public bool Erase(FlashArea area, int offset)
        {
            bool isDone = flash.Erase(area, offset);
            if (!isDone || area != FlashArea.InactiveSlot) return isDone;
            if (boot.RunningSlot == 0) totals.Slot1Erases++;
            else totals.Slot0Erases++;
            return true;
        }

        public bool Write(FlashArea area, int offset, byte[] buffer, int start, int count) =>
            flash.Write(area, offset, buffer, start, count);
    }
}
