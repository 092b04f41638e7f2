#include "nanoota_runtime.h"

#include <string.h>

typedef struct {
    nanoota_otadata otadata;
    uint32_t active; /* sector, or NANOOTA_OTA_NONE */
    uint32_t chosen; /* slot, or NANOOTA_OTA_NONE */
    bool is_readable;
} view;

static view look(const nanoota_run *run)
{
    view seen = {.active = NANOOTA_OTA_NONE, .chosen = NANOOTA_OTA_NONE};
    seen.is_readable = nanoota_otadata_read(run->flash, &seen.otadata);
    if (!seen.is_readable) return seen;
    seen.active = nanoota_otadata_active(&seen.otadata);
    if (seen.active != NANOOTA_OTA_NONE) seen.chosen = nanoota_ota_slot(&seen.otadata.record[seen.active], NANOOTA_RUNTIME_SLOTS);
    return seen;
}

static bool is_pending(const nanoota_run *run, const view *seen)
{
    uint32_t state;
    if (seen->chosen != run->clr_slot) return false;
    state = seen->otadata.record[seen->active].state;
    return state == NANOOTA_OTA_NEW || state == NANOOTA_OTA_PENDING;
}

static bool has_valid_record(const view *seen, uint32_t slot)
{
    for (uint32_t i = 0; seen->is_readable && i < 2u; i++) {
        const nanoota_ota_record *record = &seen->otadata.record[i];
        if (nanoota_ota_is_valid(record) && nanoota_ota_slot(record, NANOOTA_RUNTIME_SLOTS) == slot) return true;
    }
    return false;
}

/* Reads it back. */
static bool write_record(const nanoota_run *run, uint32_t sector, const nanoota_ota_record *record)
{
    nanoota_otadata written;
    return nanoota_otadata_write(run->flash, sector, record) && nanoota_otadata_read(run->flash, &written)
        && memcmp(&written.record[sector], record, sizeof *record) == 0;
}

static bool set_active(const nanoota_run *run, const view *seen, uint32_t state)
{
    nanoota_ota_record record = seen->otadata.record[seen->active];
    record.state = state;
    return write_record(run, seen->active, &record);
}

/* Over the record that is not active. */
static bool choose(const nanoota_run *run, const view *seen, uint32_t slot, uint32_t state)
{
    uint32_t sector = seen->active == 0u ? 1u : 0u;
    uint32_t sequence = slot + 1u;
    nanoota_ota_record record = seen->otadata.record[sector];
    if (!seen->is_readable) return false;
    if (seen->active != NANOOTA_OTA_NONE
        && !nanoota_ota_next_sequence(seen->otadata.record[seen->active].sequence, slot, NANOOTA_RUNTIME_SLOTS, &sequence))
        return false;
    nanoota_ota_set(&record, sequence, state);
    return write_record(run, sector, &record);
}

uint32_t nanoota_runtime_chosen(const nanoota_run *run)
{
    return look(run).chosen;
}

bool nanoota_runtime_is_confirmed(const nanoota_run *run)
{
    view seen = look(run);
    return seen.chosen == run->clr_slot && !is_pending(run, &seen);
}

bool nanoota_runtime_is_bootable(const nanoota_run *run, uint8_t slot)
{
    return run->runtimes->is_bootable(run->runtimes->context, slot);
}

bool nanoota_runtime_choose(const nanoota_run *run, uint8_t slot)
{
    view seen = look(run);
    return choose(run, &seen, slot, NANOOTA_OTA_NEW);
}

bool nanoota_runtime_keep(const nanoota_run *run)
{
    view seen = look(run);
    if (seen.chosen == run->clr_slot) return !is_pending(run, &seen) || set_active(run, &seen, NANOOTA_OTA_VALID);
    /* The bootloader could not start the other slot. */
    return has_valid_record(&seen, run->clr_slot) ? set_active(run, &seen, NANOOTA_OTA_INVALID)
                                                  : choose(run, &seen, run->clr_slot, NANOOTA_OTA_VALID);
}

bool nanoota_runtime_leave(const nanoota_run *run)
{
    view seen = look(run);
    uint32_t other = run->clr_slot == 0u ? 1u : 0u;
    bool has_other = has_valid_record(&seen, other);
    if (has_other && is_pending(run, &seen)) return true; /* the reset gives the running slot up */
    return has_other && seen.chosen == run->clr_slot ? set_active(run, &seen, NANOOTA_OTA_INVALID)
                                                     : choose(run, &seen, other, NANOOTA_OTA_NEW);
}
