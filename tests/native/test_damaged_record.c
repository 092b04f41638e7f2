/* Boot records and slots that this module does not write: a new chip, any byte of a record, an update after the last resort. */
#include "nanoota_area.h"
#include "nanoota_bytes.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#define LAST_RESET 20
#define NEW 2u
#define SEEDS 20u

static sim_flash sim;
static nanoota_flash port;
static nanoota_run run;
static char id[120];

static void boot(int32_t reset)
{
    port = sim_port(&sim);
    test_boot(&run, &port, reset, 0);
}

static void a_new_chip_is_not_on_trial_and_nothing_is_written(void)
{
    sim_erase_all(&sim);
    for (uint8_t slot = 0; slot < 2u; slot++) sim_put_image(&sim, slot, TEST_FILL);
    for (int32_t reset = -1; reset <= LAST_RESET; reset++) {
        boot(reset);
        CHECK(run.slot == 0u && nanoota_confirm(&run) == NANOOTA_OK && !run.guarded, "reset %d", (int)reset);
        CHECK(nanoota_reject(&run, 6004) == NANOOTA_REFUSED && sim.operations == 0u, "reset %d", (int)reset);
    }
}

/* Boots with both copies of the record like this, in every state of the other fields. */
static void check_record(const uint8_t bytes[NANOOTA_RECORD_LENGTH], unsigned at, unsigned value)
{
    static const int32_t resets[] = {NANOOTA_RESET_POWER_ON, NANOOTA_RESET_PANIC, NANOOTA_RESET_DEEP_SLEEP};
    for (unsigned i = 0; i < 3u; i++) {
        sim_erase_all(&sim);
        for (uint8_t slot = 0; slot < 2u; slot++) sim_put_image(&sim, slot, TEST_FILL);
        for (uint32_t copy = SIM_COPY_A; copy <= SIM_COPY_B; copy++)
            sim_put(&sim, copy * NANOOTA_SECTOR_SIZE, bytes, NANOOTA_RECORD_LENGTH);
        boot(resets[i]);
        CHECK(run.slot < 2u && nanoota_state(&run) >= NANOOTA_CONFIRMED && nanoota_state(&run) <= NANOOTA_REVERTED,
            "byte %u = %u, reset %d: slot %d, state %d", at, value, (int)resets[i], run.slot, nanoota_state(&run));
        (void)nanoota_confirm(&run);
        (void)nanoota_activate(&run);
        boot(NANOOTA_RESET_SOFTWARE);
        CHECK(run.slot < 2u, "byte %u = %u, reset %d: the next boot", at, value, (int)resets[i]);
    }
}

static void any_byte_of_a_record_may_have_any_value(void)
{
    for (int state = NANOOTA_CONFIRMED; state <= NANOOTA_REVERTED; state++)
        for (unsigned at = 0; at < 28u; at++)
            for (unsigned value = 0; value <= UINT8_MAX && !test_has_failed(); value++) {
                nanoota_record record = test_record(state);
                uint8_t bytes[NANOOTA_RECORD_LENGTH];
                record.sequence = 7;
                nanoota_record_encode(&record, bytes);
                bytes[at] = (uint8_t)value;
                nanoota_put_u32(bytes + 28, nanoota_crc32(0, bytes, 28));
                check_record(bytes, at, value);
            }
}

/* Slot 1 has lost its first sector and slot 0 has taken its place; the next release is staged in slot 1. */
static void begin_after_last_resort(void)
{
    (void)test_put_known(&sim, test_record(NANOOTA_CONFIRMED));
    memset(sim.cells + SIM_SLOT_SIZE, 0xFF, NANOOTA_SECTOR_SIZE);
    boot(NANOOTA_RESET_POWER_ON);
    (void)nanoota_confirm(&run);
    sim_put_image(&sim, 1, NEW);
}

static void an_update_after_the_last_resort_survives_a_power_cut_at_any_write(void)
{
    static sim_flash start;
    uint32_t operations;
    begin_after_last_resort();
    start = sim;
    sim_arm(&sim, 0, CUT_NONE, 0);
    CHECK(run.slot == 0u && nanoota_activate(&run) == NANOOTA_OK, "slot %d", run.slot);
    operations = sim.operations;
    for (uint32_t number = 1; number <= operations; number++)
        for (int moment = CUT_BEFORE; moment <= CUT_AFTER; moment++)
            for (uint32_t i = 0; i < SEEDS && !test_has_failed(); i++) {
                (void)snprintf(id, sizeof id, "operation %u, moment %d, seed %u", (unsigned)number, moment, (unsigned)(test_seed() + i));
                sim = start;
                boot(NANOOTA_RESET_POWER_ON);
                sim_arm(&sim, number, (cut_moment)moment, test_seed() + i);
                (void)nanoota_activate(&run);
                CHECK(sim.fired, "%s", id);
                sim_power_on(&sim);
                boot(NANOOTA_RESET_POWER_ON);
                if (run.slot == 0u) CHECK(nanoota_state(&run) == NANOOTA_CONFIRMED && !run.safe_mode, "%s", id);
                else CHECK(nanoota_state(&run) == NANOOTA_TRIAL && run.record.trial_boots == 1u, "%s", id);
            }
}

static const test_case tests[] = {
    TEST(a_new_chip_is_not_on_trial_and_nothing_is_written),
    TEST(any_byte_of_a_record_may_have_any_value),
    TEST(an_update_after_the_last_resort_survives_a_power_cut_at_any_write),
};

SUITE(damaged_record_tests, tests);
