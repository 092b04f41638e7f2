#include "nanoota_assembly.h"

#include "nanoota_bytes.h"

#include <string.h>

#define CRC_OFFSET 8u
#define TOTAL_SIZE_OFFSET 100u

static const uint8_t marker[8] = {'N', 'F', 'M', 'R', 'K', '1', 0, 0};

bool nanoota_is_plausible(const nanoota_flash *flash, uint8_t slot)
{
    uint8_t header[NANOOTA_HEADER_LENGTH];
    nanoota_region region = slot == 0u ? NANOOTA_SLOT_0 : NANOOTA_SLOT_1;
    uint32_t crc;
    uint32_t size;
    if (!flash->read(flash->context, region, 0, header, sizeof header)) return false;
    if (memcmp(header, marker, sizeof marker) != 0) return false;
    crc = nanoota_get_u32(header + CRC_OFFSET);
    nanoota_put_u32(header + CRC_OFFSET, 0); /* the CRC takes its own field as zero */
    if (nanoota_assembly_crc(header, sizeof header) != crc) return false;
    size = nanoota_get_u32(header + TOTAL_SIZE_OFFSET);
    return size >= NANOOTA_HEADER_LENGTH && size <= flash->size(flash->context, region);
}
