/* Power fails, or the chip is reset, at each write that reverts crashing or lost firmware (SPEC.md, section 5.1, rules 4 and 5). */
#include "nanoota_assembly.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#define SEEDS 100u

typedef enum { CRASH_LOOP, PROVEN_RESORT, UNPROVEN_RESORT, CASES } scenario;

static sim_flash sim;
static sim_flash start;
static nanoota_flash port;
static nanoota_run run;
static uint8_t memory[NANOOTA_RETAINED_LENGTH];
static char id[120];

static void boot(int32_t reason)
{
    test_boot_retaining(&run, &port, reason, memory);
}

static void record_four_crashes(const nanoota_record *record)
{
    nanoota_retained before = {.crashes = 4, .fingerprint = record->chosen_fingerprint};
    nanoota_retained_encode(&before, memory);
}

/* Slot 1 confirmed; copy B blank or, if used, with an older record. */
static nanoota_record prepare(scenario what, bool used)
{
    nanoota_record record = test_put_known(&sim, test_record(NANOOTA_CONFIRMED));
    nanoota_record older = nanoota_record_none();
    uint8_t bytes[NANOOTA_RECORD_LENGTH];
    older.sequence = 6;
    nanoota_record_encode(&older, bytes);
    if (used) sim_put(&sim, SIM_RECORDS + NANOOTA_SECTOR_SIZE, bytes, sizeof bytes);
    if (what == UNPROVEN_RESORT) sim_put_image(&sim, 0, TEST_FILL + 1u);
    if (what != CRASH_LOOP) memset(sim.cells + SIM_SLOT_SIZE, 0xFF, NANOOTA_SECTOR_SIZE);
    start = sim;
    return record;
}

static void check_reverted(scenario what, const char *when)
{
    uint16_t reason = what == CRASH_LOOP ? NANOOTA_CRASH_LOOP : NANOOTA_SLOT_NOT_BOOTABLE;
    CHECK(run.slot == 0u && run.saved && nanoota_state(&run) == NANOOTA_REVERTED, "%s, %s: slot %d", id, when, run.slot);
    CHECK(run.record.reason == reason, "%s, %s: %d", id, when, run.record.reason);
    CHECK(run.safe_mode == (what == UNPROVEN_RESORT), "%s, %s", id, when);
}

/* A loss of power clears the crashes, so that the crashing firmware may run again. A reset keeps them. */
static void check_next_boots(scenario what, const nanoota_record *record)
{
    static sim_flash left;
    sim_power_on(&sim);
    sim_arm(&sim, 0, CUT_NONE, 0);
    left = sim;
    record_four_crashes(record);
    boot(NANOOTA_RESET_PANIC);
    check_reverted(what, "after a reset");
    sim = left;
    memset(memory, 0x5A, sizeof memory);
    boot(NANOOTA_RESET_POWER_ON);
    if (what != CRASH_LOOP || run.slot == 0u) check_reverted(what, "after a loss of power");
    else CHECK(nanoota_state(&run) == NANOOTA_CONFIRMED && !run.safe_mode && test_same(&run.record, record), "%s", id);
}

static void check_cuts(scenario what, bool used)
{
    nanoota_record record = prepare(what, used);
    uint32_t operations;
    record_four_crashes(&record);
    boot(NANOOTA_RESET_PANIC);
    operations = sim.operations;
    CHECK(operations == (used ? 2u : 1u), "scenario %d: %u operations", (int)what, (unsigned)operations);
    for (uint32_t number = 1; number <= operations; number++)
        for (int moment = CUT_BEFORE; moment <= CUT_AFTER; moment++)
            for (uint32_t seed = 0; seed < SEEDS && !test_has_failed(); seed++) {
                (void)snprintf(id, sizeof id, "scenario %d, operation %u, moment %d, seed %u", (int)what, (unsigned)number, moment,
                    (unsigned)(test_seed() + seed));
                sim = start;
                sim_arm(&sim, number, (cut_moment)moment, test_seed() + seed);
                record_four_crashes(&record);
                boot(NANOOTA_RESET_PANIC);
                CHECK(sim.fired, "%s", id);
                check_next_boots(what, &record);
            }
}

static void after_a_power_cut_the_old_record_is_valid_or_the_revert_is_complete(void)
{
    port = sim_port(&sim);
    for (int what = CRASH_LOOP; what < CASES; what++)
        for (int used = 0; used < 2 && !test_has_failed(); used++) check_cuts((scenario)what, used == 1);
}

static const test_case tests[] = {
    TEST(after_a_power_cut_the_old_record_is_valid_or_the_revert_is_complete),
};

SUITE(revert_cut_tests, tests);
