/*
 * The core of the native module on ESP-IDF: one run from a chip reset to the next, on partitions, guarded by the RTC
 * watchdog. All calls come from the task of the CLR; only nanoota_firmware may be called from any task.
 */
#ifndef NANOOTA_FIRMWARE_H
#define NANOOTA_FIRMWARE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#include "nanoota_area.h"

/*
 * The run of this chip reset. The first call boots: it chooses the slot, updates the boot record and starts the watchdog for a
 * trial, or for firmware that had an agent before; or it resets the chip, so that the other runtime slot starts. After a restart of the CLR alone the run is unchanged, without a guard. Its
 * slot is NANOOTA_NO_SLOT if nothing can boot.
 */
nanoota_run *nanoota_firmware(void);

/* Registers a handler that the CLR calls before each restart without a chip reset. In nanoota_natives.cpp, because nanoCLR is C++. */
void nanoota_at_clr_restart(void (*handler)(void));

/* Calls nanoota_confirm, and stops the watchdog of the trial on NANOOTA_OK. */
nanoota_result nanoota_confirm_trial(nanoota_run *run);

/* Calls nanoota_guard, and starts, feeds or stops the watchdog of the firmware on NANOOTA_OK. */
nanoota_result nanoota_guard_firmware(const nanoota_run *run, int32_t seconds);

/* Calls nanoota_sleep, then enters deep sleep. Returns only NANOOTA_REFUSED, or NANOOTA_FAILED if the chip cannot sleep so long. */
nanoota_result nanoota_sleep_deeply(nanoota_run *run, int32_t milliseconds, int32_t kept);

/* The label of a slot's partition; NULL, which matches any, if there is no such slot. */
const char *nanoota_slot_label(uint8_t slot);

/* Finds the partitions of this board: slots, records, otadata and runtime slots. A missing partition is a region of 0 bytes. */
const nanoota_flash *nanoota_partitions(void);

/* The runtime slots, after nanoota_partitions; NULL unless the table has exactly two, one of them runs, and this build has rollback. */
const nanoota_runtimes *nanoota_runtime_slots(void);

/*
 * Resets the chip after so many milliseconds, unless the trial ends. This is a deadline: nothing feeds it. It uses the RTC
 * watchdog, which the application must not use for anything else.
 */
void nanoota_watchdog_start_trial(uint32_t milliseconds);

/* Stops the deadline of a trial; without one it does not touch the hardware. */
void nanoota_watchdog_end_trial(void);

/*
 * Resets the chip after so many seconds, counted anew at each call; 0 stops that. No effect while a trial uses the watchdog, also
 * after its rejection.
 */
void nanoota_watchdog_guard(uint32_t seconds);

#ifdef __cplusplus
}
#endif

#endif
