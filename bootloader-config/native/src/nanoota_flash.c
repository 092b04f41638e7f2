#include "nanoota_flash.h"

#define PIECE 64u

static bool are_slots(const nanoota_flash *flash, nanoota_region first, nanoota_region second)
{
    uint32_t size = flash->size(flash->context, first);
    return size >= NANOOTA_SECTOR_SIZE && size % NANOOTA_SECTOR_SIZE == 0u && size <= (uint32_t)INT32_MAX
        && flash->size(flash->context, second) == size;
}

bool nanoota_flash_is_usable(const nanoota_flash *flash)
{
    return are_slots(flash, NANOOTA_SLOT_0, NANOOTA_SLOT_1)
        && flash->size(flash->context, NANOOTA_RECORDS) >= NANOOTA_RECORDS_MINIMUM;
}

bool nanoota_flash_has_runtimes(const nanoota_flash *flash)
{
    return are_slots(flash, NANOOTA_RUNTIME_0, NANOOTA_RUNTIME_1)
        && flash->size(flash->context, NANOOTA_OTADATA) >= 2u * NANOOTA_SECTOR_SIZE
        && flash->size(flash->context, NANOOTA_RECORDS) >= NANOOTA_RECORDS_MINIMUM_WITH_RUNTIMES;
}

static bool is_erased(const uint8_t *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (bytes[i] != 0xFFu) return false;
    return true;
}

nanoota_blankness nanoota_flash_blankness(
    const nanoota_flash *flash, nanoota_region region, uint32_t offset, uint32_t count)
{
    uint8_t piece[PIECE];
    for (uint32_t done = 0; done < count; done += PIECE) {
        uint32_t length = count - done < PIECE ? count - done : PIECE;
        if (!flash->read(flash->context, region, offset + done, piece, length)) return NANOOTA_UNREADABLE;
        if (!is_erased(piece, length)) return NANOOTA_NOT_BLANK;
    }
    return NANOOTA_BLANK;
}

bool nanoota_flash_erase(const nanoota_flash *flash, nanoota_region region, uint32_t offset)
{
    flash->pause(flash->context);
    return flash->erase(flash->context, region, offset);
}
