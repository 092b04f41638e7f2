#include "nanoota_firmware.h"

#include <esp_ota_ops.h>
#include <esp_system.h>
#include <sys/lock.h>

/* In RAM that a reset clears and a restart of the CLR does not: so a boot is once per chip reset. */
static nanoota_run run;
static bool has_booted;
static _lock_t boot_lock;

/* Number of the runtime that runs: ota_1 is 1, everything else is 0. */
static uint8_t clr_slot(void)
{
    const esp_partition_t *running = esp_ota_get_running_partition();
    return running != NULL && running->subtype == ESP_PARTITION_SUBTYPE_APP_OTA_1 ? 1u : 0u;
}

static void boot(void)
{
    nanoota_boot(&run, nanoota_partitions(), (int32_t)esp_reset_reason(), clr_slot());
    if (run.slot != NANOOTA_NO_SLOT && nanoota_state(&run) == NANOOTA_TRIAL) nanoota_watchdog_start();
}

nanoota_run *nanoota_firmware(void)
{
    /* The CLR and the task that listens to the cable both look for the deployment when they start. */
    _lock_acquire(&boot_lock);
    if (!has_booted) boot();
    has_booted = true;
    _lock_release(&boot_lock);
    return &run;
}

nanoota_result nanoota_confirm_trial(nanoota_run *confirmed)
{
    nanoota_result result = nanoota_confirm(confirmed);
    if (result == NANOOTA_OK) nanoota_watchdog_stop();
    return result;
}
