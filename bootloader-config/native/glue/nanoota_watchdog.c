/* The RTC watchdog, which also runs while the rest of the chip hangs. It serves the trial, or the guard of the firmware. */
#include "nanoota_firmware.h"

#include <hal/wdt_hal.h>
#include <soc/rtc.h>

/* Milliseconds from the first reset to the second. */
#define SECOND_STAGE_MS 1000u

static enum { UNUSED, TRIAL, GUARD } purpose;

static uint32_t ticks_of(uint32_t milliseconds)
{
    return (uint32_t)((uint64_t)milliseconds * rtc_clk_slow_freq_get_hz() / 1000u);
}

/*
 * The first stage resets the system without the RTC domain, so that retained memory survives. If that does not help, the second
 * one resets everything. ESP-IDF restarts a chip by the same two stages.
 */
static void arm(uint32_t milliseconds)
{
    wdt_hal_context_t watchdog = RWDT_HAL_CONTEXT_DEFAULT();
    wdt_hal_init(&watchdog, WDT_RWDT, 0, false); /* locked afterwards, and paused while the chip sleeps */
    wdt_hal_write_protect_disable(&watchdog);
    wdt_hal_config_stage(&watchdog, WDT_STAGE0, ticks_of(milliseconds), WDT_STAGE_ACTION_RESET_SYSTEM);
    wdt_hal_config_stage(&watchdog, WDT_STAGE1, ticks_of(SECOND_STAGE_MS), WDT_STAGE_ACTION_RESET_RTC);
    wdt_hal_enable(&watchdog);
    wdt_hal_write_protect_enable(&watchdog);
}

static void release(void)
{
    wdt_hal_context_t watchdog = RWDT_HAL_CONTEXT_DEFAULT();
    wdt_hal_write_protect_disable(&watchdog);
    wdt_hal_disable(&watchdog);
    wdt_hal_write_protect_enable(&watchdog);
    purpose = UNUSED;
}

void nanoota_watchdog_start_trial(uint32_t milliseconds)
{
    arm(milliseconds);
    purpose = TRIAL;
}

void nanoota_watchdog_end_trial(void)
{
    if (purpose == TRIAL) release();
}

void nanoota_watchdog_guard(uint32_t seconds)
{
    if (purpose == TRIAL) return;
    if (seconds != 0u) {
        arm(seconds * 1000u);
        purpose = GUARD;
    } else if (purpose == GUARD) {
        release();
    }
}
