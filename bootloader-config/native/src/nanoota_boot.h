/* Which slot boots (SPEC.md, section 5.1), and what the firmware that was booted may do about it. */
#ifndef NANOOTA_BOOT_H
#define NANOOTA_BOOT_H

#include "nanoota_record.h"

/* No slot holds anything that can boot. */
#define NANOOTA_NO_SLOT 0xFFu

/* Why the chip was reset, numbered as ESP-IDF's esp_reset_reason_t. Only these speak against the firmware on trial. */
enum {
    NANOOTA_RESET_SOFTWARE = 3,
    NANOOTA_RESET_PANIC = 4,
    NANOOTA_RESET_INTERRUPT_WATCHDOG = 5,
    NANOOTA_RESET_TASK_WATCHDOG = 6,
    NANOOTA_RESET_OTHER_WATCHDOG = 7,
    NANOOTA_RESET_CPU_LOCKUP = 15
};

/* What a boot did about the boot record. */
typedef enum {
    NANOOTA_DID_NOTHING = 0,
    NANOOTA_BEGAN_TRIAL = 1,
    NANOOTA_COUNTED_BLIP = 2,
    NANOOTA_REVERTED_TRIAL = 3,
    NANOOTA_YIELDED_TO_CABLE = 4
} nanoota_action;

/* What a call answers; the numbers of NativeModule. */
typedef enum { NANOOTA_OK = 0, NANOOTA_REFUSED = -1, NANOOTA_FAILED = -2 } nanoota_result;

/* From a boot to the next reset. One at a time, used from one task at a time. */
typedef struct {
    const nanoota_flash *flash;
    nanoota_record record; /* what counts from now on; after a failure of the flash it may stand nowhere else */
    int32_t reset_reason;
    nanoota_action action;
    uint8_t slot;          /* the slot that runs, or NANOOTA_NO_SLOT */
    bool saved;            /* whether flash holds what the record says, and no trial behind a confirmation */
} nanoota_run;

/* Chooses the slot to boot and keeps the boot record. The CLR slot that runs is 0 on boards with one. */
void nanoota_boot(nanoota_run *run, const nanoota_flash *flash, int32_t reset_reason, uint8_t clr_slot);

/* Confirmed, trial or reverted; activated when a trial of the other slot begins at the next reset. */
uint8_t nanoota_state(const nanoota_run *run);

/* Whether the inactive slot and its index region may be written: only while the state is confirmed, and saved. */
bool nanoota_may_write_inactive(const nanoota_run *run);

/* Chooses the inactive slot for a trial at the next reset. */
nanoota_result nanoota_activate(nanoota_run *run);

/* Confirms the trial that runs, or acknowledges the revert to what runs. OK when there is nothing to do. */
nanoota_result nanoota_confirm(nanoota_run *run);

/* Ends the trial that runs; the reason is 1 to 65535. */
nanoota_result nanoota_reject(nanoota_run *run, int32_t reason);

#endif
