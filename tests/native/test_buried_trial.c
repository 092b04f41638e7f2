/* A confirmation leaves no trial behind, so that the loss of a copy of the record cannot bring one back (SPEC.md, section 5.1). */
#include "nanoota_area.h"
#include "nanoota_assembly.h"
#include "test.h"

#include <string.h>

#define LAST_RESET 20
#define TRIED 1u /* fill of the image that was on trial, and of the one before it */
#define NEXT 2u  /* fill of the release that is staged after the trial */

static sim_flash sim;
static nanoota_flash port;
static nanoota_run run;

static void boot(int32_t reset)
{
    test_boot(&run, &port, reset, 0);
}

static void put_record(uint32_t copy, nanoota_record record, uint32_t sequence)
{
    uint8_t bytes[NANOOTA_RECORD_LENGTH];
    record.sequence = sequence;
    nanoota_record_encode(&record, bytes);
    sim_put(&sim, copy * NANOOTA_SECTOR_SIZE, bytes, sizeof bytes);
}

/* Slot 1 on trial as activation wrote it, slot 0 before it. */
static nanoota_record begin(void)
{
    nanoota_record trial = test_trial(1, 0);
    sim_erase_all(&sim);
    port = sim_port(&sim);
    sim_put_image(&sim, 0, TRIED);
    sim_put_image(&sim, 1, TRIED);
    trial.chosen_fingerprint = nanoota_fingerprint(&port, 1);
    trial.previous_fingerprint = nanoota_fingerprint(&port, 0);
    return trial;
}

/* The trial in copy A, its confirmation in copy B: what a power cut between the two writes of a confirmation leaves. */
static void begin_with_a_trial_behind(void)
{
    nanoota_record trial = begin();
    put_record(SIM_COPY_A, trial, 7);
    trial.state = NANOOTA_CONFIRMED;
    trial.trial_boots = 0;
    trial.chosen_fingerprint = trial.previous_fingerprint = 0;
    put_record(SIM_COPY_B, trial, 8);
}

/* With either copy lost, every reset boots what was confirmed, although another whole image lies in the other slot. */
static void check_that_either_copy_is_enough(const char *when)
{
    static sim_flash whole;
    sim_put_image(&sim, 0, NEXT);
    whole = sim;
    for (uint32_t copy = SIM_COPY_A; copy <= SIM_COPY_B; copy++)
        for (int32_t reset = -1; reset <= LAST_RESET; reset++) {
            sim = whole;
            sim.cells[copy * NANOOTA_SECTOR_SIZE + 6u] = 0;
            boot(reset);
            CHECK(run.slot == 1u && nanoota_state(&run) == NANOOTA_CONFIRMED, "%s, without copy %u, reset %d: slot %d", when,
                (unsigned)(copy - SIM_COPY_A), (int)reset, run.slot);
            CHECK(run.action == NANOOTA_DID_NOTHING && run.saved, "%s, reset %d", when, (int)reset);
        }
}

static void after_a_confirmation_no_lost_copy_brings_the_trial_back(void)
{
    put_record(SIM_COPY_A, begin(), 7);
    boot(1);
    CHECK(nanoota_confirm(&run) == NANOOTA_OK && nanoota_may_write_inactive(&run), "confirm");
    CHECK(run.record.sequence == 10u, "counted, confirmed and buried: %u", (unsigned)run.record.sequence);
    check_that_either_copy_is_enough("confirmed");
}

static void what_a_power_cut_left_of_it_is_mended_at_the_next_boot(void)
{
    begin_with_a_trial_behind();
    boot(1);
    CHECK(run.slot == 1u && run.action == NANOOTA_DID_NOTHING && run.record.sequence == 9u, "slot %d", run.slot);
    CHECK(nanoota_may_write_inactive(&run), "may write");
    sim_arm(&sim, 0, CUT_NONE, 0);
    boot(1);
    CHECK(sim.operations == 0u, "once is enough");
    check_that_either_copy_is_enough("mended");
}

static void while_a_trial_may_be_behind_the_other_slot_is_closed(void)
{
    for (int health = SECTOR_WORN; health <= SECTOR_UNREADABLE; health++) {
        begin_with_a_trial_behind();
        sim.health[SIM_COPY_A] = (sector_health)health;
        boot(1);
        CHECK(run.slot == 1u && nanoota_state(&run) == NANOOTA_CONFIRMED && !run.saved, "health %d", health);
        CHECK(nanoota_confirm(&run) == NANOOTA_OK, "health %d", health);
        CHECK(nanoota_area_erase(&run, NANOOTA_AREA_INACTIVE_SLOT, 0) == NANOOTA_REFUSED, "health %d", health);
        CHECK(nanoota_area_erase(&run, NANOOTA_AREA_INACTIVE_INDEX, 0) == NANOOTA_REFUSED, "health %d", health);
        CHECK(nanoota_area_erase(&run, NANOOTA_AREA_JOURNAL, 0) == NANOOTA_OK, "health %d", health);
        sim.health[SIM_COPY_A] = SECTOR_GOOD;
        boot(1);
        CHECK(nanoota_area_erase(&run, NANOOTA_AREA_INACTIVE_SLOT, 0) == NANOOTA_OK, "health %d", health);
    }
}

static void a_confirmation_counts_even_if_the_trial_cannot_be_buried(void)
{
    for (int health = SECTOR_WORN; health <= SECTOR_STUCK; health++) {
        put_record(SIM_COPY_A, begin(), 7);
        boot(1);
        sim.health[SIM_COPY_B] = (sector_health)health; /* it holds the boot that was counted */
        CHECK(nanoota_confirm(&run) == NANOOTA_OK && !nanoota_may_write_inactive(&run), "health %d", health);
        boot(4);
        CHECK(run.slot == 1u && nanoota_state(&run) == NANOOTA_CONFIRMED, "health %d", health);
    }
}

static void where_nothing_can_boot_no_trial_is_buried(void)
{
    begin_with_a_trial_behind();
    memset(sim.cells, 0xFF, SIM_RECORDS);
    boot(1);
    CHECK(run.slot == NANOOTA_NO_SLOT && sim.operations == 0u, "slot %d", run.slot);
}

static const test_case tests[] = {
    TEST(after_a_confirmation_no_lost_copy_brings_the_trial_back),
    TEST(what_a_power_cut_left_of_it_is_mended_at_the_next_boot),
    TEST(while_a_trial_may_be_behind_the_other_slot_is_closed),
    TEST(a_confirmation_counts_even_if_the_trial_cannot_be_buried),
    TEST(where_nothing_can_boot_no_trial_is_buried),
};

SUITE(buried_trial_tests, tests);
