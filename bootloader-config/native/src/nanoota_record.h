/* The boot record, 32 bytes (SPEC.md, section 5.1), and its two copies, written in turn. */
#ifndef NANOOTA_RECORD_H
#define NANOOTA_RECORD_H

#include "nanoota_flash.h"

#define NANOOTA_RECORD_LENGTH 32u

/* CLR slot of an app that runs on any. */
#define NANOOTA_ANY_CLR_SLOT 0xFFu

/* Activated is never in flash: the record says trial, and chooses the slot that does not run yet. */
enum { NANOOTA_CONFIRMED = 1, NANOOTA_TRIAL = 2, NANOOTA_REVERTED = 3, NANOOTA_ACTIVATED = 4 };

/* Why a trial ended: numbers of UpdateError. */
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

/* The slot whose firmware never passed a trial here, or failed one. */
enum {
    NANOOTA_SAFE_NONE = 0,
    NANOOTA_SAFE_CHOSEN = 1,
    NANOOTA_SAFE_PREVIOUS = 2
};

typedef struct {
    uint32_t sequence;             /* the copy with the higher one counts; set when the record is saved */
    uint32_t chosen_fingerprint;   /* of the chosen slot, when an agent ran in it or the last resort chose it; 0 = not recorded */
    uint32_t previous_fingerprint; /* of the previous slot, when the trial was written */
    uint16_t reason;               /* of the last revert, 0 = none */
    uint8_t chosen;                /* the slot that boots, 0 or 1 */
    uint8_t state;                 /* confirmed, trial or reverted */
    uint8_t previous;              /* the other slot: to go back to, or after a revert the one that failed */
    uint8_t trial_boots;           /* boots of this trial */
    uint8_t power_blips;           /* boots of this trial that a power blip caused */
    uint8_t clr_slot;              /* the runtime slot that the app needs, or any */
    uint8_t safe_mode;             /* which slot boots in safe mode while it has its fingerprint */
} nanoota_record;

/* What counts while flash holds no valid record: slot 0, confirmed. */
nanoota_record nanoota_record_none(void);

/* The record that ends a trial, or a boot that cannot be: this slot boots, and the firmware in it must acknowledge why. */
nanoota_record nanoota_record_revert(const nanoota_record *record, uint8_t slot, uint16_t reason);

void nanoota_record_encode(const nanoota_record *record, uint8_t bytes[NANOOTA_RECORD_LENGTH]);

/* False when the bytes are not a valid record; then nothing is written to it. */
bool nanoota_record_decode(const uint8_t bytes[NANOOTA_RECORD_LENGTH], nanoota_record *record);

/* The record that counts; false when neither copy is valid, and then it is nanoota_record_none. */
bool nanoota_record_load(const nanoota_flash *flash, nanoota_record *record);

/*
 * Writes the record with the next sequence over the copy that does not count, and reads it back; two tries. True: the
 * record, with its sequence, counts. False: flash does not take it, and the one before it still counts.
 */
bool nanoota_record_save(const nanoota_flash *flash, nanoota_record *record);

/*
 * Saves a confirmed record once more if the copy that does not count is a trial or a revert: should the newer copy be lost, it
 * would come back, and judge or blame what lies in the slots by then. False: it may still be there.
 */
bool nanoota_record_bury_older(const nanoota_flash *flash, nanoota_record *record);

#endif
