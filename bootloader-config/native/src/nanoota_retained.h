/* What the module remembers in memory that a reset keeps and a loss of power does not (SPEC.md, section 5.4). */
#ifndef NANOOTA_RETAINED_H
#define NANOOTA_RETAINED_H

#include <stdbool.h>
#include <stdint.h>

#define NANOOTA_RETAINED_LENGTH 24u

/* Why the chip was reset, numbered as ESP-IDF's esp_reset_reason_t; only those that a rule names. */
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
    uint32_t fingerprint; /* of the slot that crashes and hangs are of */
    uint32_t trial_ms;    /* that the trial took in the boots before the planned sleep */
    uint32_t kept;        /* the firmware's number, kept over the planned sleep */
    uint8_t crashes;      /* of firmware that is not on trial, one soon after the other */
    uint8_t hangs;        /* the same of those that the RTC watchdog ended */
    uint8_t silent;       /* starts in a row, the last one included, in which no managed code has called; 0 = it has, or not known */
    bool is_planned;      /* the deep sleep that follows */
} nanoota_retained;

void nanoota_retained_encode(const nanoota_retained *retained, uint8_t bytes[NANOOTA_RETAINED_LENGTH]);

/* When the bytes are not what encode made, as after a loss of power: all zero but one silent start. */
nanoota_retained nanoota_retained_decode(const uint8_t bytes[NANOOTA_RETAINED_LENGTH]);

/* True: this reset is the end of a planned sleep. False: what belongs to one is forgotten. */
bool nanoota_retained_wake(nanoota_retained *retained, int32_t reset_reason);

/* Whether the last start ended in a crash before managed code had called, which is not the firmware's fault. */
bool nanoota_retained_crashed_early(const nanoota_retained *retained, int32_t reset_reason);

/* Whether the last start ended in a crash or a hang, and no managed code had called. */
bool nanoota_retained_never_ran(const nanoota_retained *retained, int32_t reset_reason);

/* One more start in which no managed code has called yet. */
void nanoota_retained_start(nanoota_retained *retained);

/*
 * Counts a crash or hang of the slot that has this fingerprint, or what the reset says else. Of crashes before managed code had
 * called, the first five in a row are not counted.
 */
void nanoota_retained_count(nanoota_retained *retained, int32_t reset_reason, uint32_t fingerprint);

/* Begins anew: neither crashes nor hangs, of nothing. */
void nanoota_retained_forgive(nanoota_retained *retained);

#endif
