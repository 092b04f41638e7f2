/* Deep sleep that the firmware has planned, the time of a trial, and the guard (SPEC.md, sections 5.1 and 5.4). */
#include "nanoota_area.h"
#include "nanoota_bytes.h"
#include "test.h"

#include <string.h>

#define LAST_RESET 20
#define TRIAL_MS TEST_TRIAL_MS

static sim_flash sim;
static nanoota_flash port;
static nanoota_run run;
static uint8_t memory[NANOOTA_RETAINED_LENGTH];

static void boot(int32_t reason)
{
    port = sim_port(&sim);
    test_boot_retaining(&run, &port, reason, memory);
}

static void begin(const nanoota_record *record)
{
    test_forget(memory);
    sim_with(&sim, record, 3);
    boot(NANOOTA_RESET_SOFTWARE);
}

static void begin_trial(void)
{
    nanoota_record record = test_trial(0, 0);
    begin(&record);
}

static nanoota_result rest(int32_t kept, uint32_t uptime)
{
    return nanoota_sleep(&run, 1000, kept, uptime);
}

static void the_wake_from_a_planned_sleep_continues_the_trial_and_writes_nothing(void)
{
    begin_trial();
    for (int i = 1; i <= 100; i++) {
        sim_arm(&sim, 0, CUT_NONE, 0);
        CHECK(rest(i, 2000) == NANOOTA_OK, "sleep %d", i);
        boot(NANOOTA_RESET_DEEP_SLEEP);
        CHECK(run.slot == 1u && nanoota_state(&run) == NANOOTA_TRIAL && run.action == NANOOTA_DID_NOTHING, "sleep %d", i);
        CHECK(sim.operations == 0u && run.record.power_blips == 0u && run.record.trial_boots == 1u, "sleep %d", i);
        CHECK(nanoota_value(&run, NANOOTA_VALUE_KEPT) == i, "sleep %d", i);
        CHECK(nanoota_trial_left(&run) == TRIAL_MS - 2000u * (unsigned)i, "sleep %d", i);
    }
}

static void a_sixth_wake_as_planned_is_no_blip_too_many(void)
{
    nanoota_record record = test_trial(6, 5);
    sim_with(&sim, &record, 3);
    test_forget(memory);
    {
        nanoota_retained planned = {.is_planned = true, .trial_ms = 1000};
        nanoota_retained_encode(&planned, memory);
    }
    boot(NANOOTA_RESET_DEEP_SLEEP);
    CHECK(run.slot == 1u && run.action == NANOOTA_DID_NOTHING, "planned");
    boot(NANOOTA_RESET_DEEP_SLEEP);
    CHECK(run.slot == 0u && run.record.reason == NANOOTA_TOO_MANY_BLIPS, "a plan is valid for one sleep");
}

/* The old firmware runs while the record in flash is still a trial. */
static void a_sleep_of_the_old_firmware_is_no_wake_of_the_trial_that_could_not_be_reverted(void)
{
    for (int health = SECTOR_WORN; health <= SECTOR_UNREADABLE; health++) {
        nanoota_record record = test_trial(1, 0);
        test_forget(memory);
        sim_with(&sim, &record, 3);
        sim.health[SIM_COPY_B] = (sector_health)health;
        boot(NANOOTA_RESET_PANIC);
        for (int i = 1; i <= 3; i++) {
            CHECK(run.slot == 0u && nanoota_state(&run) == NANOOTA_REVERTED && !run.saved, "health %d, boot %d", health, i);
            CHECK(rest(i, 90000) == NANOOTA_OK, "health %d, sleep %d", health, i);
            boot(NANOOTA_RESET_DEEP_SLEEP);
            CHECK(nanoota_value(&run, NANOOTA_VALUE_KEPT) == i, "health %d, sleep %d", health, i);
        }
    }
}

static bool is_crash(int32_t reset)
{
    return (reset >= NANOOTA_RESET_PANIC && reset <= NANOOTA_RESET_TASK_WATCHDOG) || reset == NANOOTA_RESET_CPU_LOCKUP;
}

static void any_other_reset_after_a_planned_sleep_is_handled_as_without_one(void)
{
    for (int32_t reset = -1; reset <= LAST_RESET; reset++) {
        nanoota_run expected;
        begin_trial();
        test_boot(&expected, &port, reset, 0);
        if (reset == NANOOTA_RESET_DEEP_SLEEP || is_crash(reset)) continue; /* it may come before the boot of the wake */
        begin_trial();
        CHECK(rest(7, 5000) == NANOOTA_OK, "reset %d", (int)reset);
        boot(reset);
        CHECK(run.slot == expected.slot && run.action == expected.action, "reset %d", (int)reset);
        CHECK(test_same(&run.record, &expected.record), "reset %d", (int)reset);
        CHECK(nanoota_value(&run, NANOOTA_VALUE_KEPT) == 0, "reset %d", (int)reset);
        CHECK(nanoota_trial_left(&run) == TRIAL_MS, "reset %d", (int)reset);
    }
}

static void a_planned_sleep_before_the_first_boot_of_a_trial_counts_it(void)
{
    begin(NULL);
    CHECK(nanoota_activate(&run) == NANOOTA_OK, "activate");
    CHECK(rest(3, 90000) == NANOOTA_OK, "sleep instead of a reset");
    boot(NANOOTA_RESET_DEEP_SLEEP);
    CHECK(run.slot == 1u && run.action == NANOOTA_BEGAN_TRIAL, "slot %d", run.slot);
    CHECK(nanoota_trial_left(&run) == TRIAL_MS, "the new trial has all of its time");
    CHECK(nanoota_value(&run, NANOOTA_VALUE_KEPT) == 3, "kept");
}

static void no_trial_sleeps_beyond_its_time_even_with_short_boots(void)
{
    for (uint32_t uptime = 0; uptime <= 1500u; uptime += 500u) {
        uint32_t boots = 1;
        begin_trial();
        while (rest(0, uptime) == NANOOTA_OK && boots < 1000u) {
            boot(NANOOTA_RESET_DEEP_SLEEP);
            CHECK(run.slot == 1u, "uptime %u, boot %u", (unsigned)uptime, (unsigned)boots);
            boots++;
        }
        CHECK(boots == TRIAL_MS / (uptime < 1000u ? 1000u : uptime), "uptime %u: %u boots", (unsigned)uptime, (unsigned)boots);
        CHECK(nanoota_trial_left(&run) <= (uptime < 1000u ? 1000u : uptime), "uptime %u", (unsigned)uptime);
        boot(NANOOTA_RESET_OTHER_WATCHDOG);
        CHECK(run.slot == 0u && run.record.reason == NANOOTA_TRIAL_WATCHDOG, "the trial watchdog");
    }
}

/* The trial also ends if firmware passes seconds as milliseconds, or enables no wake source. */
static void a_trial_sleeps_no_longer_than_it_has_left(void)
{
    static const int32_t asked[] = {0, 1, 1000, TRIAL_MS - 5000, TRIAL_MS - 4999, 86400000, INT32_MAX};
    static const uint32_t limits[] = {TRIAL_MS - 5000, 1, 1000, TRIAL_MS - 5000, TRIAL_MS - 5000, TRIAL_MS - 5000, TRIAL_MS - 5000};
    begin_trial();
    for (unsigned i = 0; i < 7u; i++)
        CHECK(nanoota_sleep_limit(&run, asked[i], 5000) == limits[i], "%d ms: %u", (int)asked[i],
            (unsigned)nanoota_sleep_limit(&run, asked[i], 5000));
    CHECK(nanoota_sleep_limit(&run, 0, 0) == TRIAL_MS - 1000u, "a second at least");
    CHECK(nanoota_sleep_limit(&run, 0, TRIAL_MS - 1u) == 1u, "the last millisecond");
    CHECK(nanoota_confirm(&run) == NANOOTA_OK, "confirm");
    for (unsigned i = 0; i < 7u; i++) CHECK(nanoota_sleep_limit(&run, asked[i], 5000) == (uint32_t)asked[i], "as requested");
}

static void a_trial_that_only_sleeps_is_rolled_back_within_26_hours(void)
{
    uint64_t passed_ms = 0;
    uint32_t boots = 1;
    begin_trial();
    for (; boots < 1000u; boots++) {
        uint32_t limit = nanoota_sleep_limit(&run, 0, 0);
        if (nanoota_sleep(&run, 0, 0, 0) != NANOOTA_OK) break;
        passed_ms += limit + 1000u;
        boot(NANOOTA_RESET_DEEP_SLEEP);
    }
    boot(NANOOTA_RESET_OTHER_WATCHDOG);
    CHECK(run.slot == 0u && run.record.reason == NANOOTA_TRIAL_WATCHDOG, "slot %d", run.slot);
    CHECK(boots == 420u && passed_ms / 3600000u < 26u, "%u boots, %u s", (unsigned)boots, (unsigned)(passed_ms / 1000u));
}

static void at_its_limit_a_sleep_is_refused_and_changes_nothing(void)
{
    static const uint32_t uptimes[] = {TRIAL_MS - 1u, TRIAL_MS, TRIAL_MS + 1u, UINT32_MAX};
    for (unsigned i = 0; i < 4u; i++) {
        uint8_t before[sizeof memory];
        begin_trial();
        memcpy(before, memory, sizeof before);
        CHECK(rest(1, uptimes[i]) == (i == 0u ? NANOOTA_OK : NANOOTA_REFUSED), "uptime %u", (unsigned)uptimes[i]);
        CHECK((memcmp(before, memory, sizeof before) == 0) == (i != 0u), "uptime %u", (unsigned)uptimes[i]);
    }
}

static void a_trial_has_a_second_left_at_least(void)
{
    static const uint32_t used[][2] = {{0, TRIAL_MS}, {1, TRIAL_MS - 1u}, {TRIAL_MS - 1001u, 1001}, {TRIAL_MS - 1000u, 1000},
        {TRIAL_MS - 999u, 1000}, {TRIAL_MS, 1000}, {UINT32_MAX, 1000}};
    for (unsigned i = 0; i < sizeof used / sizeof used[0]; i++) {
        run.retained.trial_ms = used[i][0];
        CHECK(nanoota_trial_left(&run) == used[i][1], "case %u", i);
    }
}

static void outside_a_trial_a_sleep_uses_no_trial_time(void)
{
    for (int state = NANOOTA_CONFIRMED; state <= NANOOTA_REVERTED; state += 2) {
        nanoota_record record = test_record(state);
        begin(&record);
        CHECK(rest(INT32_MAX, UINT32_MAX) == NANOOTA_OK, "state %d", state);
        boot(NANOOTA_RESET_DEEP_SLEEP);
        CHECK(nanoota_value(&run, NANOOTA_VALUE_KEPT) == INT32_MAX, "state %d", state);
        CHECK(run.retained.trial_ms == 0u && sim.operations == 0u, "state %d", state);
    }
}

static void the_time_of_a_confirmed_trial_does_not_count_for_the_next(void)
{
    begin_trial();
    CHECK(rest(0, 50000) == NANOOTA_OK, "sleep");
    boot(NANOOTA_RESET_DEEP_SLEEP);
    CHECK(nanoota_confirm(&run) == NANOOTA_OK && rest(0, 50000) == NANOOTA_OK, "sleep");
    boot(NANOOTA_RESET_DEEP_SLEEP);
    CHECK(run.retained.trial_ms == 0u, "%u ms", (unsigned)run.retained.trial_ms);
}

static void a_sleep_with_a_negative_number_is_refused(void)
{
    static const int32_t bad[][2] = {{-1, 0}, {0, -1}, {INT32_MIN, 0}, {0, INT32_MIN}};
    begin(NULL);
    for (unsigned i = 0; i < 4u; i++) {
        CHECK(nanoota_sleep(&run, bad[i][0], bad[i][1], 0) == NANOOTA_REFUSED, "case %u", i);
        boot(NANOOTA_RESET_DEEP_SLEEP);
        CHECK(nanoota_value(&run, NANOOTA_VALUE_KEPT) == 0, "case %u", i);
    }
    CHECK(nanoota_sleep(&run, 0, 0, 0) == NANOOTA_OK, "zeros");
    CHECK(nanoota_sleep(&run, INT32_MAX, INT32_MAX, 0) == NANOOTA_OK, "the largest");
}

static void a_guard_is_for_1_to_3600_seconds_or_ended(void)
{
    static const int32_t good[] = {0, 1, 3600};
    static const int32_t bad[] = {-1, 3601, INT32_MIN, INT32_MAX};
    begin(NULL);
    for (unsigned i = 0; i < 3u; i++) CHECK(nanoota_guard(&run, good[i]) == NANOOTA_OK, "%d s", (int)good[i]);
    for (unsigned i = 0; i < 4u; i++) CHECK(nanoota_guard(&run, bad[i]) == NANOOTA_REFUSED, "%d s", (int)bad[i]);
    run.slot = NANOOTA_NO_SLOT;
    CHECK(nanoota_guard(&run, 1) == NANOOTA_REFUSED, "nothing runs");
}

static const test_case tests[] = {
    TEST(the_wake_from_a_planned_sleep_continues_the_trial_and_writes_nothing),
    TEST(a_sixth_wake_as_planned_is_no_blip_too_many),
    TEST(a_sleep_of_the_old_firmware_is_no_wake_of_the_trial_that_could_not_be_reverted),
    TEST(any_other_reset_after_a_planned_sleep_is_handled_as_without_one),
    TEST(a_planned_sleep_before_the_first_boot_of_a_trial_counts_it),
    TEST(no_trial_sleeps_beyond_its_time_even_with_short_boots),
    TEST(a_trial_sleeps_no_longer_than_it_has_left),
    TEST(a_trial_that_only_sleeps_is_rolled_back_within_26_hours),
    TEST(at_its_limit_a_sleep_is_refused_and_changes_nothing),
    TEST(a_trial_has_a_second_left_at_least),
    TEST(outside_a_trial_a_sleep_uses_no_trial_time),
    TEST(the_time_of_a_confirmed_trial_does_not_count_for_the_next),
    TEST(a_sleep_with_a_negative_number_is_refused),
    TEST(a_guard_is_for_1_to_3600_seconds_or_ended),
};

SUITE(sleep_tests, tests);
