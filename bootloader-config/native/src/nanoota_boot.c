#include "nanoota_boot.h"

#include "nanoota_assembly.h"

#define MAX_POWER_BLIPS 5u

/* What the reset says against the firmware on trial; none for a power blip. */
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

/* The slot boots even if flash does not take the record that says so. */
static void boot_reverted(nanoota_run *run, nanoota_record reverted, nanoota_action action)
{
    run->record = reverted;
    run->saved = nanoota_record_save(run->flash, &run->record);
    run->action = action;
}

/* Firmware that never passed a trial here, or failed one: it only gets to fetch the next release. */
static nanoota_record distrust(const nanoota_run *run, uint8_t slot, uint16_t reason)
{
    nanoota_record reverted = nanoota_record_revert(&run->record, slot, reason);
    reverted.chosen_fingerprint = nanoota_fingerprint(run->flash, slot);
    reverted.safe_mode = NANOOTA_SAFE_CHOSEN;
    return reverted;
}

/* A trial that is alive is better than firmware that cannot start. */
nanoota_record nanoota_end_of_trial(const nanoota_run *run, uint16_t reason)
{
    const nanoota_record *record = &run->record;
    bool is_same = record->previous_fingerprint == 0u
        || nanoota_has_fingerprint(run->flash, record->previous, record->previous_fingerprint);
    return is_same && nanoota_is_sound(run->flash, record->previous)
        ? nanoota_record_revert(record, record->previous, reason)
        : distrust(run, record->chosen, reason);
}

static void end_trial(nanoota_run *run, uint16_t reason)
{
    boot_reverted(run, nanoota_end_of_trial(run, reason), NANOOTA_REVERTED_TRIAL);
}

/* What a developer deploys during a trial is not judged by its rules. If that cannot be saved, the next boot sees it again. */
static bool yield_to_cable(nanoota_run *run)
{
    const nanoota_record *record = &run->record;
    uint8_t slot = record->chosen;
    if (!nanoota_is_redeployed(run->flash, slot, record->chosen_fingerprint)) {
        slot = record->previous;
        if (!nanoota_is_redeployed(run->flash, slot, record->previous_fingerprint)) return false;
    }
    boot_reverted(run, nanoota_record_revert(record, slot, NANOOTA_CABLE_DEPLOYMENT), NANOOTA_YIELDED_TO_CABLE);
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
 * A planned sleep of the trial itself has taken time of it. One without was planned by firmware that runs while flash does not
 * take the revert to it.
 */
static bool is_wake_of_trial(const nanoota_run *run, bool has_woken)
{
    return has_woken && run->retained.trial_ms != 0u;
}

static void settle_trial(nanoota_run *run, uint8_t clr_slot, bool has_woken)
{
    const nanoota_record *record = &run->record;
    bool is_early = nanoota_retained_crashed_early(&run->retained, run->reset_reason);
    uint16_t failure = is_early ? (uint16_t)NANOOTA_NO_REASON : judge_reset(run->reset_reason);
    if (record->clr_slot != NANOOTA_ANY_CLR_SLOT && record->clr_slot != clr_slot)
        end_trial(run, NANOOTA_WRONG_RUNTIME_SLOT);
    else if (record->trial_boots == 0u)
        count_first_boot(run);
    else if (is_wake_of_trial(run, has_woken))
        return; /* as planned: the trial goes on */
    else if (failure != NANOOTA_NO_REASON)
        end_trial(run, failure);
    else if (record->power_blips >= MAX_POWER_BLIPS)
        end_trial(run, NANOOTA_TOO_MANY_BLIPS);
    else
        count_blip(run);
}

/* Whether what ran before the trial of this record was proven itself, and is still what it was. */
static bool is_previous_proven(const nanoota_run *run)
{
    const nanoota_record *record = &run->record;
    return record->safe_mode != NANOOTA_SAFE_PREVIOUS
        && nanoota_is_proven(run->flash, record->previous, record->previous_fingerprint);
}

/*
 * The chosen slot does not boot, and the other one is sound. What ran before it, and still is what it was, is as good as ever;
 * what else that slot may hold has failed a trial, or never passed one. Without a record nobody can tell.
 */
static void take_last_resort(nanoota_run *run, const nanoota_record *loaded, bool is_loaded)
{
    uint8_t slot = run->record.chosen == 0u ? 1u : 0u;
    bool is_trusted = !is_loaded || (loaded->safe_mode != NANOOTA_SAFE_PREVIOUS
        && nanoota_has_fingerprint(run->flash, loaded->previous, loaded->previous_fingerprint));
    nanoota_record reverted = is_trusted ? nanoota_record_revert(&run->record, slot, NANOOTA_SLOT_NOT_BOOTABLE)
                                         : distrust(run, slot, NANOOTA_SLOT_NOT_BOOTABLE);
    boot_reverted(run, reverted, NANOOTA_REVERTED_TRIAL);
}

bool nanoota_may_give_way(const nanoota_run *run)
{
    const nanoota_record *record = &run->record;
    return record->state == NANOOTA_CONFIRMED
        && nanoota_has_fingerprint(run->flash, record->chosen, record->chosen_fingerprint)
        && is_previous_proven(run);
}

/*
 * Against firmware that is not on trial, and that ran before this boot. What bit rot has spoiled gives way without a fault of the
 * release, after a start in which no managed code ran, or at the limit of crashes. A peer that is silent can stall firmware
 * until its guard bites, so hangs never end a release: a server that is down would end it on a whole fleet.
 */
static uint16_t reason_to_give_way(const nanoota_run *run)
{
    const nanoota_retained *retained = &run->retained;
    bool crashes = retained->crashes >= run->crash_limit;
    bool is_suspect = crashes || nanoota_retained_never_ran(retained, run->reset_reason);
    if (run->crash_limit == 0u || !is_suspect || !nanoota_may_give_way(run)) return NANOOTA_NO_REASON;
    if (!nanoota_is_sound(run->flash, run->record.chosen)) return NANOOTA_SLOT_NOT_BOOTABLE;
    return crashes ? (uint16_t)NANOOTA_CRASH_LOOP : (uint16_t)NANOOTA_NO_REASON;
}

static void judge_crashes(nanoota_run *run)
{
    if (run->record.state != NANOOTA_TRIAL && run->action == NANOOTA_DID_NOTHING) {
        uint32_t fingerprint = nanoota_fingerprint(run->flash, run->record.chosen);
        uint16_t reason;
        nanoota_retained_count(&run->retained, run->reset_reason, fingerprint);
        reason = reason_to_give_way(run);
        if (reason == NANOOTA_NO_REASON) {
            uint32_t failures = (uint32_t)run->retained.crashes + run->retained.hangs;
            run->safe_mode = run->crash_limit != 0u && failures >= run->crash_limit;
            return;
        }
        boot_reverted(run, nanoota_record_revert(&run->record, run->record.previous, reason), NANOOTA_REVERTED_TRIAL);
    }
    nanoota_retained_forgive(&run->retained);
}

/* What the record knows of the slot that boots, if the slot is still what it was. */
static void recognise(nanoota_run *run)
{
    const nanoota_record *record = &run->record;
    if (!nanoota_has_fingerprint(run->flash, record->chosen, record->chosen_fingerprint)) return;
    if (record->safe_mode == NANOOTA_SAFE_CHOSEN) run->safe_mode = true;
    run->guarded = record->state == NANOOTA_CONFIRMED
        || (record->state == NANOOTA_REVERTED && record->safe_mode != NANOOTA_SAFE_CHOSEN);
}

/* With something to boot. */
static void choose(nanoota_run *run, const nanoota_reset *reset, bool is_loaded)
{
    nanoota_record loaded = run->record;
    bool has_woken;
    run->retained = nanoota_retained_decode(reset->retained);
    has_woken = nanoota_retained_wake(&run->retained, reset->reason);
    if (loaded.state == NANOOTA_TRIAL && !yield_to_cable(run)) settle_trial(run, reset->clr_slot, has_woken);
    if (run->record.state == NANOOTA_CONFIRMED) run->saved = nanoota_record_bury_older(run->flash, &run->record);
    if (!nanoota_is_plausible(run->flash, run->record.chosen)) take_last_resort(run, &loaded, is_loaded);
    judge_crashes(run);
    recognise(run);
    run->slot = run->record.chosen;
    nanoota_retained_start(&run->retained);
    nanoota_retained_encode(&run->retained, reset->retained);
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
    run->record = nanoota_record_none();
    if (!nanoota_flash_is_usable(flash)) return;
    is_loaded = nanoota_record_load(flash, &run->record); /* none is a record, too: slot 0, confirmed */

    /* With nothing to boot the chip resets over and over, and counting would wear the flash out. */
    if (nanoota_is_plausible(flash, run->record.chosen) || nanoota_is_sound(flash, run->record.previous))
        choose(run, reset, is_loaded);
}
