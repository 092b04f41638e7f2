#include "nanoota_assembly.h"

#include "nanoota_bytes.h"

#include <string.h>

#define HEADER_CRC_OFFSET 8u
#define ASSEMBLY_CRC_OFFSET 12u
#define TOTAL_SIZE_OFFSET 100u
#define PIECE 128u

static const uint8_t marker[8] = {'N', 'F', 'M', 'R', 'K', '1', 0, 0};

typedef enum { HEADER_GOOD, HEADER_BAD, HEADER_UNREADABLE } header_state;

/* An assembly in a slot, by its header. */
typedef struct {
    uint8_t header[NANOOTA_HEADER_LENGTH];
    uint32_t size;
} assembly;

/* The assemblies that a slot begins with. */
typedef struct {
    uint32_t fingerprint;
    uint32_t end; /* behind the last one, at a multiple of 4 */
    bool readable;
} image;

static nanoota_region region_of(uint8_t slot)
{
    return slot == 0u ? NANOOTA_SLOT_0 : NANOOTA_SLOT_1;
}

/* Slots are whole sectors (nanoota_flash_is_usable), so an assembly that fits a slot also fits with its gap. */
static uint32_t aligned(uint32_t size)
{
    return (size + 3u) / 4u * 4u;
}

/* The CRC is computed with its own field as zero. */
static bool has_valid_crc(uint8_t header[NANOOTA_HEADER_LENGTH])
{
    uint32_t stored = nanoota_get_u32(header + HEADER_CRC_OFFSET);
    uint32_t crc;
    nanoota_put_u32(header + HEADER_CRC_OFFSET, 0);
    crc = nanoota_assembly_crc(0, header, NANOOTA_HEADER_LENGTH);
    nanoota_put_u32(header + HEADER_CRC_OFFSET, stored);
    return crc == stored;
}

static header_state read_header(const nanoota_flash *flash, nanoota_region region, uint32_t offset, assembly *found)
{
    uint32_t room = flash->size(flash->context, region) - offset;
    if (room < NANOOTA_HEADER_LENGTH) return HEADER_BAD;
    if (!flash->read(flash->context, region, offset, found->header, sizeof found->header)) return HEADER_UNREADABLE;
    if (memcmp(found->header, marker, sizeof marker) != 0 || !has_valid_crc(found->header)) return HEADER_BAD;
    found->size = nanoota_get_u32(found->header + TOTAL_SIZE_OFFSET);
    return found->size >= NANOOTA_HEADER_LENGTH && found->size <= room ? HEADER_GOOD : HEADER_BAD;
}

static image read_image(const nanoota_flash *flash, nanoota_region region)
{
    image all = {.readable = true};
    assembly next;
    header_state state = read_header(flash, region, 0, &next);
    while (state == HEADER_GOOD) {
        all.fingerprint = nanoota_crc32(all.fingerprint, next.header, sizeof next.header);
        all.end += aligned(next.size);
        state = read_header(flash, region, all.end, &next);
    }
    all.readable = state == HEADER_BAD;
    return all;
}

/*
 * A whole image is followed by erased flash up to the end of the sector in which one more header would end. A damaged header is
 * not erased. Remains of a longer image begin in a later sector.
 */
static bool is_erased_behind(const nanoota_flash *flash, nanoota_region region, uint32_t end)
{
    uint32_t size = flash->size(flash->context, region);
    uint32_t until;
    if (size - end < NANOOTA_HEADER_LENGTH) until = size;
    else until = (end + NANOOTA_HEADER_LENGTH + NANOOTA_SECTOR_SIZE - 1u) / NANOOTA_SECTOR_SIZE * NANOOTA_SECTOR_SIZE;
    return nanoota_flash_blankness(flash, region, end, until - end) == NANOOTA_BLANK;
}

static bool has_valid_body(const nanoota_flash *flash, nanoota_region region, uint32_t offset, const assembly *of)
{
    uint8_t piece[PIECE];
    uint32_t crc = 0;
    for (uint32_t done = NANOOTA_HEADER_LENGTH; done < of->size; done += PIECE) {
        uint32_t length = of->size - done < PIECE ? of->size - done : PIECE;
        if (!flash->read(flash->context, region, offset + done, piece, length)) return false;
        crc = nanoota_assembly_crc(crc, piece, length);
    }
    return crc == nanoota_get_u32(of->header + ASSEMBLY_CRC_OFFSET);
}

static bool has_valid_bodies(const nanoota_flash *flash, nanoota_region region, uint32_t end)
{
    assembly next;
    for (uint32_t offset = 0; offset < end; offset += aligned(next.size)) {
        if (read_header(flash, region, offset, &next) != HEADER_GOOD) return false;
        if (!has_valid_body(flash, region, offset, &next)) return false;
    }
    return true;
}

bool nanoota_is_plausible(const nanoota_flash *flash, uint8_t slot)
{
    assembly first;
    return read_header(flash, region_of(slot), 0, &first) == HEADER_GOOD;
}

uint32_t nanoota_fingerprint(const nanoota_flash *flash, uint8_t slot)
{
    image all = read_image(flash, region_of(slot));
    return all.readable ? all.fingerprint : 0u;
}

bool nanoota_has_fingerprint(const nanoota_flash *flash, uint8_t slot, uint32_t fingerprint)
{
    return fingerprint != 0u && nanoota_fingerprint(flash, slot) == fingerprint;
}

bool nanoota_is_sound(const nanoota_flash *flash, uint8_t slot)
{
    nanoota_region region = region_of(slot);
    image now = read_image(flash, region);
    return now.readable && now.end != 0u && has_valid_bodies(flash, region, now.end);
}

bool nanoota_is_proven(const nanoota_flash *flash, uint8_t slot, uint32_t fingerprint)
{
    return nanoota_has_fingerprint(flash, slot, fingerprint) && nanoota_is_sound(flash, slot);
}

bool nanoota_is_redeployed(const nanoota_flash *flash, uint8_t slot, uint32_t fingerprint)
{
    nanoota_region region = region_of(slot);
    image now;
    if (fingerprint == 0u) return false;
    now = read_image(flash, region);
    return now.readable && now.end != 0u && now.fingerprint != fingerprint && is_erased_behind(flash, region, now.end)
        && has_valid_bodies(flash, region, now.end);
}
