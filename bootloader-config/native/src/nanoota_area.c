#include "nanoota_area.h"

#include <string.h>

#define WORD 4u

/* The position of an area in flash. */
typedef struct {
    nanoota_region region;
    uint32_t offset;
} place;

static bool is_running_area(int32_t area)
{
    return area == NANOOTA_AREA_RUNNING_SLOT || area == NANOOTA_AREA_RUNNING_INDEX;
}

/* Only for the areas of nanoota_area_size. */
static place place_of(const nanoota_run *run, int32_t area)
{
    uint32_t slot = is_running_area(area) == (run->slot == 1u) ? 1u : 0u;
    place at = {.region = NANOOTA_RECORDS, .offset = NANOOTA_JOURNAL};
    if (area == NANOOTA_AREA_JOURNAL) return at;
    if (area == NANOOTA_AREA_HISTORY) {
        at.offset = NANOOTA_HISTORY;
        return at;
    }
    if (area == NANOOTA_AREA_RUNNING_INDEX || area == NANOOTA_AREA_INACTIVE_INDEX) {
        at.offset = NANOOTA_INDEX + slot * NANOOTA_INDEX_SIZE;
        return at;
    }
    at.region = slot == 0u ? NANOOTA_SLOT_0 : NANOOTA_SLOT_1;
    at.offset = 0;
    return at;
}

static bool may_write(const nanoota_run *run, int32_t area)
{
    switch (area) {
    case NANOOTA_AREA_INACTIVE_SLOT:
    case NANOOTA_AREA_INACTIVE_INDEX:
        return nanoota_may_write_inactive(run);
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
