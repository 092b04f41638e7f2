using System;

namespace NanoOta
{
    /// <summary>Registers settings files with an agent.</summary>
    public static class OtaAgentSettings
    {
        /// <summary>
        /// Registers a file that is copied before a release is activated, and comes back with the firmware that wrote it. The file is in
        /// the root of the device's internal drive, <c>I:\</c>; for another folder set <c>ota.Ports.Settings</c> to a
        /// <see cref="SettingsFiles"/> first. Register all files before the agent starts.
        /// </summary>
        /// <param name="settings">The agent's.</param>
        /// <param name="file">Name of a file, which need not exist: 1 to 32 of <c>A–Z a–z 0–9 . _ - +</c> and space.</param>
        /// <exception cref="ArgumentException">The name is wrong or registered already, or there are 16 files.</exception>
        /// <exception cref="InvalidOperationException">The settings of the agent are of another class.</exception>
        public static void Add(this SettingsPort settings, string file)
        {
            if (settings.Value == null) settings.Value = new SettingsFiles("I:\\");
            var files = settings.Value as SettingsFiles;
            if (files == null) throw new InvalidOperationException("ota.Ports.Settings is of another class: register " + file + " there");
            files.Add(file);
        }
    }
}
