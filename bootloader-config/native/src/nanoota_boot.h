/* Selects the slot to boot (SPEC.md, section 5.1), and the calls by which the booted firmware may change that. */
#ifndef NANOOTA_BOOT_H
#define NANOOTA_BOOT_H

#include "nanoota_record.h"
#include "nanoota_retained.h"

#include <stddef.h>

/* Neither slot is bootable. */
#define NANOOTA_NO_SLOT 0xFFu

/* The runtime slots ota_0 and ota_1. */
#define NANOOTA_RUNTIME_SLOTS 2u
typedef struct {
    void *context;
    /* Whether ESP-IDF's checks accept the image in a slot. */
    bool (*is_bootable)(void *context, uint8_t slot);
} nanoota_runtimes;

/* The facts of a chip reset. */
typedef struct {
    int32_t reason;       /* esp_reset_reason_t */
    uint8_t clr_slot;     /* the runtime slot that runs, 0 or 1; 0 on boards with one */
    uint8_t crash_limit;  /* failures at which firmware that is not on trial is reverted or runs in safe mode; 0 = never */
    uint32_t trial_ms;    /* time of a trial until its verdict, 1000 or more */
    uint8_t *retained;    /* NANOOTA_RETAINED_LENGTH bytes as the reset left them; updated until the next reset */
    const nanoota_runtimes *runtimes; /* NULL: the board has one runtime, whatever its flash */
} nanoota_reset;

/* The change of the boot record by a boot. */
typedef enum {
    NANOOTA_DID_NOTHING = 0,
    NANOOTA_BEGAN_TRIAL = 1,
    NANOOTA_COUNTED_BLIP = 2,
    NANOOTA_REVERTED_TRIAL = 3,
    NANOOTA_YIELDED_TO_CABLE = 4
} nanoota_action;

/* Result of a call; the numbers of NativeModule. */
typedef enum { NANOOTA_OK = 0, NANOOTA_REFUSED = -1, NANOOTA_FAILED = -2 } nanoota_result;

/* The state from a boot to the next reset. Only one exists, used from one task at a time. */
typedef struct {
    const nanoota_flash *flash;
    nanoota_record record; /* the valid record from now on; after a flash failure it may exist only here */
    nanoota_retained retained;
    uint8_t *memory;       /* its encoded bytes */
    int32_t reset_reason;
    uint32_t trial_ms;     /* time of a trial */
    uint8_t crash_limit;
    uint8_t clr_slot;
    const nanoota_runtimes *runtimes; /* NULL also if flash has no room for runtime slots */
    nanoota_action action;
    uint8_t slot;          /* the slot that runs, or NANOOTA_NO_SLOT */
    bool saved;            /* whether flash holds the record, any older copy is confirmed, and no other copy may be valid */
    bool restarts;         /* the chip must be reset at once, because the other runtime slot is chosen; nothing runs */
    bool safe_mode;        /* only network and agent should run */
    bool guarded;          /* the firmware is not on trial and had an agent before: the chip must be reset unless it calls */
} nanoota_run;

/* Chooses the slot to boot, and updates the boot record and the retained memory. */
void nanoota_boot(nanoota_run *run, const nanoota_flash *flash, const nanoota_reset *reset);

/* Confirmed, trial or reverted; activated when a trial of the other slot begins at the next reset. */
uint8_t nanoota_state(const nanoota_run *run);

/* Whether the inactive slot and its index region may be written: only while the state is confirmed, and saved. */
bool nanoota_may_write_inactive(const nanoota_run *run);

/* Chooses the inactive slot for a trial at the next reset. */
nanoota_result nanoota_activate(nanoota_run *run);

/* Confirms the trial that runs, or acknowledges the revert to the running firmware. OK if there is nothing to do. */
nanoota_result nanoota_confirm(nanoota_run *run);

/* Whether the runtime slot that does not run and its index region may be written: as the inactive slot, and only while no revert could
 * start what it holds. */
bool nanoota_may_write_runtime(const nanoota_run *run);

/* Makes the runtime slot that does not run free for a new runtime: from now on nothing reverts to it. */
nanoota_result nanoota_release_runtime(nanoota_run *run);

/* Chooses the other runtime slot for a trial at the next reset, with the app of the inactive slot or with the running one. */
nanoota_result nanoota_activate_runtime(nanoota_run *run, bool with_app);

/* Records that managed code runs: from now on crashes count against the firmware. Must come before the call itself is handled. */
void nanoota_called(nanoota_run *run);

/*
 * The record that ends the trial that runs: the previous slot boots; if that is damaged, the same slot in safe mode.
 * Reads at most the whole previous slot.
 */
nanoota_record nanoota_end_of_trial(const nanoota_run *run, uint16_t reason);

/* The record that boots a slot in safe mode: its firmware never passed a trial on this device, or failed one. */
nanoota_record nanoota_revert_in_safe_mode(const nanoota_run *run, uint8_t slot, uint16_t reason);

/* Whether the previous firmware passed a trial itself, and is unchanged. */
bool nanoota_is_previous_proven(const nanoota_run *run);

/*
 * Whether the record is a confirmed one that can revert: the chosen slot is unchanged since its trial, and the previous one is
 * proven. Reads at most the whole previous slot, and the headers of the chosen one.
 */
bool nanoota_may_revert(const nanoota_run *run);

/*
 * Ends the trial that runs, or reverts confirmed firmware if it may revert and its record is saved: the previous slot boots at the
 * next reset, or after a trial the same slot in safe mode. The reason is 1 to 65535.
 */
nanoota_result nanoota_reject(nanoota_run *run, int32_t reason);

/* Whether the firmware may start a guard of so many seconds, 1 to 3600, or end one (0). */
nanoota_result nanoota_guard(const nanoota_run *run, int32_t seconds);

/*
 * Plans the deep sleep that must follow at once. `uptime_ms` is the time since the boot. Refused to a trial whose time is
 * over, and to a runtime on trial: the wake is a reset, at which the bootloader gives it up.
 */
nanoota_result nanoota_sleep(nanoota_run *run, int32_t milliseconds, int32_t kept, uint32_t uptime_ms);

/* Milliseconds after which the timer must wake the chip from such a sleep, 0 = never; at most the time that a trial has left. */
uint32_t nanoota_sleep_limit(const nanoota_run *run, int32_t milliseconds, uint32_t uptime_ms);

/* Sets the counts of crashes and hangs to zero. */
nanoota_result nanoota_forget_crashes(nanoota_run *run);

/* Milliseconds left to the trial watchdog at a boot, at least 1000. */
uint32_t nanoota_trial_left(const nanoota_run *run);

#endif
