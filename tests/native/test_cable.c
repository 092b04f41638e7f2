/* A deployment by cable during a trial (SPEC.md, section 5.1): the behaviour of boot and calls. */
#include "nanoota_assembly.h"
#include "test.h"

#include <string.h>

#define LAST_RESET 20
#define OLD 1u /* fill of the recorded images */
#define NEW 2u

static sim_flash sim;
static nanoota_flash port;
static nanoota_run run;

static void boot(int32_t reset)
{
    port = sim_port(&sim);
    test_boot(&run, &port, reset, 0);
}

static void save(const nanoota_record *record)
{
    nanoota_record numbered = *record;
    uint8_t bytes[NANOOTA_RECORD_LENGTH];
    numbered.sequence = 7;
    nanoota_record_encode(&numbered, bytes);
    sim_put(&sim, SIM_RECORDS, bytes, sizeof bytes);
}

/* Slot 1 on trial, slot 0 before it, each with its recorded image. */
static nanoota_record start_trial(uint8_t boots, uint8_t blips)
{
    nanoota_record record = test_trial(boots, blips);
    sim_with(&sim, NULL, 0);
    sim_put_image(&sim, 0, OLD);
    sim_put_image(&sim, 1, OLD);
    port = sim_port(&sim);
    record.chosen_fingerprint = nanoota_fingerprint(&port, 1);
    record.previous_fingerprint = nanoota_fingerprint(&port, 0);
    save(&record);
    return record;
}

static bool has_yielded_to(uint8_t slot)
{
    nanoota_record expected = nanoota_record_none();
    nanoota_record stored;
    expected.chosen = slot;
    expected.previous = slot == 0u ? 1u : 0u;
    expected.state = NANOOTA_REVERTED;
    expected.reason = 6009;
    expected.clr_slot = run.record.clr_slot;
    return run.slot == slot && run.action == NANOOTA_YIELDED_TO_CABLE && test_same(&run.record, &expected)
        && (!run.saved || (nanoota_record_load(&port, &stored) && test_same(&stored, &expected)));
}

static void a_deployment_by_cable_during_a_trial_boots_after_any_reset(void)
{
    static const uint8_t counts[][2] = {{0, 0}, {1, 0}, {6, 5}, {255, 255}}; /* boots, blips */
    for (int32_t reset = -1; reset <= LAST_RESET; reset++)
        for (uint32_t i = 0; i < 4u; i++)
            for (uint8_t slot = 0; slot < 2u; slot++) {
                nanoota_record record = start_trial(counts[i][0], counts[i][1]);
                record.clr_slot = (uint8_t)(i == 3u ? 1u : NANOOTA_ANY_CLR_SLOT); /* comes before the rule for it */
                save(&record);
                sim_put_image(&sim, slot, NEW);
                boot(reset);
                CHECK(has_yielded_to(slot) && run.saved, "reset %d, case %u, slot %d", (int)reset, (unsigned)i, slot);
                boot(reset);
                CHECK(run.slot == slot && run.action == NANOOTA_DID_NOTHING, "again, reset %d", (int)reset);
            }
}

static void with_both_slots_changed_the_chosen_one_boots(void)
{
    (void)start_trial(1, 0);
    sim_put_image(&sim, 0, NEW);
    sim_put_image(&sim, 1, NEW);
    boot(1);
    CHECK(has_yielded_to(1), "slot %d", run.slot);
    (void)start_trial(1, 0);
    sim_put_image(&sim, 0, NEW);
    sim_put_image(&sim, 1, NEW);
    sim.cells[SIM_SLOT_SIZE + SIM_IMAGE_GAP - 1u] = 0; /* the last byte of the second assembly: not whole */
    boot(1);
    CHECK(has_yielded_to(0), "slot %d", run.slot);
}

static void unchanged_or_unrecorded_images_stay_on_trial(void)
{
    for (int32_t reset = -1; reset <= LAST_RESET; reset++)
        for (int recorded = 0; recorded < 2; recorded++) {
            nanoota_record record = start_trial(0, 0);
            if (recorded == 0) {
                record.chosen_fingerprint = record.previous_fingerprint = 0;
                sim_put_image(&sim, 1, NEW);
            }
            save(&record);
            boot(reset);
            CHECK(run.slot == 1u && run.action == NANOOTA_BEGAN_TRIAL, "reset %d", (int)reset);
            CHECK(run.record.chosen_fingerprint == record.chosen_fingerprint, "reset %d", (int)reset);
            CHECK(run.record.previous_fingerprint == record.previous_fingerprint, "reset %d", (int)reset);
        }
}

static void outside_a_trial_no_change_counts_as_a_cable_deployment(void)
{
    for (int state = NANOOTA_CONFIRMED; state <= NANOOTA_REVERTED; state += 2) {
        nanoota_record record = start_trial(0, 0);
        record.state = (uint8_t)state;
        save(&record);
        sim_put_image(&sim, 0, NEW);
        sim_put_image(&sim, 1, NEW);
        boot(1);
        CHECK(run.slot == 1u && run.action == NANOOTA_DID_NOTHING && sim.operations == 0u, "state %d", state);
    }
}

static void a_cable_deployment_boots_and_is_detected_again_if_it_cannot_be_saved(void)
{
    for (int health = SECTOR_WORN; health <= SECTOR_UNREADABLE; health++) {
        (void)start_trial(1, 0);
        sim_put_image(&sim, 0, NEW);
        sim.health[SIM_COPY_B] = (sector_health)health;
        for (int i = 0; i < 3; i++) {
            boot(4);
            CHECK(has_yielded_to(0) && !run.saved, "health %d", health);
            CHECK(!nanoota_may_write_inactive(&run), "health %d: a slot staged now would be taken for the cable's", health);
            CHECK(nanoota_confirm(&run) == NANOOTA_FAILED, "health %d", health);
        }
        sim.health[SIM_COPY_B] = SECTOR_GOOD;
        CHECK(nanoota_confirm(&run) == NANOOTA_OK && nanoota_may_write_inactive(&run), "health %d", health);
    }
}

static void activation_is_cancelled_by_a_deployment_into_the_slot_that_runs(void)
{
    (void)start_trial(0, 0);
    sim_with(&sim, NULL, 0);
    sim_put_image(&sim, 0, OLD);
    sim_put_image(&sim, 1, OLD);
    boot(1);
    CHECK(nanoota_activate(&run) == NANOOTA_OK, "activate");
    sim_put_image(&sim, 0, NEW);
    boot(3);
    CHECK(has_yielded_to(0) && nanoota_state(&run) == NANOOTA_REVERTED, "slot %d", run.slot);
    CHECK(nanoota_activate(&run) == NANOOTA_REFUSED, "before the firmware has acknowledged it");
    CHECK(nanoota_confirm(&run) == NANOOTA_OK && run.record.reason == NANOOTA_CABLE_DEPLOYMENT, "acknowledged");
}

static void a_rejected_trial_is_over_and_no_deployment_cancels_it(void)
{
    for (uint32_t slot = 0; slot < 2u; slot++) {
        nanoota_record trial = start_trial(0, 0);
        boot(3);
        CHECK(nanoota_reject(&run, 6004) == NANOOTA_OK, "reject");
        CHECK(run.record.chosen_fingerprint == trial.previous_fingerprint, "the previous firmware");
        CHECK(run.record.previous_fingerprint == 0u, "the failed firmware");
        sim_put_image(&sim, slot, NEW);
        boot(3);
        CHECK(run.slot == 0u && run.record.reason == 6004u && run.action == NANOOTA_DID_NOTHING, "slot %u", (unsigned)slot);
    }
}

static void a_confirmation_keeps_the_fingerprints_and_later_deployments_are_ignored(void)
{
    nanoota_record trial = start_trial(0, 0);
    boot(3);
    CHECK(nanoota_confirm(&run) == NANOOTA_OK, "confirm");
    CHECK(run.record.chosen_fingerprint == trial.chosen_fingerprint, "chosen");
    CHECK(run.record.previous_fingerprint == trial.previous_fingerprint, "previous");
    sim_put_image(&sim, 0, NEW);
    boot(3);
    CHECK(run.slot == 1u && run.action == NANOOTA_DID_NOTHING, "slot %d", run.slot);
}

static const test_case tests[] = {
    TEST(a_deployment_by_cable_during_a_trial_boots_after_any_reset),
    TEST(with_both_slots_changed_the_chosen_one_boots),
    TEST(unchanged_or_unrecorded_images_stay_on_trial),
    TEST(outside_a_trial_no_change_counts_as_a_cable_deployment),
    TEST(a_cable_deployment_boots_and_is_detected_again_if_it_cannot_be_saved),
    TEST(activation_is_cancelled_by_a_deployment_into_the_slot_that_runs),
    TEST(a_rejected_trial_is_over_and_no_deployment_cancels_it),
    TEST(a_confirmation_keeps_the_fingerprints_and_later_deployments_are_ignored),
};

SUITE(cable_tests, tests);
