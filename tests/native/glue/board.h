/*
 * A board for the glue: ESP-IDF's functions over a simulated flash. Each run of the chip is a process of its own, so the
 * glue's memory is cleared by a reset as on the device, and only the board lives on.
 */
#ifndef BOARD_H
#define BOARD_H

#include <esp_partition.h>
#include <esp_system.h>

extern "C" {
#include "test.h"
}

/* The RTC watchdog as the glue left it; a reset of the chip turns it off. */
struct rtc_watchdog
{
    bool is_locked;
    bool is_on;
    uint32_t ticks[2]; /* of the first two stages */
    int action[2];
    uint32_t configured; /* how often its first stage was */
    uint32_t touched;    /* calls of any kind */
};

struct board_state
{
    sim_flash sim;
    rtc_watchdog watchdog;
    const char *running;  /* label of the partition of the runtime, NULL for none */
    const char *missing;  /* label of a partition that this board does not have, or NULL */
    bool has_otadata;     /* with two runtime slots, of which one must run */
    bool has_third;       /* a third runtime slot */
    int reset_reason;
    int raw_reason; /* the chip's own; 0 unless a test sets it */
    uint8_t rtc_memory[64];  /* memory that nothing initialises */
    uint32_t uptime;         /* ticks since the scheduler has started */
    uint64_t wake_after;     /* microseconds until the timer wakes the chip, 0 = not enabled */
    bool has_no_timer;       /* the chip has no wake timer */
    uint32_t finds;  /* searches that reached ESP-IDF */
    uint32_t pauses; /* ticks given to other tasks */
};

/* How a run of the chip ended. */
enum chip_end { CHIP_OFF, CHIP_RESTARTED, CHIP_ASLEEP };

extern board_state *const board;

#define SLOW_CLOCK_HZ 150000u

/* The first byte of an image that ESP-IDF accepts, whatever follows. */
#define IMAGE_MAGIC 0xE9u

/* A board with a record and plausible slots as in sim_with, that runs its runtime from `factory`. */
void board_with(const nanoota_record *record, uint32_t slots);

/* Gives it two runtime slots, of which otadata chooses the one that runs; only that one holds an image. */
void board_add_runtimes(uint8_t running);

/*
 * Resets the chip and runs firmware on it until it returns, restarts or sleeps; a check that fails in it fails the test. Power-on
 * and brown-out leave noise in the RTC memory.
 */
chip_end chip_run(int reset_reason, void (*firmware)());

/* The valid record in flash. */
nanoota_record board_record();

/* The retained memory, as the core reads it. */
nanoota_retained board_retained();

#endif
