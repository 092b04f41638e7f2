/* The RTC watchdog, which runs on however the rest of the chip hangs. A trial has it, or the firmware's guard. */
#include "nanoota_firmware.h"

#include <hal/wdt_hal.h>
#include <soc/rtc.h>

/* Milliseconds after the first reset until the second. */
#define SECOND_CHANCE_MS 1000u

static enum { NOBODY, TRIAL, GUARD } holder;

static uint32_t ticks_of(uint32_t milliseconds)
{
    return (uint32_t)((uint64_t)milliseconds * rtc_clk_slow_freq_get_hz() / 1000u);
}

/*
 * A reset of the system leaves the RTC domain alone, and with it the retained memory. Should it not help, the reset of
 * everything follows: ESP-IDF restarts a chip by the same two stages.
 */
static void arm(uint32_t milliseconds)
{
    wdt_hal_context_t watchdog = RWDT_HAL_CONTEXT_DEFAULT();
    wdt_hal_init(&watchdog, WDT_RWDT, 0, false); /* leaves it locked, and paused while the chip sleeps */
    wdt_hal_write_protect_disable(&watchdog);
    wdt_hal_config_stage(&watchdog, WDT_STAGE0, ticks_of(milliseconds), WDT_STAGE_ACTION_RESET_SYSTEM);
    wdt_hal_config_stage(&watchdog, WDT_STAGE1, ticks_of(SECOND_CHANCE_MS), WDT_STAGE_ACTION_RESET_RTC);
    wdt_hal_enable(&watchdog);
    wdt_hal_write_protect_enable(&watchdog);
}

static void release(void)
{
    wdt_hal_context_t watchdog = RWDT_HAL_CONTEXT_DEFAULT();
    wdt_hal_write_protect_disable(&watchdog);
    wdt_hal_disable(&watchdog);
    wdt_hal_write_protect_enable(&watchdog);
    holder = NOBODY;
}

void nanoota_watchdog_start_trial(uint32_t milliseconds)
{
    arm(milliseconds);
    holder = TRIAL;
}

void nanoota_watchdog_end_trial(void)
{
    if (holder == TRIAL) release();
}

void nanoota_watchdog_guard(uint32_t seconds)
{
    if (holder == TRIAL) return;
    if (seconds != 0u) {
        arm(seconds * 1000u);
        holder = GUARD;
    } else if (holder == GUARD) {
        release();
    }
}
