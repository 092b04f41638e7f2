#include "nanoota_firmware.h"

#include <esp_attr.h>
#include <esp_ota_ops.h>
#include <esp_rom_sys.h>
#include <esp_sleep.h>
#include <esp_system.h>
#include <freertos/FreeRTOS.h>
#include <freertos/task.h>
#include <sys/lock.h>

/* Defaults of the Kconfig, for builds without it. */
#ifndef CONFIG_NANOOTA_TRIAL_SECONDS
#define CONFIG_NANOOTA_TRIAL_SECONDS 420
#endif
#ifndef CONFIG_NANOOTA_CRASH_LIMIT
#define CONFIG_NANOOTA_CRASH_LIMIT 5
#endif

/*
 * After 300 s of health checks (UpdateOptions.HealthDeadlineMs) the agent rejects the release with a reason. The watchdog must
 * expire later, also with an RC oscillator that is a tenth too fast, and its ticks must fit 32 bits at 150 kHz.
 */
_Static_assert(CONFIG_NANOOTA_TRIAL_SECONDS >= 330, "CONFIG_NANOOTA_TRIAL_SECONDS: at least 330");
_Static_assert(CONFIG_NANOOTA_TRIAL_SECONDS <= 3600, "CONFIG_NANOOTA_TRIAL_SECONDS: at most 3600");
_Static_assert(CONFIG_NANOOTA_CRASH_LIMIT >= 0, "CONFIG_NANOOTA_CRASH_LIMIT: at least 0");
_Static_assert(CONFIG_NANOOTA_CRASH_LIMIT <= 255, "CONFIG_NANOOTA_CRASH_LIMIT: at most 255");

/* A chip reset clears this RAM, a restart of the CLR does not: one boot per chip reset. */
static nanoota_run run;
static bool has_booted;
static _lock_t boot_lock;

/* RTC memory that nothing initialises. Another build of the runtime may have it at another address, and reads invalid data then. */
static RTC_NOINIT_ATTR uint8_t retained[NANOOTA_RETAINED_LENGTH];

/* Number of the running runtime slot: 1 for ota_1, otherwise 0. */
static uint8_t clr_slot(void)
{
    const esp_partition_t *running = esp_ota_get_running_partition();
    return running != NULL && running->subtype == ESP_PARTITION_SUBTYPE_APP_OTA_1 ? 1u : 0u;
}

/*
 * A reset of the whole chip, RTC domain included, is treated as power-on: ESP32s report it for power-on if their flash starts
 * slowly (errata of the revisions before 3.0), and for their reset pin. The module causes it only by the second watchdog stage.
 */
static int32_t reset_reason(void)
{
    bool is_of_chip = esp_rom_get_reset_reason(0) == RESET_REASON_SYS_RTC_WDT;
    return is_of_chip ? NANOOTA_RESET_POWER_ON : (int32_t)esp_reset_reason();
}

/* After a restart of the CLR another program may run, which feeds no guard, or a debugger may be attached. */
static void end_guard(void)
{
    nanoota_watchdog_guard(0);
}

static void boot(void)
{
    const nanoota_flash *flash = nanoota_partitions();
    const nanoota_reset reset = {
        .reason = reset_reason(),
        .clr_slot = clr_slot(),
        .crash_limit = CONFIG_NANOOTA_CRASH_LIMIT,
        .trial_ms = CONFIG_NANOOTA_TRIAL_SECONDS * 1000u,
        .retained = retained,
        .runtimes = nanoota_runtime_slots(),
    };
    nanoota_at_clr_restart(end_guard);
    nanoota_boot(&run, flash, &reset);
    if (run.restarts) esp_restart();
    if (run.slot != NANOOTA_NO_SLOT && nanoota_state(&run) == NANOOTA_TRIAL)
        nanoota_watchdog_start_trial(nanoota_trial_left(&run));
    else if (run.guarded)
        nanoota_watchdog_guard(CONFIG_NANOOTA_TRIAL_SECONDS);
}

nanoota_run *nanoota_firmware(void)
{
    /* The CLR and the task of the cable both search for the deployment when they start. */
    _lock_acquire(&boot_lock);
    if (!has_booted) boot();
    has_booted = true;
    _lock_release(&boot_lock);
    return &run;
}

nanoota_result nanoota_confirm_trial(nanoota_run *confirmed)
{
    nanoota_result result = nanoota_confirm(confirmed);
    if (result == NANOOTA_OK) nanoota_watchdog_end_trial();
    return result;
}

nanoota_result nanoota_guard_firmware(const nanoota_run *guarded, int32_t seconds)
{
    nanoota_result result = nanoota_guard(guarded, seconds);
    if (result == NANOOTA_OK) nanoota_watchdog_guard((uint32_t)seconds);
    return result;
}

/* The watchdog stays on: it pauses while the chip sleeps, and resets a chip that fails to enter sleep. */
nanoota_result nanoota_sleep_deeply(nanoota_run *sleeping, int32_t milliseconds, int32_t kept)
{
    uint32_t uptime_ms = xTaskGetTickCount() * portTICK_PERIOD_MS;
    uint32_t limit = nanoota_sleep_limit(sleeping, milliseconds, uptime_ms);
    nanoota_result result;
    if (limit != 0u && esp_sleep_enable_timer_wakeup((uint64_t)limit * 1000u) != ESP_OK) return NANOOTA_FAILED;
    result = nanoota_sleep(sleeping, milliseconds, kept, uptime_ms);
    if (result != NANOOTA_OK) return result;
    esp_deep_sleep_start();
}
