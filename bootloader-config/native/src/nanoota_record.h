/* The boot record, 32 bytes (SPEC.md, section 5.1), and its two copies, written in turn. */
#ifndef NANOOTA_RECORD_H
#define NANOOTA_RECORD_H

#include "nanoota_flash.h"

#define NANOOTA_RECORD_LENGTH 32u

/* CLR slot of an app that runs on any. */
#define NANOOTA_ANY_CLR_SLOT 0xFFu

/* Activated is never in flash: there the record is a trial, and chooses the slot that does not run yet. */
enum { NANOOTA_CONFIRMED = 1, NANOOTA_TRIAL = 2, NANOOTA_REVERTED = 3, NANOOTA_ACTIVATED = 4 };

/* Reasons of a revert: numbers of UpdateError. */
enum {
    NANOOTA_NO_REASON = 0,
    NANOOTA_TRIAL_PANIC = 6001,
    NANOOTA_TRIAL_WATCHDOG = 6002,
    NANOOTA_TRIAL_RESET = 6003,
    NANOOTA_TOO_MANY_BLIPS = 6006,
    NANOOTA_SLOT_NOT_BOOTABLE = 6007,
    NANOOTA_WRONG_RUNTIME_SLOT = 6008,
    NANOOTA_CABLE_DEPLOYMENT = 6009,
    NANOOTA_CRASH_LOOP = 6010,
    NANOOTA_BOOT_RECORD_FAILED = 7002
};

/* The slot whose firmware never passed a trial on this device, or failed one. */
enum {
    NANOOTA_SAFE_NONE = 0,
    NANOOTA_SAFE_CHOSEN = 1,
    NANOOTA_SAFE_PREVIOUS = 2
};

typedef struct {
    uint32_t sequence;             /* the copy with the higher number is valid; set when the record is saved */
    uint32_t chosen_fingerprint;   /* of the chosen slot, when an agent ran in it or the other one was lost; 0 = not recorded */
    uint32_t previous_fingerprint; /* of the previous slot at the activation; if runtime_only, 0 = the runtime before is gone */
    uint16_t reason;               /* of the last revert, 0 = none */
    uint8_t chosen;                /* the slot that boots, 0 or 1 */
    uint8_t state;                 /* confirmed, trial or reverted */
    uint8_t previous;              /* the other slot: the one to revert to, or after a revert the one that failed */
    uint8_t trial_boots;           /* boots of this trial */
    uint8_t power_blips;           /* boots of this trial after a power blip */
    uint8_t clr_slot;              /* the runtime slot that the chosen app needs, or any */
    uint8_t runtime_only;          /* with a CLR slot: 1 = the app was the same before, else the previous one needs the other slot */
    uint8_t safe_mode;             /* the slot that boots in safe mode while it has its fingerprint */
} nanoota_record;

/* The record that applies while flash holds no valid one: slot 0, confirmed. */
nanoota_record nanoota_record_none(void);

/* The record of a revert: this slot boots, and its firmware must acknowledge the reason. */
nanoota_record nanoota_record_revert(const nanoota_record *record, uint8_t slot, uint16_t reason);

void nanoota_record_encode(const nanoota_record *record, uint8_t bytes[NANOOTA_RECORD_LENGTH]);

/* False if the bytes are not a valid record; then `record` is unchanged. */
bool nanoota_record_decode(const uint8_t bytes[NANOOTA_RECORD_LENGTH], nanoota_record *record);

/* The valid record with the higher sequence; false if neither copy is valid, and then it is nanoota_record_none. */
bool nanoota_record_load(const nanoota_flash *flash, nanoota_record *record);

/*
 * Writes the record with the next sequence number over the older copy, and reads it back; two tries. True: the record, with its
 * sequence, is the valid one. False: the flash failed, and the old one is valid.
 */
bool nanoota_record_save(const nanoota_flash *flash, nanoota_record *record);

/*
 * Saves a confirmed record once more if the older copy is a trial or a revert, or can revert where this one cannot: if the newer copy
 * was lost, the older one would be valid again and apply to other contents of the slots. False: the older copy may still be there.
 */
bool nanoota_record_overwrite_older(const nanoota_flash *flash, nanoota_record *record);

#endif
