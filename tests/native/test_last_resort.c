/* A slot that has lost its first sector: the other slot boots, in safe mode if it is not proven (SPEC.md, section 5.1, rules 4 and 6). */
#include "nanoota_area.h"
#include "nanoota_assembly.h"
#include "test.h"

#include <string.h>

#define LAST_RESET 20
#define NEW 2u

static sim_flash sim;
static nanoota_flash port;
static nanoota_run run;

static void boot(int32_t reset)
{
    port = sim_port(&sim);
    test_boot(&run, &port, reset, 0);
}

static void lose(uint8_t slot)
{
    memset(sim.cells + (size_t)slot * SIM_SLOT_SIZE, 0xFF, NANOOTA_SECTOR_SIZE);
}

static void put_record(nanoota_record record)
{
    uint8_t bytes[NANOOTA_RECORD_LENGTH];
    record.sequence = 7;
    nanoota_record_encode(&record, bytes);
    sim_put(&sim, SIM_RECORDS, bytes, sizeof bytes);
}

/* Slot 0 boots because slot 1 is lost, and flash holds that record. */
static bool has_gone_to_slot_0(uint16_t reason, bool safe_mode)
{
    nanoota_record expected = nanoota_record_none();
    nanoota_record stored;
    expected.state = NANOOTA_REVERTED;
    expected.reason = reason;
    expected.safe_mode = safe_mode;
    expected.chosen_fingerprint = nanoota_fingerprint(&port, 0);
    return run.slot == 0u && run.saved && run.safe_mode == safe_mode
        && nanoota_value(&run, NANOOTA_VALUE_SAFE_MODE) == (safe_mode ? 1 : 0)
        && nanoota_record_load(&port, &stored) && test_same(&stored, &expected) && test_same(&run.record, &expected);
}

static bool is_last_resort(bool safe_mode)
{
    return has_gone_to_slot_0(6007, safe_mode);
}

static void previous_firmware_that_is_whole_boots_without_safe_mode(void)
{
    for (int state = NANOOTA_CONFIRMED; state <= NANOOTA_TRIAL; state++)
        for (int32_t reset = -1; reset <= LAST_RESET; reset++) {
            nanoota_record record = test_record(state);
            record.trial_boots = 0; /* so that no reset ends the trial */
            (void)test_put_known(&sim, record);
            lose(1);
            boot(reset);
            CHECK(is_last_resort(false), "state %d, reset %d", state, (int)reset);
        }
}

static void firmware_that_is_not_the_recorded_previous_one_boots_in_safe_mode(void)
{
    for (int state = NANOOTA_CONFIRMED; state <= NANOOTA_TRIAL; state++)
        for (int how = 1; how < 4; how++) {
            nanoota_record record = test_record(state);
            record.trial_boots = 0;
            record = test_put_known(&sim, record);
            if (how == 1) record.previous_fingerprint = 0;
            if (how == 2) record.previous_fingerprint ^= 1u;
            if (how == 3 && state == NANOOTA_TRIAL) continue; /* on trial this is a deployment by cable */
            if (how == 3) sim_put_image(&sim, 0, NEW);
            put_record(record);
            lose(1);
            boot(NANOOTA_RESET_POWER_ON);
            if (how == 2 && state == NANOOTA_TRIAL) CHECK(run.action == NANOOTA_YIELDED_TO_CABLE, "state %d", state);
            else CHECK(is_last_resort(true), "state %d, case %d", state, how);
        }
}

/* A power cut in the write that seals a slot leaves a whole header without a program that the CLR could start. */
static void a_torn_slot_never_boots_in_place_of_a_lost_one_and_nothing_is_written(void)
{
    for (int state = -1; state <= NANOOTA_REVERTED; state++)
        for (int32_t reset = -1; reset <= LAST_RESET; reset++) {
            nanoota_record record = test_record(state < NANOOTA_CONFIRMED ? NANOOTA_CONFIRMED : state);
            (void)test_put_known(&sim, record);
            if (state < NANOOTA_CONFIRMED) sim.cells[SIM_RECORDS] = 0;
            memset(sim.cells + (state < NANOOTA_CONFIRMED ? SIM_SLOT_SIZE : 0u) + 124u + 200u, 0xFF, 300);
            lose(state < NANOOTA_CONFIRMED ? 0 : 1);
            boot(reset);
            CHECK(run.slot == NANOOTA_NO_SLOT && sim.operations == 0u, "state %d, reset %d: slot %d", state, (int)reset, run.slot);
        }
}

static void firmware_that_failed_its_trial_boots_in_safe_mode(void)
{
    nanoota_record record = test_record_of(0, NANOOTA_TRIAL);
    (void)test_put_known(&sim, record);
    lose(1); /* the slot to revert to */
    boot(NANOOTA_RESET_PANIC);
    CHECK(has_gone_to_slot_0(6001, true), "slot %d", run.slot);
}

static void an_image_that_failed_its_trial_stays_in_safe_mode_if_it_is_unchanged(void)
{
    nanoota_record record = test_record_of(0, NANOOTA_TRIAL);
    sim_with(&sim, NULL, 0);
    for (uint32_t slot = 0; slot < 2u; slot++) (void)sim_put_assembly(&sim, slot * SIM_SLOT_SIZE, 200, 7);
    port = sim_port(&sim);
    record.chosen_fingerprint = record.previous_fingerprint = nanoota_fingerprint(&port, 0);
    put_record(record);
    lose(1);
    boot(NANOOTA_RESET_PANIC);
    CHECK(has_gone_to_slot_0(6001, true), "slot %d", run.slot);
}

static void after_a_revert_the_failed_firmware_boots_in_safe_mode(void)
{
    (void)test_put_known(&sim, test_record(NANOOTA_REVERTED));
    nanoota_record record = test_record(NANOOTA_REVERTED);
    put_record(record);
    lose(1);
    boot(NANOOTA_RESET_POWER_ON);
    CHECK(is_last_resort(true), "slot %d", run.slot);
}

static void without_a_record_the_other_slot_boots_without_safe_mode(void)
{
    nanoota_record expected = nanoota_record_none();
    (void)test_put_known(&sim, test_record(NANOOTA_CONFIRMED));
    sim.cells[SIM_RECORDS] = 0;
    lose(0);
    boot(NANOOTA_RESET_POWER_ON);
    expected.chosen = 1;
    expected.previous = 0;
    expected.state = NANOOTA_REVERTED;
    expected.reason = 6007;
    CHECK(run.slot == 1u && !run.safe_mode && test_same(&run.record, &expected), "slot %d", run.slot);
}

/* Slot 0 in safe mode, as above. */
static void begin_in_safe_mode(void)
{
    nanoota_record record = test_put_known(&sim, test_record(NANOOTA_CONFIRMED));
    record.previous_fingerprint = 0;
    put_record(record);
    lose(1);
    boot(NANOOTA_RESET_POWER_ON);
}

static void safe_mode_survives_acknowledgement_and_every_reset(void)
{
    begin_in_safe_mode();
    CHECK(is_last_resort(true), "begun");
    CHECK(nanoota_confirm(&run) == NANOOTA_OK && run.record.safe_mode && run.safe_mode, "acknowledged");
    CHECK(nanoota_may_write_inactive(&run), "the next release can come");
    for (int32_t reset = -1; reset <= LAST_RESET; reset++) {
        boot(reset);
        CHECK(run.slot == 0u && run.safe_mode && nanoota_state(&run) == NANOOTA_CONFIRMED, "reset %d", (int)reset);
    }
}

static void safe_mode_ends_with_the_next_release(void)
{
    begin_in_safe_mode();
    CHECK(nanoota_confirm(&run) == NANOOTA_OK, "acknowledge");
    sim_put_image(&sim, 1, NEW);
    CHECK(nanoota_activate(&run) == NANOOTA_OK && run.record.safe_mode == NANOOTA_SAFE_PREVIOUS, "activate");
    boot(NANOOTA_RESET_SOFTWARE);
    CHECK(run.slot == 1u && !run.safe_mode, "slot %d", run.slot);
}

/* Slot 1 on trial, after slot 0 in safe mode. */
static void begin_trial_after_safe_mode(void)
{
    begin_in_safe_mode();
    (void)nanoota_confirm(&run);
    sim_put_image(&sim, 1, NEW);
    (void)nanoota_activate(&run);
    boot(NANOOTA_RESET_SOFTWARE);
}

static void a_release_that_fails_restores_safe_mode(void)
{
    for (int how = 0; how < 2; how++) {
        begin_trial_after_safe_mode();
        if (how == 0) CHECK(nanoota_reject(&run, 6004) == NANOOTA_OK, "reject");
        boot(NANOOTA_RESET_PANIC);
        CHECK(run.slot == 0u && run.safe_mode && nanoota_state(&run) == NANOOTA_REVERTED, "case %d", how);
        CHECK(nanoota_confirm(&run) == NANOOTA_OK, "acknowledge");
        boot(NANOOTA_RESET_POWER_ON);
        CHECK(run.slot == 0u && run.safe_mode, "case %d: for good", how);
    }
}

static void firmware_in_safe_mode_is_not_proven_by_the_next_release(void)
{
    for (int how = 0; how < 2; how++) {
        uint8_t memory[NANOOTA_RETAINED_LENGTH];
        nanoota_retained crashes = {.crashes = 4};
        nanoota_reset reset = {NANOOTA_RESET_PANIC, 0, TEST_CRASH_LIMIT, TEST_TRIAL_MS, memory, NULL};
        begin_trial_after_safe_mode();
        CHECK(nanoota_confirm(&run) == NANOOTA_OK && run.record.safe_mode == NANOOTA_SAFE_PREVIOUS, "confirm");
        if (how == 0) lose(1);
        crashes.fingerprint = run.record.chosen_fingerprint;
        nanoota_retained_encode(&crashes, memory);
        nanoota_boot(&run, &port, &reset);
        CHECK(run.slot == (how == 0 ? 0u : 1u) && run.safe_mode, "case %d: slot %d", how, run.slot);
        CHECK(how == 1 || is_last_resort(true), "case %d", how);
    }
}

static void an_app_deployed_over_firmware_in_safe_mode_is_not_in_safe_mode(void)
{
    begin_in_safe_mode();
    (void)nanoota_confirm(&run);
    sim_put_image(&sim, 0, NEW);
    sim_put_image(&sim, 1, NEW + 1u);
    boot(NANOOTA_RESET_POWER_ON);
    CHECK(nanoota_activate(&run) == NANOOTA_OK && run.record.safe_mode == NANOOTA_SAFE_NONE, "activate");
    boot(NANOOTA_RESET_SOFTWARE);
    boot(NANOOTA_RESET_PANIC);
    CHECK(run.slot == 0u && !run.safe_mode && nanoota_state(&run) == NANOOTA_REVERTED, "slot %d", run.slot);
}

static void safe_mode_ends_with_a_deployment_by_cable(void)
{
    begin_in_safe_mode();
    sim_put_image(&sim, 0, NEW);
    boot(NANOOTA_RESET_POWER_ON);
    CHECK(run.slot == 0u && !run.safe_mode && run.action == NANOOTA_DID_NOTHING, "slot %d", run.slot);
}

static void a_last_resort_that_cannot_be_written_is_in_safe_mode_too(void)
{
    nanoota_record record = test_put_known(&sim, test_record(NANOOTA_CONFIRMED));
    record.previous_fingerprint = 0;
    put_record(record);
    lose(1);
    sim.health[SIM_COPY_B] = SECTOR_STUCK;
    for (int i = 0; i < 3; i++) {
        boot(NANOOTA_RESET_POWER_ON);
        CHECK(run.slot == 0u && run.safe_mode && !run.saved, "boot %d", i);
    }
}

static const test_case tests[] = {
    TEST(previous_firmware_that_is_whole_boots_without_safe_mode),
    TEST(firmware_that_is_not_the_recorded_previous_one_boots_in_safe_mode),
    TEST(a_torn_slot_never_boots_in_place_of_a_lost_one_and_nothing_is_written),
    TEST(firmware_that_failed_its_trial_boots_in_safe_mode),
    TEST(an_image_that_failed_its_trial_stays_in_safe_mode_if_it_is_unchanged),
    TEST(after_a_revert_the_failed_firmware_boots_in_safe_mode),
    TEST(without_a_record_the_other_slot_boots_without_safe_mode),
    TEST(safe_mode_survives_acknowledgement_and_every_reset),
    TEST(safe_mode_ends_with_the_next_release),
    TEST(a_release_that_fails_restores_safe_mode),
    TEST(firmware_in_safe_mode_is_not_proven_by_the_next_release),
    TEST(an_app_deployed_over_firmware_in_safe_mode_is_not_in_safe_mode),
    TEST(safe_mode_ends_with_a_deployment_by_cable),
    TEST(a_last_resort_that_cannot_be_written_is_in_safe_mode_too),
};

SUITE(last_resort_tests, tests);
