using NanoOta.Releases;

namespace NanoOta.Cli.Scenarios;

/// <summary>The apps of the scenarios for a virtual device, which are next to this program.</summary>
internal static class VirtualApps
{
    /// <summary>The folder with a folder for each app.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "apps");

    /// <summary>The image of an app with an identity; the apps are in <see cref="Folder"/>, or in another folder.</summary>
    public static AppImage Build(string app, AppIdentity identity, string? folder = null) =>
        AppPath.Load([Path.Combine(folder ?? Folder, app, app + ".dll")], identity).Image;
}
