namespace NanoOta
{
    /// <summary>The areas of flash that belong to a kind of image.</summary>
    internal static class ImageAreas
    {
        public static FlashArea Running(ImageKind kind) => kind == ImageKind.App ? FlashArea.RunningSlot : FlashArea.RunningRuntime;

        public static FlashArea Inactive(ImageKind kind) => kind == ImageKind.App ? FlashArea.InactiveSlot : FlashArea.InactiveRuntime;

        public static FlashArea RunningIndex(ImageKind kind) =>
            kind == ImageKind.App ? FlashArea.RunningIndex : FlashArea.RunningRuntimeIndex;

        public static FlashArea InactiveIndex(ImageKind kind) =>
            kind == ImageKind.App ? FlashArea.InactiveIndex : FlashArea.InactiveRuntimeIndex;
    }
}
