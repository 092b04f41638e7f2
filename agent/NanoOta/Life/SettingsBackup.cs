using System;

namespace NanoOta
{
    /// <summary>The application's settings around an update: kept before a release is activated, put back when it has failed.</summary>
    internal sealed class SettingsBackup
    {
        private readonly UpdateContext context;

        public SettingsBackup(UpdateContext context)
        {
            this.context = context;
        }

        /// <summary>Whether the application must start anew: it may have read the settings before they were put back.</summary>
        public bool HasPutBack;

        /// <summary>Keeps a copy for the offer; true also where there is nothing to keep.</summary>
        public bool Keep()
        {
            ISettings settings = context.Ports.Settings;
            if (settings == null) return true;
            int schema = context.Running == null ? 0 : context.Running.SettingsSchema;
            try
            {
                // A runtime alone changes nothing in the settings.
                int next = context.Offer.App == null ? schema : context.Offer.SettingsSchema;
                return settings.Keep(context.Offer.Identity, schema, next);
            }
            catch (Exception)
            {
                return false;
            }
        }

        /// <summary>Puts back what belongs to the firmware that runs again. False when it failed and is to be tried once more: after a
        /// second failure the device goes on, because without updates nothing could mend it.</summary>
        /// <param name="failed">Identity of the release that has failed; null if it is not known.</param>
        public bool PutBack(byte[] failed)
        {
            ISettings settings = context.Ports.Settings;
            // The last resort can start the very release that was about to be activated.
            if (settings == null || failed == null || context.IsRunning(failed)) return true;
            RestoreOutcome result = Restore(settings, failed);
            if (result == RestoreOutcome.Done) HasPutBack = true;
            if (result != RestoreOutcome.Failed) return true;
            context.ReportRunning(UpdateEventKind.Error, UpdateError.SettingsNotRestored);
            return context.Journal.HasError(UpdateError.SettingsNotRestored, failed);
        }

        // What a confirmed release has made of the settings is the user's work, unless the firmware cannot read it.
        private RestoreOutcome Restore(ISettings settings, byte[] failed)
        {
            try
            {
                return settings.Restore(failed, !context.Journal.HasInHand(failed));
            }
            catch (Exception)
            {
                return RestoreOutcome.Failed;
            }
        }
    }
}
