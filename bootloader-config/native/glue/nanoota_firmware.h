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
 * The run of this chip reset. The first call boots: it chooses the slot, keeps the boot record and guards a trial with the
 * watchdog. A restart of the CLR alone finds the run as it was. Its slot is NANOOTA_NO_SLOT when nothing can boot.
 */
nanoota_run *nanoota_firmware(void);

/* nanoota_confirm, which stops the watchdog when it answers NANOOTA_OK. */
nanoota_result nanoota_confirm_trial(nanoota_run *run);

/* The label of a slot's partition; NULL, as if for any, when there is no such slot. */
const char *nanoota_slot_label(uint8_t slot);

/* Finds the partitions of this board, slots and records. What the table does not have is a region of 0 bytes. */
const nanoota_flash *nanoota_partitions(void);

/*
 * Guards a trial: a chip reset after CONFIG_NANOOTA_TRIAL_SECONDS, unless stopped. It is a deadline, nothing feeds it. It
 * takes the RTC watchdog, which the application must not use for anything else.
 */
void nanoota_watchdog_start(void);

/* Stops the watchdog if it was started; otherwise leaves the hardware alone. */
void nanoota_watchdog_stop(void);

#ifdef __cplusplus
}
#endif

#endif
