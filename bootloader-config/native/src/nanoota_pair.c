#include "nanoota_pair.h"

#include "nanoota_assembly.h"

static uint8_t other(uint8_t slot)
{
    return slot == 0u ? 1u : 0u;
}

bool nanoota_is_pair(const nanoota_run *run)
{
    return run->runtimes != NULL && run->record.clr_slot < NANOOTA_RUNTIME_SLOTS;
}

bool nanoota_is_of_other(const nanoota_run *run)
{
    return nanoota_is_pair(run) && run->record.clr_slot != run->clr_slot;
}

static nanoota_record revert_runtime(const nanoota_record *record, uint16_t reason)
{
    nanoota_record reverted = *record;
    reverted.state = NANOOTA_REVERTED;
    reverted.trial_boots = 0;
    reverted.power_blips = 0;
    reverted.reason = reason;
    reverted.clr_slot = other(record->clr_slot);
    reverted.previous_fingerprint = 0;
    return reverted;
}

nanoota_record nanoota_pair_end_trial(const nanoota_run *run, uint16_t reason)
{
    const nanoota_record *record = &run->record;
    uint8_t before = other(record->clr_slot);
    nanoota_record ended;
    if (!nanoota_is_pair(run)) return nanoota_end_of_trial(run, reason);
    if (run->clr_slot != before && !nanoota_runtime_is_bootable(run, before))
        return nanoota_revert_in_safe_mode(run, record->chosen, reason);
    if (record->runtime_only != 0u) return revert_runtime(record, reason);
    ended = nanoota_end_of_trial(run, reason);
    if (ended.chosen == record->previous) ended.clr_slot = before;
    return ended;
}

bool nanoota_pair_may_revert(const nanoota_run *run)
{
    const nanoota_record *record = &run->record;
    bool is_there;
    if (!nanoota_is_pair(run)) return nanoota_may_revert(run);
    is_there = record->runtime_only == 0u
        ? nanoota_may_revert(run)
        : record->state == NANOOTA_CONFIRMED && record->previous_fingerprint != 0u
            && nanoota_has_fingerprint(run->flash, record->chosen, record->chosen_fingerprint);
    return is_there && nanoota_runtime_is_bootable(run, other(record->clr_slot));
}

nanoota_record nanoota_pair_revert(const nanoota_run *run, uint16_t reason)
{
    const nanoota_record *record = &run->record;
    nanoota_record reverted;
    if (nanoota_is_pair(run) && record->runtime_only != 0u) return revert_runtime(record, reason);
    reverted = nanoota_record_revert(record, record->previous, reason);
    if (nanoota_is_pair(run)) reverted.clr_slot = other(record->clr_slot);
    return reverted;
}

nanoota_record nanoota_pair_lose_runtime(const nanoota_run *run)
{
    const nanoota_record *record = &run->record;
    nanoota_record reverted;
    if (record->runtime_only != 0u || !nanoota_is_sound(run->flash, record->previous)
        || !nanoota_has_fingerprint(run->flash, record->previous, record->previous_fingerprint))
        return revert_runtime(record, NANOOTA_SLOT_NOT_BOOTABLE);
    reverted = nanoota_is_previous_proven(run)
        ? nanoota_record_revert(record, record->previous, NANOOTA_SLOT_NOT_BOOTABLE)
        : nanoota_revert_in_safe_mode(run, record->previous, NANOOTA_SLOT_NOT_BOOTABLE);
    reverted.clr_slot = run->clr_slot;
    return reverted;
}

nanoota_record nanoota_pair_with_other_app(const nanoota_run *run, nanoota_record reverted)
{
    uint8_t before = other(run->record.clr_slot);
    if (!nanoota_is_pair(run)) return reverted;
    reverted.clr_slot = run->record.runtime_only == 0u && nanoota_runtime_is_bootable(run, before) ? before : NANOOTA_ANY_CLR_SLOT;
    reverted.runtime_only = 0;
    return reverted;
}
