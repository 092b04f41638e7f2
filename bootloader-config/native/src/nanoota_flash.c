#include "nanoota_flash.h"

#define PIECE 64u

bool nanoota_flash_is_usable(const nanoota_flash *flash)
{
    uint32_t slot = flash->size(flash->context, NANOOTA_SLOT_0);
    return slot >= NANOOTA_SECTOR_SIZE && slot % NANOOTA_SECTOR_SIZE == 0u && slot <= (uint32_t)INT32_MAX
        && flash->size(flash->context, NANOOTA_SLOT_1) == slot
        && flash->size(flash->context, NANOOTA_RECORDS) >= NANOOTA_RECORDS_MINIMUM;
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
