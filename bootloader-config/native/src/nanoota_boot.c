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
static void end_trial(nanoota_run *run, uint8_t slot, uint16_t reason, nanoota_action action)
{
    run->record = nanoota_record_revert(&run->record, slot, reason);
    run->saved = nanoota_record_save(run->flash, &run->record);
    run->action = action;
}

static void revert(nanoota_run *run, uint8_t slot, uint16_t reason)
{
    end_trial(run, slot, reason, NANOOTA_REVERTED_TRIAL);
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
    end_trial(run, slot, NANOOTA_CABLE_DEPLOYMENT, NANOOTA_YIELDED_TO_CABLE);
    return true;
}

/* A boot of a trial that cannot be counted must not happen: it could repeat for ever. */
static void count_boot(nanoota_run *run, nanoota_record counted, nanoota_action counting)
{
    if (nanoota_record_save(run->flash, &counted)) {
        run->record = counted;
        run->action = counting;
    } else {
        revert(run, run->record.previous, NANOOTA_BOOT_RECORD_FAILED);
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

static void settle_trial(nanoota_run *run, uint8_t clr_slot)
{
    const nanoota_record *record = &run->record;
    uint16_t failure = judge_reset(run->reset_reason);
    if (record->clr_slot != NANOOTA_ANY_CLR_SLOT && record->clr_slot != clr_slot)
        revert(run, record->previous, NANOOTA_WRONG_RUNTIME_SLOT);
    else if (record->trial_boots == 0u)
        count_first_boot(run);
    else if (failure != NANOOTA_NO_REASON)
        revert(run, record->previous, failure);
    else if (record->power_blips >= MAX_POWER_BLIPS)
        revert(run, record->previous, NANOOTA_TOO_MANY_BLIPS);
    else
        count_blip(run);
}

void nanoota_boot(nanoota_run *run, const nanoota_flash *flash, int32_t reset_reason, uint8_t clr_slot)
{
    run->flash = flash;
    run->record = nanoota_record_none();
    run->reset_reason = reset_reason;
    run->action = NANOOTA_DID_NOTHING;
    run->slot = NANOOTA_NO_SLOT;
    run->saved = true;
    if (!nanoota_flash_is_usable(flash)) return;
    (void)nanoota_record_load(flash, &run->record); /* none is a record, too: slot 0, confirmed */

    /* With nothing to boot the chip resets over and over, and counting would wear the flash out. */
    if (!nanoota_is_plausible(flash, 0) && !nanoota_is_plausible(flash, 1)) return;
    if (run->record.state == NANOOTA_TRIAL && !yield_to_cable(run)) settle_trial(run, clr_slot);
    if (run->record.state == NANOOTA_CONFIRMED) run->saved = nanoota_record_bury_trial(flash, &run->record);
    if (!nanoota_is_plausible(flash, run->record.chosen))
        revert(run, run->record.chosen == 0u ? 1u : 0u, NANOOTA_SLOT_NOT_BOOTABLE);
    run->slot = run->record.chosen;
}
