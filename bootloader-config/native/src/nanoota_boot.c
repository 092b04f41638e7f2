#include "nanoota_boot.h"

#include "nanoota_assembly.h"
#include "nanoota_pair.h"

#define MAX_POWER_BLIPS 5u

/* The failure that the reset reports for firmware on trial; none for a power blip. */
static uint16_t judge_reset(int32_t reset_reason)
{
    switch (reset_reason) {
    case NANOOTA_RESET_SOFTWARE:
        return NANOOTA_TRIAL_RESET;
    case NANOOTA_RESET_PANIC:
    case NANOOTA_RESET_CPU_LOCKUP:
        return NANOOTA_TRIAL_PANIC;
    case NANOOTA_RESET_INTERRUPT_WATCHDOG:
    case NANOOTA_RESET_TASK_WATCHDOG:
    case NANOOTA_RESET_OTHER_WATCHDOG:
        return NANOOTA_TRIAL_WATCHDOG;
    default:
        return NANOOTA_NO_REASON;
    }
}

/* The slot boots even if the record cannot be written to flash. */
static void boot_reverted(nanoota_run *run, nanoota_record reverted, nanoota_action action)
{
    run->record = reverted;
    run->saved = nanoota_record_save(run->flash, &run->record);
    run->action = action;
}

/* It runs in safe mode to fetch the next release. */
nanoota_record nanoota_revert_in_safe_mode(const nanoota_run *run, uint8_t slot, uint16_t reason)
{
    nanoota_record reverted = nanoota_record_revert(&run->record, slot, reason);
    reverted.chosen_fingerprint = nanoota_fingerprint(run->flash, slot);
    reverted.safe_mode = NANOOTA_SAFE_CHOSEN;
    return reverted;
}

/* If the previous slot is damaged, the same slot stays, because it can start. */
nanoota_record nanoota_end_of_trial(const nanoota_run *run, uint16_t reason)
{
    const nanoota_record *record = &run->record;
    bool is_same = record->previous_fingerprint == 0u
        || nanoota_has_fingerprint(run->flash, record->previous, record->previous_fingerprint);
    return is_same && nanoota_is_sound(run->flash, record->previous)
        ? nanoota_record_revert(record, record->previous, reason)
        : nanoota_revert_in_safe_mode(run, record->chosen, reason);
}

static void end_trial(nanoota_run *run, uint16_t reason)
{
    boot_reverted(run, nanoota_pair_end_trial(run, reason), NANOOTA_REVERTED_TRIAL);
}

/* An app that was deployed by cable during a trial is not on trial. If the record cannot be saved, the next boot repeats this. */
static bool yield_to_cable(nanoota_run *run)
{
    const nanoota_record *record = &run->record;
    uint8_t slot = record->chosen;
    nanoota_record deployed;
    if (!nanoota_is_redeployed(run->flash, slot, record->chosen_fingerprint)) {
        slot = record->previous;
        if (record->runtime_only != 0u) return false; /* the fingerprint is not of the previous slot */
        if (!nanoota_is_redeployed(run->flash, slot, record->previous_fingerprint)) return false;
    }
    deployed = nanoota_record_revert(record, slot, NANOOTA_CABLE_DEPLOYMENT);
    if (nanoota_is_pair(run)) {
        deployed.clr_slot = NANOOTA_ANY_CLR_SLOT;
        deployed.runtime_only = 0;
    }
    boot_reverted(run, deployed, NANOOTA_YIELDED_TO_CABLE);
    return true;
}

/* A boot of a trial that cannot be counted must not happen: it could repeat for ever. */
static void count_boot(nanoota_run *run, nanoota_record counted, nanoota_action counting)
{
    if (nanoota_record_save(run->flash, &counted)) {
        run->record = counted;
        run->action = counting;
    } else {
        end_trial(run, NANOOTA_BOOT_RECORD_FAILED);
    }
}

static void count_first_boot(nanoota_run *run)
{
    nanoota_record counted = run->record;
    counted.trial_boots = 1;
    count_boot(run, counted, NANOOTA_BEGAN_TRIAL);
}

static void count_blip(nanoota_run *run)
{
    nanoota_record counted = run->record;
    counted.power_blips++;
    if (counted.trial_boots < UINT8_MAX) counted.trial_boots++;
    count_boot(run, counted, NANOOTA_COUNTED_BLIP);
}

/*
 * A planned sleep of the trial has a trial time. Without one it was planned by other firmware, whose revert could not be written
 * to flash.
 */
static bool is_wake_of_trial(const nanoota_run *run, bool has_woken)
{
    return has_woken && run->retained.trial_ms != 0u;
}

/*
 * The runtime on trial does not run: the bootloader gives it one boot. It gets another one, unless the last one ended by a fault of
 * the firmware. Faults before the module has counted a boot are none, because the runtime can crash at its start.
 */
static void decide_trial_of_other(nanoota_run *run, uint16_t failure)
{
    nanoota_record counted = run->record;
    counted.power_blips++;
    counted.trial_boots = 0;
    if (nanoota_runtime_chosen(run) == run->record.clr_slot)
        end_trial(run, NANOOTA_WRONG_RUNTIME_SLOT); /* the bootloader could not start it */
    else if (run->record.trial_boots > 0u && failure != NANOOTA_NO_REASON)
        end_trial(run, failure);
    else if (run->record.power_blips >= MAX_POWER_BLIPS)
        end_trial(run, NANOOTA_TOO_MANY_BLIPS);
    else
        count_boot(run, counted, NANOOTA_COUNTED_BLIP);
    if (run->record.state == NANOOTA_TRIAL && !nanoota_runtime_choose(run, run->record.clr_slot))
        end_trial(run, NANOOTA_BOOT_RECORD_FAILED);
}

static void decide_trial(nanoota_run *run, bool has_woken)
{
    const nanoota_record *record = &run->record;
    bool is_early = nanoota_retained_crashed_early(&run->retained, run->reset_reason);
    uint16_t failure = is_early ? (uint16_t)NANOOTA_NO_REASON : judge_reset(run->reset_reason);
    if (nanoota_is_of_other(run))
        decide_trial_of_other(run, failure);
    else if (record->clr_slot != NANOOTA_ANY_CLR_SLOT && record->clr_slot != run->clr_slot)
        end_trial(run, NANOOTA_WRONG_RUNTIME_SLOT);
    else if (record->trial_boots == 0u)
        count_first_boot(run);
    else if (is_wake_of_trial(run, has_woken))
        return; /* neither a failure nor a power blip */
    else if (failure != NANOOTA_NO_REASON)
        end_trial(run, failure);
    else if (record->power_blips >= MAX_POWER_BLIPS)
        end_trial(run, NANOOTA_TOO_MANY_BLIPS);
    else
        count_blip(run);
}

bool nanoota_is_previous_proven(const nanoota_run *run)
{
    const nanoota_record *record = &run->record;
    return record->safe_mode != NANOOTA_SAFE_PREVIOUS
        && nanoota_is_proven(run->flash, record->previous, record->previous_fingerprint);
}

/*
 * The first sector of the chosen slot is damaged, and the other slot is sound. It runs outside safe mode only if it is the previous
 * firmware, or if there is no record.
 */
static void boot_other_slot(nanoota_run *run, const nanoota_record *loaded, bool is_loaded)
{
    uint8_t slot = run->record.chosen == 0u ? 1u : 0u;
    bool is_trusted = !is_loaded || (loaded->safe_mode != NANOOTA_SAFE_PREVIOUS
        && nanoota_has_fingerprint(run->flash, loaded->previous, loaded->previous_fingerprint));
    nanoota_record reverted = is_trusted ? nanoota_record_revert(&run->record, slot, NANOOTA_SLOT_NOT_BOOTABLE)
                                         : nanoota_revert_in_safe_mode(run, slot, NANOOTA_SLOT_NOT_BOOTABLE);
    boot_reverted(run, nanoota_pair_with_other_app(run, reverted), NANOOTA_REVERTED_TRIAL);
}

bool nanoota_may_revert(const nanoota_run *run)
{
    const nanoota_record *record = &run->record;
    return record->state == NANOOTA_CONFIRMED
        && nanoota_has_fingerprint(run->flash, record->chosen, record->chosen_fingerprint)
        && nanoota_is_previous_proven(run);
}

/*
 * For firmware that is not on trial, and that ran before this boot. A damaged slot is reverted without blame for the release, after
 * a start in which no managed code ran or at the crash limit. Hangs never revert a release: a silent server can stall firmware
 * until its guard resets it, and would revert a whole fleet.
 */
static uint16_t reason_to_revert(const nanoota_run *run)
{
    const nanoota_retained *retained = &run->retained;
    bool crashes = retained->crashes >= run->crash_limit;
    bool is_suspect = crashes || nanoota_retained_never_ran(retained, run->reset_reason);
    if (run->crash_limit == 0u || !is_suspect || !nanoota_pair_may_revert(run)) return NANOOTA_NO_REASON;
    if (!nanoota_is_sound(run->flash, run->record.chosen)) return NANOOTA_SLOT_NOT_BOOTABLE;
    return crashes ? (uint16_t)NANOOTA_CRASH_LOOP : (uint16_t)NANOOTA_NO_REASON;
}

static void handle_crashes(nanoota_run *run)
{
    if (run->record.state != NANOOTA_TRIAL && run->action == NANOOTA_DID_NOTHING) {
        uint32_t fingerprint = nanoota_fingerprint(run->flash, run->record.chosen);
        uint16_t reason;
        nanoota_retained_count(&run->retained, run->reset_reason, fingerprint);
        reason = reason_to_revert(run);
        if (reason == NANOOTA_NO_REASON) {
            uint32_t failures = (uint32_t)run->retained.crashes + run->retained.hangs;
            run->safe_mode = run->crash_limit != 0u && failures >= run->crash_limit;
            return;
        }
        boot_reverted(run, nanoota_pair_revert(run, reason), NANOOTA_REVERTED_TRIAL);
    }
    nanoota_retained_clear(&run->retained);
}

/* Applies safe mode and guard from the record, if the slot is unchanged. */
static void apply_recorded_state(nanoota_run *run)
{
    const nanoota_record *record = &run->record;
    if (!nanoota_has_fingerprint(run->flash, record->chosen, record->chosen_fingerprint)) return;
    if (record->safe_mode == NANOOTA_SAFE_CHOSEN) run->safe_mode = true;
    run->guarded = record->state == NANOOTA_CONFIRMED
        || (record->state == NANOOTA_REVERTED && record->safe_mode != NANOOTA_SAFE_CHOSEN);
}

/*
 * The app belongs to the other runtime. False: that one cannot be had, and the record is about the running one now. A runtime of
 * confirmed firmware that crashes at its start gets as many attempts as one on trial.
 */
static bool changes_runtime(nanoota_run *run)
{
    bool is_damaged;
    if (run->record.state == NANOOTA_TRIAL) return true; /* chosen again */
    is_damaged = nanoota_runtime_chosen(run) == run->record.clr_slot; /* the bootloader was to start it, and did not */
    if (!is_damaged && run->record.power_blips < MAX_POWER_BLIPS) {
        nanoota_record counted = run->record;
        counted.power_blips++;
        if (nanoota_record_save(run->flash, &counted)) {
            run->record = counted;
            if (nanoota_runtime_leave(run)) return true;
        }
    }
    boot_reverted(run, nanoota_pair_lose_runtime(run), NANOOTA_REVERTED_TRIAL);
    return false;
}

/* otadata follows the record of the pair. */
static void keep_runtime(nanoota_run *run)
{
    nanoota_record kept = run->record;
    if (run->runtimes == NULL || kept.state == NANOOTA_TRIAL) return;
    if (!nanoota_is_pair(run) && nanoota_runtime_chosen(run) == run->clr_slot) return;
    kept.power_blips = 0;
    if (nanoota_runtime_keep(run) && run->record.power_blips > 0u && nanoota_record_save(run->flash, &kept)) run->record = kept;
}

/* At least one slot is bootable. */
static void choose(nanoota_run *run, const nanoota_reset *reset, bool is_loaded)
{
    nanoota_record loaded = run->record;
    bool has_woken;
    run->retained = nanoota_retained_decode(reset->retained);
    has_woken = nanoota_retained_wake(&run->retained, reset->reason);
    if (loaded.state == NANOOTA_TRIAL && !yield_to_cable(run)) decide_trial(run, has_woken);
    if (run->record.state == NANOOTA_CONFIRMED) run->saved = nanoota_record_overwrite_older(run->flash, &run->record);
    if (!nanoota_is_plausible(run->flash, run->record.chosen)) boot_other_slot(run, &loaded, is_loaded);
    handle_crashes(run);
    nanoota_retained_start(&run->retained);
    nanoota_retained_encode(&run->retained, reset->retained);
    run->restarts = nanoota_is_of_other(run) && changes_runtime(run);
    if (run->restarts) return;
    keep_runtime(run);
    apply_recorded_state(run);
    run->slot = run->record.chosen;
}

void nanoota_boot(nanoota_run *run, const nanoota_flash *flash, const nanoota_reset *reset)
{
    static const nanoota_run none = {.slot = NANOOTA_NO_SLOT, .saved = true};
    bool is_loaded;
    *run = none;
    run->flash = flash;
    run->memory = reset->retained;
    run->reset_reason = reset->reason;
    run->trial_ms = reset->trial_ms;
    run->crash_limit = reset->crash_limit;
    run->clr_slot = reset->clr_slot;
    run->runtimes = nanoota_flash_has_runtimes(flash) ? reset->runtimes : NULL;
    run->record = nanoota_record_none();
    if (!nanoota_flash_is_usable(flash)) return;
    is_loaded = nanoota_record_load(flash, &run->record); /* slot 0, confirmed, if there is none */

    /* Without a bootable slot the chip resets in a loop; a counter in flash would wear it out. */
    if (nanoota_is_plausible(flash, run->record.chosen) || nanoota_is_sound(flash, run->record.previous))
        choose(run, reset, is_loaded);
}
