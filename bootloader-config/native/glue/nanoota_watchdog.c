/* The trial watchdog: the RTC watchdog, which runs on however the rest of the chip hangs. */
#include "nanoota_firmware.h"

#include <hal/wdt_hal.h>
#include <soc/rtc.h>

/* Firmware that is built without our Kconfig has its default. */
#ifndef CONFIG_NANOOTA_TRIAL_SECONDS
#define CONFIG_NANOOTA_TRIAL_SECONDS 420
#endif

/*
 * The agent gives a health check 300 s (UpdateOptions.HealthDeadlineMs) and then rejects with a reason. The watchdog must
 * come later, also on an RC oscillator that runs fast by a tenth; and its ticks must fit 32 bits at 150 kHz.
 */
_Static_assert(CONFIG_NANOOTA_TRIAL_SECONDS >= 330, "CONFIG_NANOOTA_TRIAL_SECONDS: at least 330");
_Static_assert(CONFIG_NANOOTA_TRIAL_SECONDS <= 3600, "CONFIG_NANOOTA_TRIAL_SECONDS: at most 3600");

static bool is_started;

void nanoota_watchdog_start(void)
{
    wdt_hal_context_t watchdog = RWDT_HAL_CONTEXT_DEFAULT();
    uint32_t ticks = (uint32_t)CONFIG_NANOOTA_TRIAL_SECONDS * rtc_clk_slow_freq_get_hz();
    wdt_hal_init(&watchdog, WDT_RWDT, 0, false); /* leaves it locked, and paused while the chip sleeps */
    wdt_hal_write_protect_disable(&watchdog);
    wdt_hal_config_stage(&watchdog, WDT_STAGE0, ticks, WDT_STAGE_ACTION_RESET_RTC);
    wdt_hal_enable(&watchdog);
    wdt_hal_write_protect_enable(&watchdog);
    is_started = true;
}

void nanoota_watchdog_stop(void)
{
    wdt_hal_context_t watchdog = RWDT_HAL_CONTEXT_DEFAULT();
    if (!is_started) return;
    wdt_hal_write_protect_disable(&watchdog);
    wdt_hal_disable(&watchdog);
    wdt_hal_write_protect_enable(&watchdog);
    is_started = false;
}
