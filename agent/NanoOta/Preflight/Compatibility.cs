namespace NanoOta
{
    /// <summary>Whether a release was made for a device like this one, beyond product and board.</summary>
    internal static class Compatibility
    {
        /// <summary>None when it was, as far as both say.</summary>
        public static UpdateError Check(UpdateContext context)
        {
            Manifest offer = context.Offer;
            if (offer.RuntimeMismatch != null) return UpdateError.WrongRuntime;
            if (offer.AgentLevel > UpdateAgent.Level) return UpdateError.AgentTooOld;
            int slot = context.Ports.Flash.GetSize(FlashArea.InactiveSlot);
            if (offer.ImageSize > slot) return UpdateError.ImageTooBig;
            if (SlotDescriptor.Length + BlockIndex.FileLength(offer.ImageSize) > context.Ports.Flash.GetSize(FlashArea.InactiveIndex))
                return UpdateError.IndexTooBig;
            return offer.SlotSize == 0 || offer.SlotSize == slot ? UpdateError.None : UpdateError.WrongLayout;
        }

        /// <summary>Whether it was made for another chip; a device or a release that does not say its own is not asked.</summary>
        public static bool IsOtherChip(UpdateContext context)
        {
            string chip = context.Offer.Chip;
            return chip.Length > 0 && context.Options.Chip.Length > 0 && chip != context.Options.Chip;
        }

        /// <summary>What is there and what is needed, for the errors of this class; empty for all others.</summary>
        public static string Detail(UpdateContext context, UpdateError error)
        {
            long quietMs = context.QuietUntil - context.Ports.Clock.Milliseconds;
            if (error == UpdateError.ServerFailed && quietMs > 0) return "asked again in " + ((quietMs + 999) / 1000).ToString() + " s";
            Manifest offer = context.Offer;
            if (offer == null) return "";
            switch (error)
            {
                case UpdateError.WrongRuntime: return offer.RuntimeMismatch == null ? "" : offer.RuntimeMismatch;
                case UpdateError.AgentTooOld:
                    return "level " + offer.AgentLevel.ToString() + " needed, " + UpdateAgent.Level.ToString() + " is there";
                case UpdateError.Downgrade:
                    return "sequence " + offer.Sequence.ToString() + ", " + context.Journal.HighestSequence.ToString() + " was confirmed";
                case UpdateError.WrongChip: return offer.Chip + " needed, " + context.Options.Chip + " is there";
                case UpdateError.WrongLayout:
                    string size = context.Ports.Flash.GetSize(FlashArea.InactiveSlot).ToString();
                    return "slots of " + offer.SlotSize.ToString() + " bytes needed, these have " + size;
                default: return "";
            }
        }
    }
}
