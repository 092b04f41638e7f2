namespace NanoOta
{
    /// <summary>Brings descriptor and block index of the offer to the index region of the inactive slot.</summary>
    internal sealed class IndexPhase
    {
        private readonly UpdateContext context;
        private readonly Download download;
        private int sector;
        private bool isChecked;

        public IndexPhase(UpdateContext context, Download download)
        {
            this.context = context;
            this.download = download;
            download.Start(context.Folders, context.Offer.IndexLocation, BlockIndex.FileLength(context.Offer.ImageSize));
        }

        private int RegionLength => SlotDescriptor.Length + BlockIndex.FileLength(context.Offer.ImageSize);

        public Outcome Step()
        {
            if (!isChecked)
            {
                isChecked = true;
                UpdateError found = Check();
                if (found == UpdateError.None) return Outcome.Done;
                if (found == UpdateError.IndexCorrupt) found = context.Writer.Unseal();
                if (found != UpdateError.None) return context.Refuse(found);
            }

            if (sector * FlashLayout.SectorSize >= RegionLength)
            {
                download.Close();
                UpdateError error = Check();
                return error == UpdateError.None ? Outcome.Done : Discard(error);
            }

            return FetchSector();
        }

        private Outcome FetchSector()
        {
            int begin = sector * FlashLayout.SectorSize;
            int end = RegionLength < begin + FlashLayout.SectorSize ? RegionLength : begin + FlashLayout.SectorSize;
            int head = sector == 0 ? SlotDescriptor.Length : 0;
            Fill fill = download.Step(begin + head - SlotDescriptor.Length, context.Block, head, end - begin - head);
            if (fill != Fill.Complete) return context.Await(download, fill);
            if (sector == 0) context.Offer.Describe().WriteTo(context.Block);
            UpdateError error = context.Writer.Put(FlashArea.InactiveIndex, begin, context.Block, end - begin);
            if (error != UpdateError.None) return context.Refuse(error);
            sector++;
            return Outcome.Again;
        }

        private Outcome Discard(UpdateError error)
        {
            if (error == UpdateError.HashFailed || error == UpdateError.FlashReadFailed || !download.TryNextFolder())
                return context.Refuse(error);
            context.ReportOffer(UpdateEventKind.Error, error);
            sector = 0;
            return Outcome.Again;
        }

        /// <summary>None when the region holds exactly this offer's descriptor and its index, as read from flash; IndexCorrupt, or
        /// IndexUnknownFormat, when it does not; else why that is not known.</summary>
        private UpdateError Check()
        {
            Manifest offer = context.Offer;
            if (!context.Ports.Flash.Read(FlashArea.InactiveIndex, 0, context.Block, 0, SlotDescriptor.Length))
                return UpdateError.FlashReadFailed;
            SlotDescriptor descriptor = SlotDescriptor.Read(context.Block);
            if (descriptor == null || descriptor.Sequence != offer.Sequence || descriptor.Version != offer.Version
                || descriptor.ImageSize != offer.ImageSize || descriptor.SettingsSchema != offer.SettingsSchema
                || !Bytes.Same(descriptor.ImageDigest, 0, offer.ImageDigest, 0, 32)
                || !Bytes.Same(descriptor.IndexDigest, 0, offer.IndexDigest, 0, 32)) return UpdateError.IndexCorrupt;
            int length = BlockIndex.FileLength(offer.ImageSize);
            UpdateError state = context.Writer.Compare(FlashArea.InactiveIndex, SlotDescriptor.Length, length, offer.IndexDigest);
            if (state != UpdateError.None) return state == SectorWriter.Differs ? UpdateError.IndexCorrupt : state;
            return context.Ports.Flash.Read(FlashArea.InactiveIndex, SlotDescriptor.Length, context.Block, 0, BlockIndex.HeaderLength)
                ? BlockIndex.CheckHeader(context.Block, 0, offer.ImageSize) : UpdateError.FlashReadFailed;
        }
    }
}
