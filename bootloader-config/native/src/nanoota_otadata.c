#include "nanoota_otadata.h"

#include "nanoota_bytes.h"

#include <string.h>

#define ERASED 0xFFFFFFFFu
#define LABEL_OFFSET 4u
#define STATE_OFFSET 24u
#define CRC_OFFSET 28u

/* ESP-IDF starts its CRC-32 at 0xFFFFFFFF where zlib starts at 0. */
static uint32_t crc_of(uint32_t sequence)
{
    uint8_t bytes[4];
    nanoota_put_u32(bytes, sequence);
    return nanoota_crc32(ERASED, bytes, sizeof bytes);
}

bool nanoota_otadata_read(const nanoota_flash *flash, nanoota_otadata *otadata)
{
    for (uint32_t sector = 0; sector < 2u; sector++) {
        uint8_t bytes[NANOOTA_OTA_RECORD_LENGTH];
        nanoota_ota_record *record = &otadata->record[sector];
        uint32_t offset = sector * NANOOTA_SECTOR_SIZE;
        if (!flash->read(flash->context, NANOOTA_OTADATA, offset, bytes, sizeof bytes)) return false;
        record->sequence = nanoota_get_u32(bytes);
        record->state = nanoota_get_u32(bytes + STATE_OFFSET);
        record->crc = nanoota_get_u32(bytes + CRC_OFFSET);
        memcpy(record->label, bytes + LABEL_OFFSET, sizeof record->label);
    }
    return true;
}

bool nanoota_otadata_write(const nanoota_flash *flash, uint32_t sector, const nanoota_ota_record *record)
{
    uint8_t bytes[NANOOTA_OTA_RECORD_LENGTH];
    uint32_t offset = sector * NANOOTA_SECTOR_SIZE;
    nanoota_put_u32(bytes, record->sequence);
    memcpy(bytes + LABEL_OFFSET, record->label, sizeof record->label);
    nanoota_put_u32(bytes + STATE_OFFSET, record->state);
    nanoota_put_u32(bytes + CRC_OFFSET, record->crc);
    return nanoota_flash_erase(flash, NANOOTA_OTADATA, offset)
        && flash->program(flash->context, NANOOTA_OTADATA, offset, bytes, sizeof bytes);
}

bool nanoota_ota_has_right_crc(const nanoota_ota_record *record)
{
    return record->crc == crc_of(record->sequence);
}

bool nanoota_ota_is_unusable(const nanoota_ota_record *record)
{
    return record->sequence == ERASED || record->state == NANOOTA_OTA_INVALID || record->state == NANOOTA_OTA_ABORTED;
}

bool nanoota_ota_is_valid(const nanoota_ota_record *record)
{
    return !nanoota_ota_is_unusable(record) && nanoota_ota_has_right_crc(record);
}

uint32_t nanoota_otadata_largest(const nanoota_otadata *otadata, bool first, bool second)
{
    if (first && second) return otadata->record[0].sequence >= otadata->record[1].sequence ? 0u : 1u;
    if (first) return 0u;
    return second ? 1u : NANOOTA_OTA_NONE;
}

uint32_t nanoota_otadata_active(const nanoota_otadata *otadata)
{
    return nanoota_otadata_largest(
        otadata, nanoota_ota_is_valid(&otadata->record[0]), nanoota_ota_is_valid(&otadata->record[1]));
}

uint32_t nanoota_ota_slot(const nanoota_ota_record *record, uint32_t slots)
{
    return (uint32_t)(record->sequence - 1u) % slots;
}

bool nanoota_ota_next_sequence(uint32_t active, uint32_t slot, uint32_t slots, uint32_t *sequence)
{
    uint32_t next = (slot + 1u) % slots;
    if (active > next) {
        uint32_t rest = (active - next) % slots;
        uint32_t step = rest == 0u ? 0u : slots - rest;
        if (step >= ERASED - active) return false; /* erased flash is no sequence */
        next = active + step;
    }
    *sequence = next;
    return true;
}

void nanoota_ota_set(nanoota_ota_record *record, uint32_t sequence, uint32_t state)
{
    record->sequence = sequence;
    record->crc = crc_of(sequence);
    record->state = state;
}
