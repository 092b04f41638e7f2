#include "nanoota_record.h"

#include "nanoota_bytes.h"

#include <string.h>

#define FORMAT 1u
#define CRC_OFFSET 28u

static const uint8_t magic[4] = {'N', 'O', 'B', 'R'};

nanoota_record nanoota_record_none(void)
{
    nanoota_record none = {.state = NANOOTA_CONFIRMED, .previous = 1, .clr_slot = NANOOTA_ANY_CLR_SLOT};
    return none;
}

nanoota_record nanoota_record_revert(const nanoota_record *record, uint8_t slot, uint16_t reason)
{
    nanoota_record reverted = *record;
    bool is_known = slot == record->previous && reason != NANOOTA_CABLE_DEPLOYMENT;
    reverted.chosen = slot;
    reverted.previous = slot == 0u ? 1u : 0u;
    reverted.state = NANOOTA_REVERTED;
    reverted.chosen_fingerprint = is_known ? record->previous_fingerprint : 0u;
    reverted.previous_fingerprint = 0;
    reverted.safe_mode = is_known && record->safe_mode == NANOOTA_SAFE_PREVIOUS ? NANOOTA_SAFE_CHOSEN : NANOOTA_SAFE_NONE;
    reverted.trial_boots = 0;
    reverted.power_blips = 0;
    reverted.reason = reason;
    return reverted;
}

void nanoota_record_encode(const nanoota_record *record, uint8_t bytes[NANOOTA_RECORD_LENGTH])
{
    memset(bytes, 0, NANOOTA_RECORD_LENGTH);
    memcpy(bytes, magic, sizeof magic);
    bytes[4] = FORMAT;
    bytes[5] = record->chosen;
    bytes[6] = record->state;
    bytes[7] = record->previous;
    nanoota_put_u32(bytes + 8, record->sequence);
    bytes[12] = record->trial_boots;
    bytes[13] = record->power_blips;
    bytes[14] = record->clr_slot;
    bytes[15] = record->safe_mode;
    nanoota_put_u16(bytes + 16, record->reason);
    bytes[18] = record->runtime_only;
    nanoota_put_u32(bytes + 20, record->chosen_fingerprint);
    nanoota_put_u32(bytes + 24, record->previous_fingerprint);
    nanoota_put_u32(bytes + CRC_OFFSET, nanoota_crc32(0, bytes, CRC_OFFSET));
}

bool nanoota_record_decode(const uint8_t bytes[NANOOTA_RECORD_LENGTH], nanoota_record *record)
{
    if (memcmp(bytes, magic, sizeof magic) != 0 || bytes[4] != FORMAT) return false;
    if (nanoota_get_u32(bytes + CRC_OFFSET) != nanoota_crc32(0, bytes, CRC_OFFSET)) return false;
    if (bytes[5] > 1u || bytes[6] < NANOOTA_CONFIRMED || bytes[6] > NANOOTA_REVERTED) return false;
    if (bytes[7] != 1u - bytes[5] || bytes[15] > NANOOTA_SAFE_PREVIOUS) return false;
    record->chosen = bytes[5];
    record->state = bytes[6];
    record->previous = bytes[7];
    record->sequence = nanoota_get_u32(bytes + 8);
    record->trial_boots = bytes[12];
    record->power_blips = bytes[13];
    record->clr_slot = bytes[14];
    record->safe_mode = bytes[15];
    record->reason = nanoota_get_u16(bytes + 16);
    record->runtime_only = bytes[18] == 1u ? 1u : 0u;
    record->chosen_fingerprint = nanoota_get_u32(bytes + 20);
    record->previous_fingerprint = nanoota_get_u32(bytes + 24);
    return true;
}

/* One copy as read. A copy that cannot be read is not valid now, but may be the newer one. */
typedef struct {
    nanoota_record record;
    bool readable;
    bool valid;
} copy_state;

/* Both copies: the valid record, if any, and the copy to write next. */
typedef struct {
    nanoota_record record;
    uint32_t other;
    bool readable;
    bool valid;
    bool is_other_stale; /* the older copy is valid, and not confirmed, or reverts to what the newer one has released */
} both_copies;

static uint32_t offset_of(uint32_t copy)
{
    return NANOOTA_BOOT_RECORD + copy * NANOOTA_SECTOR_SIZE;
}

static copy_state read_copy(const nanoota_flash *flash, uint32_t copy)
{
    uint8_t bytes[NANOOTA_RECORD_LENGTH];
    copy_state state = {.record = nanoota_record_none()};
    state.readable = flash->read(flash->context, NANOOTA_RECORDS, offset_of(copy), bytes, sizeof bytes);
    state.valid = state.readable && nanoota_record_decode(bytes, &state.record);
    return state;
}

/* Without a valid copy, A is written first. */
static both_copies read_both(const nanoota_flash *flash)
{
    copy_state a = read_copy(flash, 0);
    copy_state b = read_copy(flash, 1);
    bool is_a = a.valid && (!b.valid || a.record.sequence >= b.record.sequence);
    const copy_state *behind = is_a ? &b : &a;
    both_copies both = {
        .record = is_a ? a.record : b.record,
        .other = is_a ? 1u : 0u,
        .readable = a.readable && b.readable,
        .valid = a.valid || b.valid,
    };
    both.is_other_stale = behind->valid
        && (behind->record.state != NANOOTA_CONFIRMED
            || (behind->record.previous_fingerprint != 0u && both.record.previous_fingerprint == 0u));
    return both;
}

bool nanoota_record_load(const nanoota_flash *flash, nanoota_record *record)
{
    both_copies both = read_both(flash);
    *record = both.record; /* none, unless a copy is valid */
    return both.valid;
}

/* False if the erase fails; a blank sector is not erased again. */
static bool write_copy(const nanoota_flash *flash, uint32_t copy, const nanoota_record *record)
{
    uint8_t bytes[NANOOTA_RECORD_LENGTH];
    uint32_t offset = offset_of(copy);
    if (nanoota_flash_blankness(flash, NANOOTA_RECORDS, offset, NANOOTA_SECTOR_SIZE) != NANOOTA_BLANK) {
        if (!nanoota_flash_erase(flash, NANOOTA_RECORDS, offset)) return false;
        if (nanoota_flash_blankness(flash, NANOOTA_RECORDS, offset, NANOOTA_SECTOR_SIZE) != NANOOTA_BLANK) return false;
    }
    nanoota_record_encode(record, bytes);
    return flash->program(flash->context, NANOOTA_RECORDS, offset, bytes, sizeof bytes);
}

/* Whether the valid record in flash is equal to this one in every field. */
static bool is_stored(const nanoota_flash *flash, const nanoota_record *record)
{
    uint8_t expected[NANOOTA_RECORD_LENGTH];
    uint8_t actual[NANOOTA_RECORD_LENGTH];
    nanoota_record loaded;
    if (!nanoota_record_load(flash, &loaded)) return false;
    nanoota_record_encode(record, expected);
    nanoota_record_encode(&loaded, actual);
    return memcmp(expected, actual, sizeof expected) == 0;
}

bool nanoota_record_save(const nanoota_flash *flash, nanoota_record *record)
{
    both_copies both = read_both(flash);
    nanoota_record next = *record;
    if (!both.readable) return false; /* the copy to write over could be the newer one */
    next.sequence = (both.valid ? both.record.sequence : 0u) + 1u;
    for (int try = 0; try < 2; try++)
        if (write_copy(flash, both.other, &next) && is_stored(flash, &next)) {
            *record = next;
            return true;
        }
    return false;
}

bool nanoota_record_overwrite_older(const nanoota_flash *flash, nanoota_record *record)
{
    both_copies both = read_both(flash);
    if (!both.readable) return false; /* the unreadable copy could be stale */
    return !both.is_other_stale || nanoota_record_save(flash, record);
}
