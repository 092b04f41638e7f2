/* A trial that ends while the previous slot is damaged: its slot stays, in safe mode, and the reason is kept (SPEC.md, section 5.1). */
#include "nanoota_area.h"
#include "nanoota_assembly.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#define SEEDS 50u

static sim_flash sim;
static sim_flash start;
static nanoota_flash port;
static nanoota_run run;

static void boot(int32_t reason)
{
    port = sim_port(&sim);
    test_boot(&run, &port, reason, 0);
}

/* Kinds of damage of the previous slot. None is a deployment by cable. */
enum { FLIPPED_BIT, LOST_SECTOR, LOST_HEADER, UNREADABLE, UNRECORDED, WAYS };

static nanoota_record begin(int way, uint8_t blips)
{
    nanoota_record record = test_put_known(&sim, test_trial(1, blips));
    uint8_t bytes[NANOOTA_RECORD_LENGTH];
    if (way == FLIPPED_BIT || way == UNRECORDED) sim.cells[SIM_IMAGE_GAP - 1u] ^= 1u;
    if (way == LOST_SECTOR) memset(sim.cells, 0xFF, NANOOTA_SECTOR_SIZE);
    if (way == LOST_HEADER) sim.cells[SIM_IMAGE_GAP + 1u] ^= 1u;
    if (way == UNREADABLE) sim.health[0] = SECTOR_UNREADABLE;
    if (way == UNRECORDED) record.previous_fingerprint = 0;
    nanoota_record_encode(&record, bytes);
    sim_put(&sim, SIM_RECORDS, bytes, sizeof bytes);
    return record;
}

static bool stays_in_safe_mode(const nanoota_record *trial, uint16_t reason)
{
    nanoota_record expected = nanoota_record_none();
    nanoota_record stored;
    expected.chosen = 1;
    expected.previous = 0;
    expected.state = NANOOTA_REVERTED;
    expected.reason = reason;
    expected.chosen_fingerprint = trial->chosen_fingerprint;
    expected.safe_mode = NANOOTA_SAFE_CHOSEN;
    return run.slot == 1u && test_same(&run.record, &expected) && run.saved && nanoota_record_load(&port, &stored)
        && test_same(&stored, &expected);
}

static void no_end_of_a_trial_boots_damaged_previous_firmware(void)
{
    static const struct {
        int32_t reset;
        uint8_t blips;
        uint16_t reason;
    } ends[] = {{3, 0, 6003}, {4, 0, 6001}, {5, 0, 6002}, {6, 0, 6002}, {7, 0, 6002}, {15, 0, 6001}, {1, 5, 6006}, {9, 5, 6006}};
    for (int way = 0; way < WAYS; way++)
        for (unsigned i = 0; i < sizeof ends / sizeof ends[0]; i++) {
            nanoota_record trial = begin(way, ends[i].blips);
            boot(ends[i].reset);
            CHECK(stays_in_safe_mode(&trial, ends[i].reason), "way %d, reset %d: slot %d, reason %d", way, (int)ends[i].reset, run.slot,
                run.record.reason);
            CHECK(run.safe_mode && sim.operations == 1u, "way %d, reset %d", way, (int)ends[i].reset);
            for (int32_t reset = 0; reset <= 15; reset++) boot(reset);
            CHECK(run.slot == 1u && run.safe_mode && sim.operations == 1u, "way %d, reset %d: wears no flash", way, (int)ends[i].reset);
        }
}

static void an_app_for_another_runtime_slot_stays_too(void)
{
    nanoota_record trial = begin(FLIPPED_BIT, 0);
    uint8_t bytes[NANOOTA_RECORD_LENGTH];
    trial.clr_slot = 1;
    nanoota_record_encode(&trial, bytes);
    sim_put(&sim, SIM_RECORDS, bytes, sizeof bytes);
    boot(NANOOTA_RESET_POWER_ON);
    CHECK(run.slot == 1u && run.record.reason == NANOOTA_WRONG_RUNTIME_SLOT && run.safe_mode, "slot %d", run.slot);
}

static void a_rejection_is_written_with_its_reason(void)
{
    for (int way = 0; way < WAYS; way++) {
        nanoota_record trial = begin(way, 0);
        boot(NANOOTA_RESET_POWER_ON);
        CHECK(nanoota_reject(&run, 6005) == NANOOTA_OK, "way %d", way);
        CHECK(stays_in_safe_mode(&trial, 6005) && nanoota_state(&run) == NANOOTA_REVERTED, "way %d", way);
        boot(NANOOTA_RESET_SOFTWARE);
        CHECK(stays_in_safe_mode(&trial, 6005) && run.safe_mode, "way %d", way);
    }
}

static void it_never_counts_as_proven_and_the_next_release_ends_it(void)
{
    (void)begin(FLIPPED_BIT, 0);
    boot(NANOOTA_RESET_OTHER_WATCHDOG);
    CHECK(nanoota_confirm(&run) == NANOOTA_OK, "acknowledge");
    boot(NANOOTA_RESET_POWER_ON);
    CHECK(run.safe_mode && nanoota_state(&run) == NANOOTA_CONFIRMED && nanoota_may_write_inactive(&run), "safe mode stays");
    CHECK(nanoota_reject(&run, 6013) == NANOOTA_REFUSED, "nothing to revert to");
    sim_put_image(&sim, 0, TEST_FILL + 1u);
    CHECK(nanoota_activate(&run) == NANOOTA_OK && run.record.safe_mode == NANOOTA_SAFE_PREVIOUS, "the next release");
    boot(NANOOTA_RESET_SOFTWARE);
    CHECK(run.slot == 0u && !run.safe_mode && nanoota_confirm(&run) == NANOOTA_OK, "on trial and confirmed");
    CHECK(nanoota_reject(&run, 6013) == NANOOTA_REFUSED, "no revert to failed firmware");
}

static void a_failed_trial_reverts_to_firmware_that_ran_in_safe_mode(void)
{
    nanoota_record record = test_put_known(&sim, test_trial(1, 0));
    uint8_t bytes[NANOOTA_RECORD_LENGTH];
    record.safe_mode = NANOOTA_SAFE_PREVIOUS;
    nanoota_record_encode(&record, bytes);
    sim_put(&sim, SIM_RECORDS, bytes, sizeof bytes);
    boot(NANOOTA_RESET_PANIC);
    CHECK(run.slot == 0u && run.safe_mode && run.record.reason == NANOOTA_TRIAL_PANIC, "slot %d", run.slot);
}

static void it_stays_even_if_that_cannot_be_written(void)
{
    for (int health = SECTOR_WORN; health <= SECTOR_UNREADABLE; health++) {
        (void)begin(FLIPPED_BIT, 0);
        sim.health[SIM_COPY_B] = (sector_health)health;
        for (int i = 0; i < 3; i++) {
            boot(NANOOTA_RESET_OTHER_WATCHDOG);
            CHECK(run.slot == 1u && run.safe_mode && !run.saved && nanoota_state(&run) == NANOOTA_REVERTED, "health %d", health);
            CHECK(!nanoota_may_write_inactive(&run), "health %d", health);
        }
    }
}

static void a_power_cut_at_any_write_leaves_the_trial_or_its_end(void)
{
    static char id[80];
    nanoota_record trial = begin(FLIPPED_BIT, 5);
    start = sim;
    for (int moment = CUT_BEFORE; moment <= CUT_AFTER; moment++)
        for (uint32_t seed = 0; seed < SEEDS && !test_has_failed(); seed++) {
            (void)snprintf(id, sizeof id, "moment %d, seed %u", moment, (unsigned)(test_seed() + seed));
            sim = start;
            sim_arm(&sim, 1, (cut_moment)moment, test_seed() + seed);
            boot(NANOOTA_RESET_BROWN_OUT);
            CHECK(sim.fired, "%s", id);
            sim_power_on(&sim);
            sim_arm(&sim, 0, CUT_NONE, 0);
            boot(NANOOTA_RESET_BROWN_OUT);
            CHECK(stays_in_safe_mode(&trial, 6006) && run.safe_mode, "%s", id);
        }
}

static const test_case tests[] = {
    TEST(no_end_of_a_trial_boots_damaged_previous_firmware),
    TEST(an_app_for_another_runtime_slot_stays_too),
    TEST(a_rejection_is_written_with_its_reason),
    TEST(it_never_counts_as_proven_and_the_next_release_ends_it),
    TEST(a_failed_trial_reverts_to_firmware_that_ran_in_safe_mode),
    TEST(it_stays_even_if_that_cannot_be_written),
    TEST(a_power_cut_at_any_write_leaves_the_trial_or_its_end),
};

SUITE(damaged_previous_tests, tests);
