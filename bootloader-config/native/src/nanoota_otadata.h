/*
 * The records of ESP-IDF's otadata partition, by which its bootloader chooses the runtime slot (docs/platform/boot.md, "Second stage
 * of ESP-IDF"). Written here and not by esp_ota_*: the bootloader of a device never changes, while the ESP-IDF of its runtimes does,
 * and with it what those calls write.
 */
#ifndef NANOOTA_OTADATA_H
#define NANOOTA_OTADATA_H

#include "nanoota_flash.h"

#define NANOOTA_OTA_RECORD_LENGTH 32u
#define NANOOTA_OTA_LABEL_LENGTH 20u

/* No record decides. */
#define NANOOTA_OTA_NONE 2u

/* Any other number counts as valid does. The CRC of a record does not cover its state. */
enum {
    NANOOTA_OTA_NEW = 0,     /* chosen; the bootloader makes it pending and boots it */
    NANOOTA_OTA_PENDING = 1, /* booted, not confirmed; the next boot makes it aborted */
    NANOOTA_OTA_VALID = 2,   /* confirmed */
    NANOOTA_OTA_INVALID = 3, /* rejected */
    NANOOTA_OTA_ABORTED = 4
};

typedef struct {
    uint32_t sequence; /* the larger one of two valid records decides; slot = (sequence - 1) mod number of slots */
    uint32_t state;
    uint32_t crc; /* of the sequence alone */
    uint8_t label[NANOOTA_OTA_LABEL_LENGTH]; /* kept when a record is written again */
} nanoota_ota_record;

/* The records of both sectors, by sector. */
typedef struct {
    nanoota_ota_record record[2];
} nanoota_otadata;

/* False if flash cannot be read. */
bool nanoota_otadata_read(const nanoota_flash *flash, nanoota_otadata *otadata);

/* Erases a sector and writes its record. A power cut between loses the record; the other one is not touched. */
bool nanoota_otadata_write(const nanoota_flash *flash, uint32_t sector, const nanoota_ota_record *record);

/* Whether the CRC is that of the sequence. */
bool nanoota_ota_has_right_crc(const nanoota_ota_record *record);

/* Whether it has no sequence or was rejected; ESP-IDF does not look at the CRC here. */
bool nanoota_ota_is_unusable(const nanoota_ota_record *record);

/* Whether it may decide. */
bool nanoota_ota_is_valid(const nanoota_ota_record *record);

/* The sector whose record decides, or NANOOTA_OTA_NONE. Of equal sequences that of sector 0 does. */
uint32_t nanoota_otadata_active(const nanoota_otadata *otadata);

/* The same among the records that may decide. */
uint32_t nanoota_otadata_largest(const nanoota_otadata *otadata, bool first, bool second);

/* The slot that a record chooses of so many, 1 or more. */
uint32_t nanoota_ota_slot(const nanoota_ota_record *record, uint32_t slots);

/*
 * The smallest sequence that chooses the slot and is not below that of the record that decides. Without such a record it is the
 * slot + 1. False if there is none in 32 bits.
 */
bool nanoota_ota_next_sequence(uint32_t active, uint32_t slot, uint32_t slots, uint32_t *sequence);

/* Sets sequence, its CRC and state; the label stays. */
void nanoota_ota_set(nanoota_ota_record *record, uint32_t sequence, uint32_t state);

#endif
