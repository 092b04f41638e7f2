/*
 * The flash port of the core: six regions and five functions. The device implements them with esp_partition, the tests with a
 * simulated NOR flash. Offsets count from the start of a region, so no address can lie before it.
 */
#ifndef NANOOTA_FLASH_H
#define NANOOTA_FLASH_H

#include <stdbool.h>
#include <stdint.h>

/* Erase unit in bytes. */
#define NANOOTA_SECTOR_SIZE 4096u

/* The `nanoota` partition (SPEC.md, section 5), in bytes from its start. */
#define NANOOTA_BOOT_RECORD 0x0000u
#define NANOOTA_JOURNAL 0x2000u
#define NANOOTA_PAIR_SIZE (2u * NANOOTA_SECTOR_SIZE) /* of the journal, and of the history */
#define NANOOTA_INDEX 0x4000u
#define NANOOTA_INDEX_SIZE 0x6000u
#define NANOOTA_HISTORY (NANOOTA_INDEX + 2u * NANOOTA_INDEX_SIZE)
#define NANOOTA_RECORDS_MINIMUM (NANOOTA_HISTORY + NANOOTA_PAIR_SIZE)
#define NANOOTA_RUNTIME_INDEX NANOOTA_RECORDS_MINIMUM /* only on boards with runtime slots */
#define NANOOTA_RECORDS_MINIMUM_WITH_RUNTIMES (NANOOTA_RUNTIME_INDEX + 2u * NANOOTA_INDEX_SIZE)

/* A slot's region has the number of the slot. The last three exist only on boards with runtime slots. */
typedef enum {
    NANOOTA_SLOT_0 = 0,
    NANOOTA_SLOT_1 = 1,
    NANOOTA_RECORDS = 2,
    NANOOTA_OTADATA = 3,
    NANOOTA_RUNTIME_0 = 4,
    NANOOTA_RUNTIME_1 = 5
} nanoota_region;
#define NANOOTA_REGIONS 6u

/* The core requests only ranges inside a region. A function that returns false has failed. */
typedef struct {
    void *context;
    /* Bytes of a region; 0 if there is none. Constant. */
    uint32_t (*size)(void *context, nanoota_region region);
    bool (*read)(void *context, nanoota_region region, uint32_t offset, void *buffer, uint32_t count);
    /* Sets the sector that begins at the offset to 0xFF. */
    bool (*erase)(void *context, nanoota_region region, uint32_t offset);
    /* Programs erased words within one sector; offset and count are multiples of 4. */
    bool (*program)(void *context, nanoota_region region, uint32_t offset, const void *bytes, uint32_t count);
    /* Lets other tasks run before an erase, which stalls for long. May do nothing. */
    void (*pause)(void *context);
} nanoota_flash;

typedef enum { NANOOTA_BLANK, NANOOTA_NOT_BLANK, NANOOTA_UNREADABLE } nanoota_blankness;

/* Whether the regions are large enough: equal slots of whole sectors, and the records. */
bool nanoota_flash_is_usable(const nanoota_flash *flash);

/* Whether there are the regions of a board with runtime slots: equal ones of whole sectors, otadata, and room for their index regions. */
bool nanoota_flash_has_runtimes(const nanoota_flash *flash);

/* Whether a range is erased. Reads in pieces to save stack. */
nanoota_blankness nanoota_flash_blankness(
    const nanoota_flash *flash, nanoota_region region, uint32_t offset, uint32_t count);

/* Erases the sector at an offset. */
bool nanoota_flash_erase(const nanoota_flash *flash, nanoota_region region, uint32_t offset);

#endif
