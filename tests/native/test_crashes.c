/* Firmware that is not on trial and crashes soon after each start (SPEC.md, section 5.1, rule 5). */
#include "nanoota_area.h"
#include "nanoota_assembly.h"
#include "test.h"

#include <string.h>

#define LAST_RESET 20
#define NEW 2u /* fill of an image that is not in the record */

static sim_flash sim;
static nanoota_flash port;
static nanoota_run run;
static uint8_t memory[NANOOTA_RETAINED_LENGTH];

static void boot_limited(int32_t reason, uint8_t limit)
{
    nanoota_reset reset = {reason, 0, limit, TEST_TRIAL_MS, memory, NULL};
    port = sim_port(&sim);
    nanoota_boot(&run, &port, &reset);
    nanoota_called(&run);
}

static void boot(int32_t reason)
{
    boot_limited(reason, TEST_CRASH_LIMIT);
}

static nanoota_retained retained(void)
{
    return nanoota_retained_decode(memory);
}

/* Slot 1 confirmed after a trial, slot 0 as it was before it, and no crash yet. */
static nanoota_record begin(int state)
{
    test_forget(memory);
    return test_put_known(&sim, test_record(state));
}

static void put_crashes(uint8_t count, uint32_t fingerprint)
{
    nanoota_retained before = {.crashes = count, .fingerprint = fingerprint};
    nanoota_retained_encode(&before, memory);
}

static void crash(unsigned times)
{
    for (unsigned i = 0; i < times; i++) boot(NANOOTA_RESET_PANIC);
}

static void put_record(nanoota_record record)
{
    uint8_t bytes[NANOOTA_RECORD_LENGTH];
    record.sequence = 7;
    nanoota_record_encode(&record, bytes);
    sim_put(&sim, SIM_RECORDS, bytes, sizeof bytes);
}

static void four_crashes_change_nothing_and_the_fifth_reverts(void)
{
    nanoota_record after = nanoota_record_none();
    nanoota_record stored;
    after.chosen_fingerprint = begin(NANOOTA_CONFIRMED).previous_fingerprint;
    after.state = NANOOTA_REVERTED;
    after.reason = 6010;
    for (int i = 1; i <= 4; i++) {
        crash(1);
        CHECK(run.slot == 1u && run.action == NANOOTA_DID_NOTHING && !run.safe_mode, "crash %d", i);
        CHECK(nanoota_value(&run, NANOOTA_VALUE_CRASHES) == i && sim.operations == 0u, "crash %d", i);
    }
    crash(1);
    CHECK(run.slot == 0u && run.action == NANOOTA_REVERTED_TRIAL && !run.safe_mode, "slot %d", run.slot);
    CHECK(nanoota_record_load(&port, &stored) && test_same(&stored, &after) && run.saved, "record");
    CHECK(retained().crashes == 0u && retained().fingerprint == 0u, "%d crashes", retained().crashes);
}

static void previous_firmware_that_crashes_too_stays_in_safe_mode(void)
{
    (void)begin(NANOOTA_CONFIRMED);
    crash(5);
    crash(4);
    CHECK(run.slot == 0u && !run.safe_mode, "four crashes");
    crash(1);
    CHECK(run.slot == 0u && run.safe_mode && nanoota_state(&run) == NANOOTA_REVERTED, "five");
    CHECK(nanoota_confirm(&run) == NANOOTA_OK, "acknowledged");
    crash(1);
    CHECK(run.slot == 0u && run.safe_mode && run.action == NANOOTA_DID_NOTHING, "the other slot has no recorded fingerprint");
}

/* What each reset reason does to four crashes, in each state. */
static int expected_count(int32_t reset, int state)
{
    static const char rules[] = "kzzkcccczzkkkkzc"; /* kept, zero, counted */
    int rule = reset >= 0 && reset <= 15 ? rules[reset] : 'k';
    if (state == NANOOTA_TRIAL || rule == 'z') return 0;
    return rule == 'k' ? 4 : 5;
}

static void in_every_state_each_reset_reason_counts_as_specified(void)
{
    for (int32_t reset = -1; reset <= LAST_RESET; reset++)
        for (int state = NANOOTA_CONFIRMED; state <= NANOOTA_REVERTED; state++)
            for (uint8_t boots = 0; boots <= 1u; boots++) {
                nanoota_record record = test_record(state);
                int expected = expected_count(reset, state);
                test_forget(memory);
                record.trial_boots = boots;
                record = test_put_known(&sim, record);
                put_crashes(4, record.chosen_fingerprint);
                boot_limited(reset, 0);
                CHECK(nanoota_value(&run, NANOOTA_VALUE_CRASHES) == expected, "reset %d, state %d: %d", (int)reset, state,
                    run.retained.crashes);
                CHECK(retained().fingerprint == (state == NANOOTA_TRIAL ? 0u : record.chosen_fingerprint), "reset %d, state %d",
                    (int)reset, state);
            }
}

static void a_boot_that_reverts_counts_no_crash(void)
{
    nanoota_record record = begin(NANOOTA_TRIAL);
    put_crashes(4, record.previous_fingerprint);
    boot(NANOOTA_RESET_PANIC);
    CHECK(run.slot == 0u && run.record.reason == NANOOTA_TRIAL_PANIC && retained().crashes == 0u, "a failed trial");
    (void)begin(NANOOTA_CONFIRMED);
    put_crashes(4, nanoota_fingerprint(&port, 0));
    memset(sim.cells + SIM_SLOT_SIZE, 0xFF, NANOOTA_SECTOR_SIZE);
    boot(NANOOTA_RESET_PANIC);
    CHECK(run.slot == 0u && run.record.reason == NANOOTA_SLOT_NOT_BOOTABLE && retained().crashes == 0u, "the last resort");
}

static void five_crashes_and_a_reset_by_software_are_still_five(void)
{
    (void)begin(NANOOTA_REVERTED);
    crash(5);
    boot(NANOOTA_RESET_SOFTWARE);
    CHECK(run.safe_mode && nanoota_value(&run, NANOOTA_VALUE_SAFE_MODE) == 1, "safe mode stays");
    boot(NANOOTA_RESET_POWER_ON);
    CHECK(!run.safe_mode && nanoota_value(&run, NANOOTA_VALUE_CRASHES) == 0, "power-on ends it");
}

/* Each leaves the previous slot of a confirmed record in a state that must not be reverted to. */
static void damage_previous(int how)
{
    nanoota_record record = test_record(NANOOTA_CONFIRMED);
    record.chosen_fingerprint = nanoota_fingerprint(&port, 1);
    record.previous_fingerprint = nanoota_fingerprint(&port, 0);
    if (how == 0) sim.cells[SIM_IMAGE_GAP - 1u] = 0;                  /* the last byte of the second body */
    if (how == 1) memset(sim.cells, 0xFF, NANOOTA_SECTOR_SIZE);       /* an update has begun to be staged there */
    if (how == 2) sim_put_image(&sim, 0, NEW);                        /* one is staged */
    if (how == 3) sim.health[0] = SECTOR_UNREADABLE;
    if (how == 4 || how == 7) record.previous_fingerprint = 0;        /* the previous firmware is not recorded */
    if (how == 7) memset(sim.cells, 0xFF, SIM_SLOT_SIZE);             /* and the slot is blank */
    if (how == 5) sim.cells[SIM_IMAGE_SIZE - 1u] = 0xAA;              /* the last byte of all */
    if (how == 6) sim.cells[SIM_IMAGE_GAP + 1u] = 0;                  /* the third assembly is not found */
    put_record(record);
}

static void firmware_that_crashes_without_a_proven_previous_slot_runs_in_safe_mode(void)
{
    for (int how = 0; how <= 7; how++) {
        (void)begin(NANOOTA_CONFIRMED);
        port = sim_port(&sim);
        damage_previous(how);
        crash(4);
        CHECK(run.slot == 1u && !run.safe_mode, "case %d", how);
        crash(1);
        CHECK(run.slot == 1u && run.safe_mode && run.action == NANOOTA_DID_NOTHING, "case %d: slot %d", how, run.slot);
        CHECK(sim.operations == 0u && nanoota_state(&run) == NANOOTA_CONFIRMED, "case %d", how);
    }
}

static void damage_in_a_gap_without_a_CRC_does_not_prevent_the_revert(void)
{
    (void)begin(NANOOTA_CONFIRMED);
    sim.cells[SIM_IMAGE_GAP] ^= 1u;
    crash(5);
    CHECK(run.slot == 0u && run.record.reason == NANOOTA_CRASH_LOOP, "slot %d", run.slot);
}

/* The image deployed by cable did not pass the trial, and the previous firmware is not its predecessor. */
static void a_crashing_deployment_by_cable_runs_in_safe_mode(void)
{
    (void)begin(NANOOTA_CONFIRMED);
    crash(4);
    sim_put_image(&sim, 1, NEW);
    crash(4);
    CHECK(run.slot == 1u && !run.safe_mode && nanoota_value(&run, NANOOTA_VALUE_CRASHES) == 4, "counted from the start");
    crash(1);
    CHECK(run.slot == 1u && run.safe_mode && sim.operations == 0u, "slot %d", run.slot);
}

static void without_a_record_five_crashes_are_safe_mode(void)
{
    (void)begin(NANOOTA_CONFIRMED);
    sim.cells[SIM_RECORDS] = 0;
    crash(5);
    CHECK(run.slot == 0u && run.safe_mode && sim.operations == 0u, "slot %d", run.slot);
}

static void a_crashing_slot_with_an_unreadable_end_runs_in_safe_mode(void)
{
    nanoota_record record = begin(NANOOTA_CONFIRMED);
    record.chosen_fingerprint = 0; /* it could not be read when it was activated either */
    put_record(record);
    (void)sim_put_assembly(&sim, SIM_SLOT_SIZE, NANOOTA_SECTOR_SIZE, 5);
    sim.health[SIM_SLOT_SIZE / NANOOTA_SECTOR_SIZE + 1u] = SECTOR_UNREADABLE;
    crash(5);
    CHECK(run.slot == 1u && run.safe_mode, "%d crashes", run.retained.crashes);
}

static void the_crash_limit_is_that_of_the_board_and_0_disables_it(void)
{
    (void)begin(NANOOTA_CONFIRMED);
    boot_limited(NANOOTA_RESET_PANIC, 1);
    CHECK(run.slot == 0u && run.record.reason == NANOOTA_CRASH_LOOP, "limit 1");
    (void)begin(NANOOTA_CONFIRMED);
    for (int i = 0; i < 300; i++) {
        boot_limited(NANOOTA_RESET_PANIC, 0);
        CHECK(run.slot == 1u && !run.safe_mode && sim.operations == 0u, "crash %d", i);
    }
    CHECK(nanoota_value(&run, NANOOTA_VALUE_CRASHES) == 255, "counted all the same");
}

static void the_previous_firmware_boots_even_if_that_cannot_be_written(void)
{
    for (int health = SECTOR_WORN; health <= SECTOR_UNREADABLE; health++) {
        (void)begin(NANOOTA_CONFIRMED);
        sim.health[SIM_COPY_B] = (sector_health)health;
        crash(5);
        CHECK(run.slot == 0u && !run.saved && nanoota_state(&run) == NANOOTA_REVERTED, "health %d", health);
        CHECK(!nanoota_may_write_inactive(&run) && retained().crashes == 0u, "health %d", health);
        crash(1);
        CHECK(run.slot == 1u && nanoota_value(&run, NANOOTA_VALUE_CRASHES) == 1, "health %d: the record stands", health);
    }
}

static void cleared_crashes_are_counted_from_zero_again(void)
{
    (void)begin(NANOOTA_CONFIRMED);
    crash(4);
    CHECK(nanoota_forget_crashes(&run) == NANOOTA_OK && nanoota_value(&run, NANOOTA_VALUE_CRASHES) == 0, "forgotten");
    CHECK(retained().crashes == 0u, "in memory too");
    crash(4);
    CHECK(run.slot == 1u && nanoota_value(&run, NANOOTA_VALUE_CRASHES) == 4, "slot %d", run.slot);
}

static void if_nothing_boots_the_memory_does_not_change(void)
{
    for (int how = 0; how < 2; how++) {
        uint8_t before[sizeof memory];
        sim_with(&sim, NULL, how == 0 ? 0u : 3u);
        if (how == 1) sim.records_size = 0x11000;
        put_crashes(3, 9);
        memory[5] ^= (uint8_t)how; /* invalid data as well */
        memcpy(before, memory, sizeof before);
        boot(NANOOTA_RESET_PANIC);
        CHECK(run.slot == NANOOTA_NO_SLOT && nanoota_forget_crashes(&run) == NANOOTA_REFUSED, "case %d", how);
        CHECK(nanoota_sleep(&run, 0, 0, 0) == NANOOTA_REFUSED, "case %d", how);
        CHECK(memcmp(before, memory, sizeof before) == 0, "case %d", how);
    }
}

static const test_case tests[] = {
    TEST(four_crashes_change_nothing_and_the_fifth_reverts),
    TEST(previous_firmware_that_crashes_too_stays_in_safe_mode),
    TEST(in_every_state_each_reset_reason_counts_as_specified),
    TEST(a_boot_that_reverts_counts_no_crash),
    TEST(five_crashes_and_a_reset_by_software_are_still_five),
    TEST(firmware_that_crashes_without_a_proven_previous_slot_runs_in_safe_mode),
    TEST(damage_in_a_gap_without_a_CRC_does_not_prevent_the_revert),
    TEST(a_crashing_deployment_by_cable_runs_in_safe_mode),
    TEST(without_a_record_five_crashes_are_safe_mode),
    TEST(a_crashing_slot_with_an_unreadable_end_runs_in_safe_mode),
    TEST(the_crash_limit_is_that_of_the_board_and_0_disables_it),
    TEST(the_previous_firmware_boots_even_if_that_cannot_be_written),
    TEST(cleared_crashes_are_counted_from_zero_again),
    TEST(if_nothing_boots_the_memory_does_not_change),
};

SUITE(crash_tests, tests);
