/* The retained memory of the module, which survives a reset but no loss of power (SPEC.md, section 5.4). */
#ifndef NANOOTA_RETAINED_H
#define NANOOTA_RETAINED_H

#include <stdbool.h>
#include <stdint.h>

#define NANOOTA_RETAINED_LENGTH 24u

/* Reset reasons, numbered as ESP-IDF's esp_reset_reason_t; only those that a rule names. */
enum {
    NANOOTA_RESET_POWER_ON = 1,
    NANOOTA_RESET_PIN = 2,
    NANOOTA_RESET_SOFTWARE = 3,
    NANOOTA_RESET_PANIC = 4,
    NANOOTA_RESET_INTERRUPT_WATCHDOG = 5,
    NANOOTA_RESET_TASK_WATCHDOG = 6,
    NANOOTA_RESET_OTHER_WATCHDOG = 7,
    NANOOTA_RESET_DEEP_SLEEP = 8,
    NANOOTA_RESET_BROWN_OUT = 9,
    NANOOTA_RESET_POWER_GLITCH = 14,
    NANOOTA_RESET_CPU_LOCKUP = 15
};

typedef struct {
    uint32_t fingerprint; /* of the slot whose crashes and hangs are counted */
    uint32_t trial_ms;    /* time of the trial that its boots before the planned sleep used */
    uint32_t kept;        /* number of the firmware that survives the planned sleep */
    uint8_t crashes;      /* of firmware that is not on trial, each soon after its start */
    uint8_t hangs;        /* as crashes, but ended by the RTC watchdog */
    uint8_t silent;       /* starts in a row, the last one included, without a call of managed code; 0 = called, or unknown */
    bool is_planned;      /* a deep sleep follows */
} nanoota_retained;

void nanoota_retained_encode(const nanoota_retained *retained, uint8_t bytes[NANOOTA_RETAINED_LENGTH]);

/* Invalid bytes, as after a loss of power, give zeros and one silent start. */
nanoota_retained nanoota_retained_decode(const uint8_t bytes[NANOOTA_RETAINED_LENGTH]);

/* True: this reset is the end of a planned sleep. False: the fields of a sleep are cleared. */
bool nanoota_retained_wake(nanoota_retained *retained, int32_t reset_reason);

/* Whether the last start ended in a crash before managed code called: not a failure of the firmware. */
bool nanoota_retained_crashed_early(const nanoota_retained *retained, int32_t reset_reason);

/* Whether the last start ended in a crash or a hang before managed code called. */
bool nanoota_retained_never_ran(const nanoota_retained *retained, int32_t reset_reason);

/* Counts one more start without a call of managed code. */
void nanoota_retained_start(nanoota_retained *retained);

/*
 * Counts a crash or hang of the slot with this fingerprint, or clears both counts, as the reset reason requires. The first five
 * crashes in a row before managed code called are not counted.
 */
void nanoota_retained_count(nanoota_retained *retained, int32_t reset_reason, uint32_t fingerprint);

/* Clears the counts of crashes and hangs, and their fingerprint. */
void nanoota_retained_clear(nanoota_retained *retained);

#endif
