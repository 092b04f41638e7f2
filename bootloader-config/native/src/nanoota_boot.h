/* Which slot boots (SPEC.md, section 5.1), and what the firmware that was booted may do about it. */
#ifndef NANOOTA_BOOT_H
#define NANOOTA_BOOT_H

#include "nanoota_record.h"
#include "nanoota_retained.h"

/* No slot holds anything that can boot. */
#define NANOOTA_NO_SLOT 0xFFu

/* What the board knows when the chip has been reset. */
typedef struct {
    int32_t reason;       /* esp_reset_reason_t */
    uint8_t clr_slot;     /* the runtime slot that runs; 0 on boards with one */
    uint8_t crash_limit;  /* failures after which firmware that is not on trial gives way or gets to safe mode; 0 = never */
    uint32_t trial_ms;    /* that a trial has until its verdict, 1000 or more */
    uint8_t *retained;    /* NANOOTA_RETAINED_LENGTH bytes as the reset left them; brought up to date until the next one */
} nanoota_reset;

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
    nanoota_retained retained;
    uint8_t *memory;       /* where that stands */
    int32_t reset_reason;
    uint32_t trial_ms;     /* that a trial has */
    uint8_t crash_limit;
    nanoota_action action;
    uint8_t slot;          /* the slot that runs, or NANOOTA_NO_SLOT */
    bool saved;            /* whether flash holds the record, none but confirmed ones behind it, and no other that may count */
    bool safe_mode;        /* only network and agent should run */
    bool guarded;          /* what runs is not on trial and has had an agent: without a call of it the chip must be reset */
} nanoota_run;

/* Chooses the slot to boot, and keeps the boot record and the retained memory. */
void nanoota_boot(nanoota_run *run, const nanoota_flash *flash, const nanoota_reset *reset);

/* Confirmed, trial or reverted; activated when a trial of the other slot begins at the next reset. */
uint8_t nanoota_state(const nanoota_run *run);

/* Whether the inactive slot and its index region may be written: only while the state is confirmed, and saved. */
bool nanoota_may_write_inactive(const nanoota_run *run);

/* Chooses the inactive slot for a trial at the next reset. */
nanoota_result nanoota_activate(nanoota_run *run);

/* Confirms the trial that runs, or acknowledges the revert to what runs. OK when there is nothing to do. */
nanoota_result nanoota_confirm(nanoota_run *run);

/* Managed code has called: what the chip does from now on is the firmware's. To be called before anything that it asks for. */
void nanoota_called(nanoota_run *run);

/*
 * The record that ends the trial that runs: the previous slot, or, if that is known to be damaged, the same slot in safe mode.
 * Reads at most the whole of the previous slot.
 */
nanoota_record nanoota_end_of_trial(const nanoota_run *run, uint16_t reason);

/*
 * Whether the record is a confirmed one that can give way to the slot before it: the chosen slot is what passed the trial, and the
 * previous one is proven. Reads at most the whole of that slot, and the headers of the other.
 */
bool nanoota_may_give_way(const nanoota_run *run);

/*
 * Ends the trial that runs, or gives confirmed firmware up if it may give way and its record counts: the previous slot boots at the
 * next reset, or after a trial the same slot in safe mode. The reason is 1 to 65535.
 */
nanoota_result nanoota_reject(nanoota_run *run, int32_t reason);

/* Whether the firmware may ask for a guard of so many seconds, 1 to 3600, or for the end of one (0). */
nanoota_result nanoota_guard(const nanoota_run *run, int32_t seconds);

/*
 * Plans the deep sleep that must follow at once. `uptime_ms` have passed since the boot; a trial whose time is over is
 * refused it.
 */
nanoota_result nanoota_sleep(nanoota_run *run, int32_t milliseconds, int32_t kept, uint32_t uptime_ms);

/* Milliseconds after which the chip must wake by its timer from such a sleep, 0 = never; a trial has no more than its time. */
uint32_t nanoota_sleep_limit(const nanoota_run *run, int32_t milliseconds, uint32_t uptime_ms);

/* Sets the counts of crashes and hangs to zero. */
nanoota_result nanoota_forget_crashes(nanoota_run *run);

/* Milliseconds that the trial watchdog has left at a boot, at least 1000. */
uint32_t nanoota_trial_left(const nanoota_run *run);

#endif
