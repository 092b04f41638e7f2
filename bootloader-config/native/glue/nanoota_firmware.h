/*
 * The core of the native module on ESP-IDF: one run from a chip reset to the next, on partitions, guarded by the RTC
 * watchdog. All calls come from the CLR's task, but nanoota_firmware, which any task may call.
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
 * The run of this chip reset. The first call boots: it chooses the slot, keeps the boot record and guards a trial, or firmware
 * that has had an agent, with the watchdog. A restart of the CLR alone finds the run as it was, without a guard. Its slot is
 * NANOOTA_NO_SLOT when nothing can boot.
 */
nanoota_run *nanoota_firmware(void);

/* Lets the CLR call this whenever it is about to restart without a reset of the chip. In nanoota_natives.cpp: nanoCLR speaks C++. */
void nanoota_at_clr_restart(void (*handler)(void));

/* nanoota_confirm, which ends the trial's watchdog when it answers NANOOTA_OK. */
nanoota_result nanoota_confirm_trial(nanoota_run *run);

/* nanoota_guard, which starts, feeds or ends the firmware's watchdog when it answers NANOOTA_OK. */
nanoota_result nanoota_guard_firmware(const nanoota_run *run, int32_t seconds);

/* nanoota_sleep, then deep sleep: returns only NANOOTA_REFUSED, or NANOOTA_FAILED when the chip cannot sleep so long. */
nanoota_result nanoota_sleep_deeply(nanoota_run *run, int32_t milliseconds, int32_t kept);

/* The label of a slot's partition; NULL, as if for any, when there is no such slot. */
const char *nanoota_slot_label(uint8_t slot);

/* Finds the partitions of this board, slots and records. What the table does not have is a region of 0 bytes. */
const nanoota_flash *nanoota_partitions(void);

/*
 * A chip reset after so many milliseconds, unless the trial ends. It is a deadline, nothing feeds it. It takes the RTC
 * watchdog, which the application must not use for anything else.
 */
void nanoota_watchdog_start_trial(uint32_t milliseconds);

/* Stops the deadline of a trial; leaves the hardware alone when there is none. */
void nanoota_watchdog_end_trial(void);

/*
 * A chip reset after so many seconds, counted anew at each call; 0 ends it. Without effect while a trial has the watchdog,
 * also after its rejection.
 */
void nanoota_watchdog_guard(uint32_t seconds);

#ifdef __cplusplus
}
#endif

#endif
