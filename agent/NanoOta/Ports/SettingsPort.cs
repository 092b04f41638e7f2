namespace NanoOta
{
    /// <summary>Where an application registers the files of its settings: <c>ota.Settings.Add("lamp.json")</c>. The method <c>Add</c> is an
    /// extension in NanoOta.Settings, so that firmware without settings does not carry that assembly.</summary>
    public sealed class SettingsPort
    {
        private readonly UpdatePorts ports;

        internal SettingsPort(UpdatePorts ports)
        {
            this.ports = ports;
        }

        /// <summary>The settings that the agent copies and restores: <see cref="UpdatePorts.Settings"/>, null at first.</summary>
        public ISettings Value
        {
            get => ports.Settings;
            set => ports.Settings = value;
        }
    }
}
