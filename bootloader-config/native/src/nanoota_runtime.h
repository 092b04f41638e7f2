/*
 * The two runtime slots of a board, as the running firmware sees and changes them in otadata. Only for a run with `runtimes`.
 * A function that returns false has failed: flash does not hold what was written.
 */
#ifndef NANOOTA_RUNTIME_H
#define NANOOTA_RUNTIME_H

#include "nanoota_boot.h"
#include "nanoota_otadata.h"

/* The slot that the active record chooses, or NANOOTA_OTA_NONE. */
uint32_t nanoota_runtime_chosen(const nanoota_run *run);

/* Whether the running slot is chosen, and stays. */
bool nanoota_runtime_is_confirmed(const nanoota_run *run);

/* Whether the bootloader would start a slot. */
bool nanoota_runtime_is_bootable(const nanoota_run *run, uint8_t slot);

/* Makes the bootloader start a slot once. A cut before the end leaves the active record as it is. */
bool nanoota_runtime_choose(const nanoota_run *run, uint8_t slot);

/* Makes the running slot stay. A cut loses the record of the slot that is to run or could not, and the other slot starts. */
bool nanoota_runtime_keep(const nanoota_run *run);

/* Makes the bootloader start the other slot at the next reset. */
bool nanoota_runtime_leave(const nanoota_run *run);

#endif
