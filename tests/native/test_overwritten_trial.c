/* A confirmation overwrites an older trial or revert, so that the loss of a copy of the record restores neither (SPEC.md, section 5.1). */
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

/* A trial or a revert in copy A, its confirmation in copy B: what a power cut between the two writes of a confirmation leaves. */
static void begin_with_older(int state)
{
    nanoota_record trial = begin();
    trial.state = (uint8_t)state;
    put_record(SIM_COPY_A, trial, 7);
    trial.state = NANOOTA_CONFIRMED;
    trial.trial_boots = 0;
    trial.chosen_fingerprint = trial.previous_fingerprint = 0;
    put_record(SIM_COPY_B, trial, 8);
}

/* With either copy lost, every reset boots what was confirmed, although another whole image lies in the other slot. */
static void check_that_either_copy_suffices(const char *when)
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

static void after_a_confirmation_the_loss_of_a_copy_does_not_restore_the_trial(void)
{
    put_record(SIM_COPY_A, begin(), 7);
    boot(1);
    CHECK(nanoota_confirm(&run) == NANOOTA_OK && nanoota_may_write_inactive(&run), "confirm");
    CHECK(run.record.sequence == 10u, "counted, confirmed and overwritten: %u", (unsigned)run.record.sequence);
    check_that_either_copy_suffices("confirmed");
}

/* Slot 1 was reverted to after the trial of slot 0. The loss of a copy must not report that reason again for another release. */
static void begin_reverted(void)
{
    nanoota_record reverted = begin();
    reverted.state = NANOOTA_REVERTED;
    reverted.reason = 6001;
    reverted.trial_boots = 0;
    put_record(SIM_COPY_A, reverted, 7);
}

static void after_an_acknowledgement_the_loss_of_a_copy_restores_no_revert(void)
{
    begin_reverted();
    boot(1);
    CHECK(nanoota_confirm(&run) == NANOOTA_OK && nanoota_may_write_inactive(&run), "acknowledge");
    CHECK(run.record.sequence == 9u, "acknowledged and overwritten: %u", (unsigned)run.record.sequence);
    check_that_either_copy_suffices("acknowledged");
}

static void check_cut_acknowledgement(uint32_t number, int moment, uint32_t cut_seed)
{
    begin_reverted();
    boot(1);
    sim_arm(&sim, number, (cut_moment)moment, cut_seed);
    (void)nanoota_confirm(&run);
    CHECK(sim.fired, "operation %u, moment %d", (unsigned)number, moment);
    sim_power_on(&sim);
    boot(1);
    if (nanoota_state(&run) == NANOOTA_REVERTED) CHECK(nanoota_confirm(&run) == NANOOTA_OK, "once more, seed %u", (unsigned)cut_seed);
    CHECK(nanoota_may_write_inactive(&run), "operation %u, moment %d, seed %u", (unsigned)number, moment, (unsigned)cut_seed);
    for (uint32_t copy = SIM_COPY_A; copy <= SIM_COPY_B; copy++) {
        nanoota_record left;
        if (nanoota_record_decode(sim_at(&sim, copy * NANOOTA_SECTOR_SIZE), &left))
            CHECK(left.state == NANOOTA_CONFIRMED, "operation %u, moment %d, seed %u", (unsigned)number, moment, (unsigned)cut_seed);
    }
}

static void a_power_cut_at_any_write_of_an_acknowledgement_is_repaired(void)
{
    for (uint32_t number = 1; number <= 3u; number++) /* a program; an erase and a program */
        for (int moment = CUT_BEFORE; moment <= CUT_AFTER; moment++)
            for (uint32_t i = 0; i < 20u && !test_has_failed(); i++) check_cut_acknowledgement(number, moment, test_seed() + i);
}

static void the_next_boot_overwrites_an_older_trial_after_a_power_cut(void)
{
    for (int state = NANOOTA_TRIAL; state <= NANOOTA_REVERTED; state++) {
        begin_with_older(state);
        boot(1);
        CHECK(run.slot == 1u && run.action == NANOOTA_DID_NOTHING && run.record.sequence == 9u, "state %d: slot %d", state, run.slot);
        CHECK(nanoota_may_write_inactive(&run), "may write");
        sim_arm(&sim, 0, CUT_NONE, 0);
        boot(1);
        CHECK(sim.operations == 0u, "nothing is written again");
        check_that_either_copy_suffices("repaired");
    }
}

static void while_an_older_trial_may_exist_the_other_slot_cannot_be_written(void)
{
    for (int i = 0; i < 6; i++) {
        int health = SECTOR_WORN + i / 2;
        begin_with_older(i % 2 == 0 ? NANOOTA_TRIAL : NANOOTA_REVERTED);
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

static void a_confirmation_is_valid_even_if_the_older_trial_cannot_be_overwritten(void)
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

static void if_nothing_can_boot_no_older_trial_is_overwritten(void)
{
    begin_with_older(NANOOTA_TRIAL);
    memset(sim.cells, 0xFF, SIM_RECORDS);
    boot(1);
    CHECK(run.slot == NANOOTA_NO_SLOT && sim.operations == 0u, "slot %d", run.slot);
}

static const test_case tests[] = {
    TEST(after_a_confirmation_the_loss_of_a_copy_does_not_restore_the_trial),
    TEST(after_an_acknowledgement_the_loss_of_a_copy_restores_no_revert),
    TEST(a_power_cut_at_any_write_of_an_acknowledgement_is_repaired),
    TEST(the_next_boot_overwrites_an_older_trial_after_a_power_cut),
    TEST(while_an_older_trial_may_exist_the_other_slot_cannot_be_written),
    TEST(a_confirmation_is_valid_even_if_the_older_trial_cannot_be_overwritten),
    TEST(if_nothing_can_boot_no_older_trial_is_overwritten),
};

SUITE(overwritten_trial_tests, tests);
