namespace NanoOta
{
    /// <summary>Refuses a release that does not fit the slot, or was made for slots of another size.</summary>
    internal sealed class SpaceCheck : IPreflightCheck
    {
        public PreflightAnswer Check(PreflightRequest request)
        {
            if (request.Step != UpdateStep.Decide) return PreflightAnswer.GoOn;
            Manifest offer = request.Offer;
            for (OfferedImage image = offer.First; image != null; image = image.Next)
            {
                if (image.Size > request.Ports.Flash.GetSize(ImageAreas.Inactive(image.Kind)))
                    return request.Refuse(UpdateError.ImageTooBig, "");
                int region = request.Ports.Flash.GetSize(ImageAreas.InactiveIndex(image.Kind));
                if (SlotDescriptor.Length + BlockIndex.FileLength(image.Size) > region) return request.Refuse(UpdateError.IndexTooBig, "");
            }

            int slot = request.Ports.Flash.GetSize(FlashArea.InactiveSlot);
            if (offer.SlotSize == 0 || offer.SlotSize == slot) return PreflightAnswer.GoOn;
            string sizes = "slots of " + offer.SlotSize.ToString() + " bytes needed, these have " + slot.ToString();
            return request.Refuse(UpdateError.WrongLayout, sizes);
        }
    }
}
