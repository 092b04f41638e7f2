/* Activate, confirm, reject, and their checks. */
#include "nanoota_bytes.h"
#include "test.h"

#include <string.h>

static sim_flash sim;
static sim_flash before;
static nanoota_flash port;
static nanoota_run run;

static void boot(int32_t reset)
{
    port = sim_port(&sim);
    test_boot(&run, &port, reset, 0);
}

static void boot_with(const nanoota_record *record, uint32_t slots)
{
    sim_with(&sim, record, slots);
    boot(1);
    before = sim;
}

static bool is_unchanged(void)
{
    return memcmp(sim.cells, before.cells, sizeof sim.cells) == 0 && sim.operations == before.operations;
}

static nanoota_record stored(void)
{
    nanoota_record record = nanoota_record_none();
    (void)nanoota_record_load(&port, &record);
    return record;
}

static void activation_begins_a_trial_of_the_other_slot_at_the_next_reset(void)
{
    nanoota_record expected = test_trial(0, 0);
    nanoota_record actual;
    boot_with(NULL, 3);
    expected.chosen_fingerprint = nanoota_crc32(0, sim_at(&sim, SIM_SLOT_SIZE), 124);
    expected.previous_fingerprint = nanoota_crc32(0, sim_at(&sim, 0), 124);
    CHECK(nanoota_activate(&run) == NANOOTA_OK, "activate");
    CHECK(nanoota_state(&run) == NANOOTA_ACTIVATED, "state %d", nanoota_state(&run));
    actual = stored();
    CHECK(test_same(&actual, &expected) && actual.sequence == 1u, "record");
    boot(3);
    CHECK(run.slot == 1u && nanoota_state(&run) == NANOOTA_TRIAL, "slot %d", run.slot);
}

static void activation_clears_reason_and_runtime_slot(void)
{
    nanoota_record record = test_record(NANOOTA_CONFIRMED);
    record.reason = 6001;
    record.clr_slot = 0;
    boot_with(&record, 3);
    CHECK(nanoota_activate(&run) == NANOOTA_OK, "activate");
    record = stored();
    CHECK(record.reason == 0u && record.clr_slot == NANOOTA_ANY_CLR_SLOT, "reason %d", record.reason);
    CHECK(record.chosen == 0u && record.previous == 1u && record.trial_boots == 0u, "chosen %d", record.chosen);
}

static void activation_of_a_slot_without_an_assembly_is_refused(void)
{
    boot_with(NULL, 1);
    CHECK(nanoota_activate(&run) == NANOOTA_REFUSED && is_unchanged(), "blank slot 1");
}

static void activation_is_refused_unless_the_state_is_confirmed(void)
{
    for (int state = NANOOTA_TRIAL; state <= NANOOTA_REVERTED; state++) {
        nanoota_record record = test_record(state);
        boot_with(&record, 3);
        CHECK(nanoota_activate(&run) == NANOOTA_REFUSED && is_unchanged(), "state %d", state);
    }
}

static void once_the_record_chooses_the_other_slot_all_calls_are_refused(void)
{
    for (int verdict = 0; verdict < 2; verdict++) {
        nanoota_record record = verdict == 0 ? test_record(NANOOTA_CONFIRMED) : test_trial(1, 0);
        boot_with(&record, 3);
        if (verdict == 0) CHECK(nanoota_activate(&run) == NANOOTA_OK, "activate");
        if (verdict == 1) CHECK(nanoota_reject(&run, 6004) == NANOOTA_OK, "reject");
        before = sim;
        CHECK(nanoota_activate(&run) == NANOOTA_REFUSED, "verdict %d", verdict);
        CHECK(nanoota_confirm(&run) == NANOOTA_REFUSED, "verdict %d", verdict);
        CHECK(nanoota_reject(&run, 6004) == NANOOTA_REFUSED, "verdict %d", verdict);
        CHECK(!nanoota_may_write_inactive(&run) && is_unchanged(), "verdict %d", verdict);
    }
}

static void a_confirmed_trial_boots_from_then_on(void)
{
    nanoota_record record = test_trial(2, 1);
    boot_with(&record, 3);
    CHECK(nanoota_confirm(&run) == NANOOTA_OK, "confirm");
    record = stored();
    CHECK(record.state == NANOOTA_CONFIRMED && record.chosen == 1u, "state %d", record.state);
    CHECK(record.trial_boots == 0u && record.power_blips == 0u, "counters");
    CHECK(nanoota_may_write_inactive(&run), "may write");
    boot(4);
    CHECK(run.slot == 1u, "after a panic");
}

static void a_confirmed_revert_keeps_its_reason_and_allows_writing_again(void)
{
    nanoota_record record = test_trial(1, 0);
    sim_with(&sim, &record, 3);
    boot(4);
    CHECK(nanoota_state(&run) == NANOOTA_REVERTED && !nanoota_may_write_inactive(&run), "reverted");
    CHECK(nanoota_confirm(&run) == NANOOTA_OK && nanoota_may_write_inactive(&run), "acknowledged");
    CHECK(stored().reason == NANOOTA_TRIAL_PANIC && stored().state == NANOOTA_CONFIRMED, "reason kept");
}

static void confirming_what_is_confirmed_succeeds_without_a_write(void)
{
    nanoota_record record = test_record(NANOOTA_CONFIRMED);
    boot_with(NULL, 3);
    CHECK(nanoota_confirm(&run) == NANOOTA_OK && is_unchanged(), "no record");
    boot_with(&record, 3);
    CHECK(nanoota_confirm(&run) == NANOOTA_OK && is_unchanged(), "confirmed");
}

static void a_rejected_trial_reverts_to_the_previous_slot_with_the_reason(void)
{
    static const int32_t reasons[] = {1, 6004, 65535};
    for (unsigned i = 0; i < 3u; i++) {
        nanoota_record record = test_trial(1, 0);
        boot_with(&record, 3);
        CHECK(nanoota_reject(&run, reasons[i]) == NANOOTA_OK, "reason %d", (int)reasons[i]);
        boot(3);
        CHECK(run.slot == 0u && nanoota_state(&run) == NANOOTA_REVERTED, "reason %d", (int)reasons[i]);
        CHECK(run.record.reason == reasons[i], "reason %d", (int)reasons[i]);
    }
}

static void a_rejection_needs_a_reason_and_a_trial_or_a_proven_slot(void)
{
    static const int32_t bad[] = {0, -1, 65536, INT32_MIN, INT32_MAX};
    nanoota_record trial = test_trial(1, 0);
    for (unsigned i = 0; i < 5u; i++) {
        boot_with(&trial, 3);
        CHECK(nanoota_reject(&run, bad[i]) == NANOOTA_REFUSED && is_unchanged(), "reason %d", (int)bad[i]);
    }
    for (int state = NANOOTA_CONFIRMED; state <= NANOOTA_REVERTED; state += 2) {
        nanoota_record record = test_record(state);
        boot_with(&record, 3);
        CHECK(nanoota_reject(&run, 6004) == NANOOTA_REFUSED && is_unchanged(), "state %d", state);
    }
}

static void a_record_that_cannot_be_written_returns_failed_and_keeps_the_state(void)
{
    for (int health = SECTOR_WORN; health <= SECTOR_UNREADABLE; health++) {
        nanoota_record record = test_trial(0, 0);
        boot_with(&record, 3);
        sim.health[SIM_COPY_A] = (sector_health)health;
        CHECK(nanoota_confirm(&run) == NANOOTA_FAILED, "health %d", health);
        CHECK(nanoota_reject(&run, 6004) == NANOOTA_FAILED, "health %d", health);
        CHECK(nanoota_state(&run) == NANOOTA_TRIAL, "health %d", health);
    }
}

static void if_nothing_runs_every_call_is_refused(void)
{
    nanoota_record record = test_trial(1, 0);
    boot_with(&record, 0);
    CHECK(nanoota_activate(&run) == NANOOTA_REFUSED, "activate");
    CHECK(nanoota_confirm(&run) == NANOOTA_REFUSED, "confirm");
    CHECK(nanoota_reject(&run, 6004) == NANOOTA_REFUSED, "reject");
    CHECK(is_unchanged(), "flash");
}

static void on_a_flash_that_cannot_be_used_every_call_is_refused(void)
{
    sim_with(&sim, NULL, 3);
    sim.records_size = 0x11000;
    boot(1);
    before = sim;
    CHECK(nanoota_activate(&run) == NANOOTA_REFUSED, "activate");
    CHECK(nanoota_confirm(&run) == NANOOTA_REFUSED, "confirm");
    CHECK(!nanoota_may_write_inactive(&run) && is_unchanged(), "flash");
}

static const test_case tests[] = {
    TEST(activation_begins_a_trial_of_the_other_slot_at_the_next_reset),
    TEST(activation_clears_reason_and_runtime_slot),
    TEST(activation_of_a_slot_without_an_assembly_is_refused),
    TEST(activation_is_refused_unless_the_state_is_confirmed),
    TEST(once_the_record_chooses_the_other_slot_all_calls_are_refused),
    TEST(a_confirmed_trial_boots_from_then_on),
    TEST(a_confirmed_revert_keeps_its_reason_and_allows_writing_again),
    TEST(confirming_what_is_confirmed_succeeds_without_a_write),
    TEST(a_rejected_trial_reverts_to_the_previous_slot_with_the_reason),
    TEST(a_rejection_needs_a_reason_and_a_trial_or_a_proven_slot),
    TEST(a_record_that_cannot_be_written_returns_failed_and_keeps_the_state),
    TEST(if_nothing_runs_every_call_is_refused),
    TEST(on_a_flash_that_cannot_be_used_every_call_is_refused),
};

SUITE(call_tests, tests);
