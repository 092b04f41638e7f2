/* The calls of running firmware that change the boot record or the retained memory, and their checks. */
#include "nanoota_assembly.h"
#include "nanoota_pair.h"

#define LONGEST_GUARD_SECONDS 3600
#define LEAST_TRIAL_MS 1000u

/*
 * A verdict concerns the slot that runs; the record may concern the other one. If nothing runs, every verdict is refused, because
 * no record chooses NANOOTA_NO_SLOT.
 */
static bool is_of_running(const nanoota_run *run)
{
    return run->record.chosen == run->slot && !nanoota_is_of_other(run);
}

/*
 * A record that could not be read back may be readable at the next boot, and then chooses the other slot. Nothing may be staged
 * there meanwhile, because it would boot without a trial.
 */
static nanoota_result save(nanoota_run *run, nanoota_record record)
{
    run->saved = nanoota_record_save(run->flash, &record);
    if (!run->saved) return NANOOTA_FAILED;
    run->record = record;
    return NANOOTA_OK;
}

void nanoota_called(nanoota_run *run)
{
    if (run->slot == NANOOTA_NO_SLOT || run->retained.silent == 0u) return;
    run->retained.silent = 0;
    nanoota_retained_encode(&run->retained, run->memory);
}

uint8_t nanoota_state(const nanoota_run *run)
{
    return is_of_running(run) ? run->record.state : NANOOTA_ACTIVATED;
}

bool nanoota_may_write_inactive(const nanoota_run *run)
{
    return nanoota_state(run) == NANOOTA_CONFIRMED && run->saved;
}

static uint8_t inactive_slot(const nanoota_run *run)
{
    return run->slot == 0u ? 1u : 0u;
}

/* The record of a trial of the inactive slot's app, or of the running one. */
static nanoota_record trial_of(const nanoota_run *run, bool with_app)
{
    nanoota_record record = nanoota_record_none();
    uint32_t running = nanoota_fingerprint(run->flash, run->slot);
    record.chosen = with_app ? inactive_slot(run) : run->slot;
    record.previous = with_app ? run->slot : inactive_slot(run);
    record.state = NANOOTA_TRIAL;
    record.chosen_fingerprint = with_app ? nanoota_fingerprint(run->flash, record.chosen) : running;
    record.previous_fingerprint = running;
    if (run->record.safe_mode == NANOOTA_SAFE_CHOSEN && run->record.chosen_fingerprint == running)
        record.safe_mode = with_app ? NANOOTA_SAFE_PREVIOUS : NANOOTA_SAFE_CHOSEN;
    return record;
}

nanoota_result nanoota_activate(nanoota_run *run)
{
    if (nanoota_state(run) != NANOOTA_CONFIRMED) return NANOOTA_REFUSED;
    if (!nanoota_is_plausible(run->flash, inactive_slot(run))) return NANOOTA_REFUSED;
    return save(run, trial_of(run, true));
}

static bool may_choose_runtime(const nanoota_run *run)
{
    return run->runtimes != NULL && nanoota_may_write_inactive(run) && nanoota_runtime_is_confirmed(run);
}

bool nanoota_may_write_runtime(const nanoota_run *run)
{
    return may_choose_runtime(run) && (!nanoota_is_pair(run) || run->record.previous_fingerprint == 0u);
}

nanoota_result nanoota_release_runtime(nanoota_run *run)
{
    nanoota_record released = run->record;
    nanoota_result result;
    if (!may_choose_runtime(run)) return NANOOTA_REFUSED;
    if (nanoota_may_write_runtime(run)) return NANOOTA_OK;
    released.previous_fingerprint = 0;
    result = save(run, released);
    if (result != NANOOTA_OK) return result;
    /* Otherwise, if the newer copy were lost, the older one could start what is written there. */
    run->saved = nanoota_record_overwrite_older(run->flash, &run->record);
    return run->saved ? NANOOTA_OK : NANOOTA_FAILED;
}

nanoota_result nanoota_activate_runtime(nanoota_run *run, bool with_app)
{
    nanoota_record record;
    uint8_t runtime = run->clr_slot == 0u ? 1u : 0u;
    nanoota_result result;
    if (!may_choose_runtime(run) || !nanoota_runtime_is_bootable(run, runtime)) return NANOOTA_REFUSED;
    if (with_app && !nanoota_is_plausible(run->flash, inactive_slot(run))) return NANOOTA_REFUSED;
    record = trial_of(run, with_app);
    record.clr_slot = runtime;
    record.runtime_only = (uint8_t)(with_app ? 0u : 1u);
    /* The record first: until otadata chooses the other runtime, the old pair boots. */
    result = save(run, record);
    if (result != NANOOTA_OK) return result;
    return nanoota_runtime_choose(run, runtime) ? NANOOTA_OK : NANOOTA_FAILED;
}

nanoota_result nanoota_confirm(nanoota_run *run)
{
    nanoota_record record = run->record;
    nanoota_result result;
    if (!is_of_running(run)) return NANOOTA_REFUSED;
    if (record.state == NANOOTA_CONFIRMED) return NANOOTA_OK;
    record.state = NANOOTA_CONFIRMED;
    record.trial_boots = 0;
    record.power_blips = 0;
    result = save(run, record);
    if (result != NANOOTA_OK) return result;
    run->saved = nanoota_record_overwrite_older(run->flash, &run->record);
    /* Last: until here a reset starts the old runtime, whose module follows the record. */
    return !nanoota_is_pair(run) || nanoota_runtime_keep(run) ? NANOOTA_OK : NANOOTA_FAILED;
}

nanoota_result nanoota_reject(nanoota_run *run, int32_t reason)
{
    if (reason < 1 || reason > UINT16_MAX) return NANOOTA_REFUSED;
    if (nanoota_state(run) == NANOOTA_TRIAL) return save(run, nanoota_pair_end_trial(run, (uint16_t)reason));
    /* Confirmed firmware reverts by the same rule as after crashes, and only while the older copy of the record is confirmed too. */
    if (!nanoota_may_write_inactive(run) || !nanoota_pair_may_revert(run)) return NANOOTA_REFUSED;
    return save(run, nanoota_pair_revert(run, (uint16_t)reason));
}

nanoota_result nanoota_guard(const nanoota_run *run, int32_t seconds)
{
    bool is_allowed = run->slot != NANOOTA_NO_SLOT && seconds >= 0 && seconds <= LONGEST_GUARD_SECONDS;
    return is_allowed ? NANOOTA_OK : NANOOTA_REFUSED;
}

/* Each boot uses at least a second of the trial, otherwise firmware that sleeps at once could be on trial for ever. */
static uint64_t trial_used(const nanoota_run *run, uint32_t uptime_ms)
{
    if (nanoota_state(run) != NANOOTA_TRIAL) return 0;
    return (uint64_t)run->retained.trial_ms + (uptime_ms < LEAST_TRIAL_MS ? LEAST_TRIAL_MS : uptime_ms);
}

uint32_t nanoota_sleep_limit(const nanoota_run *run, int32_t milliseconds, uint32_t uptime_ms)
{
    uint64_t used = trial_used(run, uptime_ms);
    uint32_t wanted = milliseconds < 0 ? 0u : (uint32_t)milliseconds;
    if (used == 0u || used >= run->trial_ms) return wanted;
    return wanted == 0u || wanted > run->trial_ms - used ? (uint32_t)(run->trial_ms - used) : wanted;
}

nanoota_result nanoota_sleep(nanoota_run *run, int32_t milliseconds, int32_t kept, uint32_t uptime_ms)
{
    uint64_t used = trial_used(run, uptime_ms);
    if (run->slot == NANOOTA_NO_SLOT || milliseconds < 0 || kept < 0) return NANOOTA_REFUSED;
    if (used >= run->trial_ms) return NANOOTA_REFUSED;
    if (nanoota_state(run) == NANOOTA_TRIAL && nanoota_is_pair(run)) return NANOOTA_REFUSED;
    run->retained.is_planned = true;
    run->retained.silent = 1; /* the wake may crash before its boot can count the start */
    run->retained.trial_ms = (uint32_t)used;
    run->retained.kept = (uint32_t)kept;
    nanoota_retained_encode(&run->retained, run->memory);
    return NANOOTA_OK;
}

nanoota_result nanoota_forget_crashes(nanoota_run *run)
{
    if (run->slot == NANOOTA_NO_SLOT) return NANOOTA_REFUSED;
    run->retained.crashes = 0;
    run->retained.hangs = 0;
    nanoota_retained_encode(&run->retained, run->memory);
    return NANOOTA_OK;
}

uint32_t nanoota_trial_left(const nanoota_run *run)
{
    uint32_t used = run->retained.trial_ms;
    return used < run->trial_ms - LEAST_TRIAL_MS ? run->trial_ms - used : LEAST_TRIAL_MS;
}
