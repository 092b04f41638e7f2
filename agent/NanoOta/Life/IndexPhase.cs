namespace NanoOta
{
    /// <summary>Brings the descriptor of the image in work to the index region of its slot, and behind it what staging needs: the block
    /// index, or header and table of the packed file.</summary>
    internal sealed class IndexPhase
    {
        private readonly UpdateContext context;
        private readonly Download download;
        private readonly OfferedImage image;
        private readonly FlashArea index;
        private readonly PackedEncoding packed;
        private int sector, length;
        private bool isChecked;

        /// <summary>Whether SHA-256 is in use between two steps.</summary>
        public bool IsHashing { get; private set; }

        public IndexPhase(UpdateContext context, Download download)
        {
            this.context = context;
            this.download = download;
            image = context.Image;
            index = ImageAreas.InactiveIndex(image.Kind);
            packed = FindStarted();
            image.Packed = packed;
            Rewind();
            if (packed == null) download.Start(context.Folders, image.IndexLocation, length);
            else download.Start(context.Folders, packed.Location, packed.Size);
        }

        private int RegionLength => SlotDescriptor.Length + length;

        public Outcome Step()
        {
            if (!isChecked) return Begin();
            if (IsHashing) return HashSlot();

            if (sector * FlashLayout.SectorSize >= RegionLength)
            {
                // The code of the first segment follows the table.
                if (packed == null) download.Close();
                UpdateError error = Check();
                return error == UpdateError.None ? Outcome.Done : Discard(error);
            }

            return FetchSector();
        }

        private Outcome Begin()
        {
            isChecked = true;
            // Before the slot is touched: a revert must not start a runtime that is half staged.
            if (image.Kind == ImageKind.Runtime && !context.Ports.Boot.ReleaseRuntime())
                return context.Refuse(UpdateError.BootRecordFailed);
            UpdateError found = Check();
            if (found == UpdateError.None) return Outcome.Done;
            Rewind();
            if (found == UpdateError.IndexUnknownFormat) return context.GiveUp(found);
            if (found != UpdateError.IndexCorrupt) return context.Refuse(found);
            SlotDescriptor present = image.Kind == ImageKind.Runtime ? context.ReadDescriptor(index) : null;
            IsHashing = present != null && Bytes.Same(present.ImageDigest, 0, image.Digest, 0, 32);
            if (!IsHashing) return Unseal();
            context.ImageHash.Begin(ImageAreas.Inactive(image.Kind), image.Size);
            return Outcome.Again;
        }

        // An earlier release brought the same runtime: only the descriptor changes.
        private Outcome HashSlot()
        {
            if (!context.ImageHash.Step()) return Outcome.Again;
            IsHashing = false;
            UpdateError error = context.ImageHash.End(image.Digest);
            if (error == UpdateError.ImageCorrupt) return Unseal();
            if (error != UpdateError.None) return context.Refuse(error);
            context.Offer.Describe(image).WriteTo(context.Block);
            error = context.Writer.Put(index, 0, context.Block, SlotDescriptor.Length);
            if (error != UpdateError.None) return context.Refuse(error);
            context.BytesStaged = image.Size;
            return Outcome.Present;
        }

        // No cut may leave a mixture that passes for firmware (SPEC.md, section 5.3).
        private Outcome Unseal()
        {
            UpdateError error = context.Writer.Blank(ImageAreas.Inactive(image.Kind), 0);
            return error == UpdateError.None ? Outcome.Again : context.Refuse(error);
        }

        // The encoding that was begun before a reset: those before it were given up. Else the one that was to be fetched.
        private PackedEncoding FindStarted()
        {
            PackedEncoding first = image.Packed;
            for (PackedEncoding next = first; next != null; next = next.Next)
                if (CheckDescriptor(next.TableDigest) == UpdateError.None) return next;
            return first != null && CheckDescriptor(image.IndexDigest) == UpdateError.None ? null : first;
        }

        // Of a packed file only the header is known to be there; it has the length of the table.
        private void Rewind()
        {
            sector = 0;
            length = packed == null ? BlockIndex.FileLength(image.Size) : PackedTable.HeaderLength;
        }

        private Outcome FetchSector()
        {
            int begin = sector * FlashLayout.SectorSize;
            int end = RegionLength < begin + FlashLayout.SectorSize ? RegionLength : begin + FlashLayout.SectorSize;
            int head = sector == 0 ? SlotDescriptor.Length : 0;
            Fill fill = download.Step(begin + head - SlotDescriptor.Length, context.Block, head, end - begin - head);
            if (fill != Fill.Complete) return context.Await(download, fill);
            if (packed != null && length == PackedTable.HeaderLength)
            {
                UpdateError found = ReadHeader(SlotDescriptor.Length);
                return found == UpdateError.None ? Outcome.Again : Discard(found);
            }

            if (sector == 0) context.Offer.Describe(image).WriteTo(context.Block);
            UpdateError error = context.Writer.Put(index, begin, context.Block, end - begin);
            if (error != UpdateError.None) return context.Refuse(error);
            sector++;
            return Outcome.Again;
        }

        private UpdateError ReadHeader(int offset)
        {
            UpdateError error = PackedTable.CheckHeader(context.Block, offset, image.Size, packed.BaseSize);
            // The region has room for the block index of as many blocks, which is longer.
            if (error == UpdateError.None) length = PackedTable.LengthOf(context.Block, offset);
            return error;
        }

        private Outcome Discard(UpdateError error)
        {
            if (error == UpdateError.HashFailed || error == UpdateError.FlashReadFailed) return context.Refuse(error);
            if (!download.TryNextFolder()) return context.GiveUp(error);
            context.ReportOffer(UpdateEventKind.Error, error);
            Rewind();
            return Outcome.Again;
        }

        /// <summary>None when the region holds exactly this offer's descriptor and what belongs behind it, as read from flash;
        /// IndexCorrupt, or IndexUnknownFormat, when it does not; else why that is not known.</summary>
        private UpdateError Check()
        {
            byte[] digest = packed == null ? image.IndexDigest : packed.TableDigest;
            UpdateError error = CheckDescriptor(digest);
            if (error == UpdateError.None && packed != null) error = CheckHeader();
            if (error != UpdateError.None) return error;
            UpdateError state = context.Writer.Compare(index, SlotDescriptor.Length, length, digest);
            if (state != UpdateError.None) return state == SectorWriter.Differs ? UpdateError.IndexCorrupt : state;
            return packed == null ? CheckHeader() : UpdateError.None;
        }

        private UpdateError CheckDescriptor(byte[] indexDigest)
        {
            Manifest offer = context.Offer;
            if (!context.Ports.Flash.Read(index, 0, context.Block, 0, SlotDescriptor.Length))
                return UpdateError.FlashReadFailed;
            SlotDescriptor descriptor = SlotDescriptor.Read(context.Block);
            bool isOfOffer = descriptor != null && descriptor.Sequence == offer.Sequence && descriptor.Version == offer.Version
                && descriptor.Kind == image.Kind && descriptor.ImageSize == image.Size && descriptor.SettingsSchema == offer.SettingsSchema
                && Bytes.Same(descriptor.ImageDigest, 0, image.Digest, 0, 32)
                && Bytes.Same(descriptor.IndexDigest, 0, indexDigest, 0, 32);
            return isOfOffer ? UpdateError.None : UpdateError.IndexCorrupt;
        }

        private UpdateError CheckHeader()
        {
            if (!context.Ports.Flash.Read(index, SlotDescriptor.Length, context.Block, 0, BlockIndex.HeaderLength))
                return UpdateError.FlashReadFailed;
            return packed == null ? BlockIndex.CheckHeader(context.Block, 0, image.Size) : ReadHeader(0);
        }
    }
}
