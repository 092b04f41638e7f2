#include "nanoota_area.h"

#include <string.h>

#define WORD 4u

/* The position of an area in flash. */
typedef struct {
    nanoota_region region;
    uint32_t offset;
} place;

static uint32_t other(uint8_t slot)
{
    return slot == 0u ? 1u : 0u;
}

static place in_slot(nanoota_region first, uint32_t slot)
{
    place at = {.region = (nanoota_region)((uint32_t)first + slot), .offset = 0};
    return at;
}

static place in_records(uint32_t offset)
{
    place at = {.region = NANOOTA_RECORDS, .offset = offset};
    return at;
}

/* Only for the areas of nanoota_area_size. */
static place place_of(const nanoota_run *run, int32_t area)
{
    switch (area) {
    case NANOOTA_AREA_RUNNING_SLOT:
        return in_slot(NANOOTA_SLOT_0, run->slot);
    case NANOOTA_AREA_INACTIVE_SLOT:
        return in_slot(NANOOTA_SLOT_0, other(run->slot));
    case NANOOTA_AREA_RUNNING_INDEX:
        return in_records(NANOOTA_INDEX + run->slot * NANOOTA_INDEX_SIZE);
    case NANOOTA_AREA_INACTIVE_INDEX:
        return in_records(NANOOTA_INDEX + other(run->slot) * NANOOTA_INDEX_SIZE);
    case NANOOTA_AREA_RUNNING_RUNTIME:
        return in_slot(NANOOTA_RUNTIME_0, run->clr_slot);
    case NANOOTA_AREA_INACTIVE_RUNTIME:
        return in_slot(NANOOTA_RUNTIME_0, other(run->clr_slot));
    case NANOOTA_AREA_RUNNING_RUNTIME_INDEX:
        return in_records(NANOOTA_RUNTIME_INDEX + run->clr_slot * NANOOTA_INDEX_SIZE);
    case NANOOTA_AREA_INACTIVE_RUNTIME_INDEX:
        return in_records(NANOOTA_RUNTIME_INDEX + other(run->clr_slot) * NANOOTA_INDEX_SIZE);
    case NANOOTA_AREA_HISTORY:
        return in_records(NANOOTA_HISTORY);
    default:
        return in_records(NANOOTA_JOURNAL);
    }
}

static bool may_write(const nanoota_run *run, int32_t area)
{
    switch (area) {
    case NANOOTA_AREA_INACTIVE_SLOT:
    case NANOOTA_AREA_INACTIVE_INDEX:
        return nanoota_may_write_inactive(run);
    case NANOOTA_AREA_INACTIVE_RUNTIME:
    case NANOOTA_AREA_INACTIVE_RUNTIME_INDEX:
        return nanoota_may_write_runtime(run);
    case NANOOTA_AREA_JOURNAL:
    case NANOOTA_AREA_HISTORY:
        return true;
    default:
        return false;
    }
}

bool nanoota_part_is_valid(const nanoota_part *part)
{
    return part->bytes != NULL && part->start >= 0 && part->count >= 0 && part->length >= 0
        && part->start <= part->length && part->count <= part->length - part->start;
}

bool nanoota_area_contains(const nanoota_run *run, int32_t area, int32_t offset, int32_t count)
{
    int32_t size = nanoota_area_size(run, area);
    return size >= 0 && offset >= 0 && count >= 0 && offset <= size - count;
}

int32_t nanoota_value(const nanoota_run *run, int32_t value)
{
    if (run->slot == NANOOTA_NO_SLOT) return NANOOTA_REFUSED;
    switch (value) {
    case NANOOTA_VALUE_RUNNING_SLOT:
        return run->slot;
    case NANOOTA_VALUE_BOOT_STATE:
        return nanoota_state(run);
    case NANOOTA_VALUE_REVERT_REASON:
        return run->record.reason;
    case NANOOTA_VALUE_RESET_REASON:
        return run->reset_reason;
    case NANOOTA_VALUE_TRIAL_BOOTS:
        return run->record.trial_boots;
    case NANOOTA_VALUE_POWER_BLIPS:
        return run->record.power_blips;
    case NANOOTA_VALUE_SAFE_MODE:
        return run->safe_mode ? 1 : 0;
    case NANOOTA_VALUE_CRASHES:
        return run->retained.crashes + run->retained.hangs;
    case NANOOTA_VALUE_KEPT:
        return (int32_t)run->retained.kept;
    case NANOOTA_VALUE_TRIAL_SECONDS:
        return (int32_t)(run->trial_ms / 1000u);
    case NANOOTA_VALUE_CRASH_LIMIT:
        return run->crash_limit;
    default:
        return NANOOTA_REFUSED;
    }
}

int32_t nanoota_area_size(const nanoota_run *run, int32_t area)
{
    if (run->slot == NANOOTA_NO_SLOT) return NANOOTA_REFUSED;
    switch (area) {
    case NANOOTA_AREA_RUNNING_SLOT:
    case NANOOTA_AREA_INACTIVE_SLOT:
        return (int32_t)run->flash->size(run->flash->context, NANOOTA_SLOT_0);
    case NANOOTA_AREA_RUNNING_INDEX:
    case NANOOTA_AREA_INACTIVE_INDEX:
        return (int32_t)NANOOTA_INDEX_SIZE;
    case NANOOTA_AREA_JOURNAL:
    case NANOOTA_AREA_HISTORY:
        return (int32_t)NANOOTA_PAIR_SIZE;
    case NANOOTA_AREA_RUNNING_RUNTIME:
    case NANOOTA_AREA_INACTIVE_RUNTIME:
        return run->runtimes == NULL ? (int32_t)NANOOTA_REFUSED : (int32_t)run->flash->size(run->flash->context, NANOOTA_RUNTIME_0);
    case NANOOTA_AREA_RUNNING_RUNTIME_INDEX:
    case NANOOTA_AREA_INACTIVE_RUNTIME_INDEX:
        return run->runtimes == NULL ? (int32_t)NANOOTA_REFUSED : (int32_t)NANOOTA_INDEX_SIZE;
    default:
        return NANOOTA_REFUSED;
    }
}

nanoota_result nanoota_area_read(const nanoota_run *run, int32_t area, int32_t offset, const nanoota_part *part)
{
    const nanoota_flash *flash = run->flash;
    place at;
    if (!nanoota_part_is_valid(part) || !nanoota_area_contains(run, area, offset, part->count)) return NANOOTA_REFUSED;
    if (part->count == 0) return NANOOTA_OK;
    at = place_of(run, area);
    return flash->read(flash->context, at.region, at.offset + (uint32_t)offset, part->bytes + part->start,
               (uint32_t)part->count)
        ? NANOOTA_OK
        : NANOOTA_FAILED;
}

nanoota_result nanoota_area_erase(const nanoota_run *run, int32_t area, int32_t offset)
{
    place at;
    if (!nanoota_area_contains(run, area, offset, (int32_t)NANOOTA_SECTOR_SIZE)) return NANOOTA_REFUSED;
    if ((uint32_t)offset % NANOOTA_SECTOR_SIZE != 0u || !may_write(run, area)) return NANOOTA_REFUSED;
    at = place_of(run, area);
    return nanoota_flash_erase(run->flash, at.region, at.offset + (uint32_t)offset) ? NANOOTA_OK : NANOOTA_FAILED;
}

/* Programs the whole words from the buffer, then the last one, padded. */
static bool program_words(const nanoota_flash *flash, place at, const uint8_t *bytes, uint32_t count)
{
    uint8_t last[WORD];
    uint32_t whole = count / WORD * WORD;
    if (whole != 0u && !flash->program(flash->context, at.region, at.offset, bytes, whole)) return false;
    if (whole == count) return true;
    memset(last, 0xFF, sizeof last);
    memcpy(last, bytes + whole, count - whole);
    return flash->program(flash->context, at.region, at.offset + whole, last, sizeof last);
}

nanoota_result nanoota_area_write(const nanoota_run *run, int32_t area, int32_t offset, const nanoota_part *part)
{
    place at;
    uint32_t count;
    if (!nanoota_part_is_valid(part) || !nanoota_area_contains(run, area, offset, part->count)) return NANOOTA_REFUSED;
    if (!may_write(run, area) || (uint32_t)offset % WORD != 0u) return NANOOTA_REFUSED;
    count = (uint32_t)part->count;
    if (count > NANOOTA_SECTOR_SIZE - (uint32_t)offset % NANOOTA_SECTOR_SIZE) return NANOOTA_REFUSED;
    if (count == 0u) return NANOOTA_OK;
    at = place_of(run, area);
    at.offset += (uint32_t)offset;
    switch (nanoota_flash_blankness(run->flash, at.region, at.offset, (count + WORD - 1u) / WORD * WORD)) {
    case NANOOTA_NOT_BLANK:
        return NANOOTA_REFUSED;
    case NANOOTA_UNREADABLE:
        return NANOOTA_FAILED;
    default:
        return program_words(run->flash, at, part->bytes + part->start, count) ? NANOOTA_OK : NANOOTA_FAILED;
    }
}
