/*
 * Starts in which no managed code calls the module, and the guard that ends them (SPEC.md, sections 5.1 and 5.4). Here a boot is
 * followed by a call only where a test makes one.
 */
#include "nanoota_area.h"
#include "nanoota_assembly.h"
#include "test.h"

#include <string.h>

static const int32_t crashes[] = {NANOOTA_RESET_PANIC, NANOOTA_RESET_INTERRUPT_WATCHDOG, NANOOTA_RESET_TASK_WATCHDOG,
    NANOOTA_RESET_CPU_LOCKUP};
#define CRASHES (sizeof crashes / sizeof crashes[0])

static sim_flash sim;
static nanoota_flash port;
static nanoota_run run;
static uint8_t memory[NANOOTA_RETAINED_LENGTH];

static void boot(int32_t reason)
{
    nanoota_reset reset = {reason, 0, TEST_CRASH_LIMIT, TEST_TRIAL_MS, memory, NULL};
    port = sim_port(&sim);
    nanoota_boot(&run, &port, &reset);
}

static void begin(nanoota_record record)
{
    (void)test_put_known(&sim, record);
    memset(memory, 0x5A, sizeof memory); /* as power-on leaves it */
    boot(NANOOTA_RESET_POWER_ON);
}

static void a_crash_before_managed_code_is_a_blip_in_a_trial(void)
{
    for (unsigned i = 0; i < CRASHES; i++) {
        begin(test_trial(0, 0));
        for (uint8_t blip = 1; blip <= 5u; blip++) {
            boot(crashes[i]);
            CHECK(run.slot == 1u && run.action == NANOOTA_COUNTED_BLIP && run.record.power_blips == blip, "reset %d, blip %d",
                (int)crashes[i], blip);
        }
        boot(crashes[i]);
        CHECK(run.slot == 0u && run.record.reason == NANOOTA_TOO_MANY_BLIPS, "reset %d: bounded", (int)crashes[i]);
    }
}

static void a_crash_before_the_first_boot_of_the_chip_is_one_too(void)
{
    for (unsigned i = 0; i < CRASHES; i++) {
        (void)test_put_known(&sim, test_trial(1, 0));
        memset(memory, 0x5A, sizeof memory);
        boot(crashes[i]);
        CHECK(run.slot == 1u && run.record.power_blips == 1u, "reset %d", (int)crashes[i]);
    }
}

static void a_crash_at_the_wake_from_a_planned_sleep_is_one_too(void)
{
    begin(test_trial(0, 0));
    nanoota_called(&run);
    CHECK(nanoota_sleep(&run, 1000, 1, 5000) == NANOOTA_OK, "sleep");
    boot(NANOOTA_RESET_PANIC);
    CHECK(run.slot == 1u && run.record.power_blips == 1u, "before the boot of the wake");
    nanoota_called(&run);
    CHECK(nanoota_sleep(&run, 1000, 1, 5000) == NANOOTA_OK, "sleep");
    boot(NANOOTA_RESET_DEEP_SLEEP);
    boot(NANOOTA_RESET_PANIC);
    CHECK(run.slot == 1u && run.record.power_blips == 2u, "after the boot of the wake");
}

static void after_the_first_call_a_crash_ends_the_trial(void)
{
    for (unsigned i = 0; i < CRASHES; i++) {
        begin(test_trial(0, 0));
        boot(crashes[i]);
        nanoota_called(&run);
        boot(crashes[i]);
        CHECK(run.slot == 0u && run.record.reason != NANOOTA_NO_REASON, "reset %d", (int)crashes[i]);
    }
}

static void a_watchdog_or_a_reset_by_software_ends_a_trial_that_never_called(void)
{
    begin(test_trial(0, 0));
    boot(NANOOTA_RESET_OTHER_WATCHDOG);
    CHECK(run.slot == 0u && run.record.reason == NANOOTA_TRIAL_WATCHDOG, "its time is over");
    begin(test_trial(0, 0));
    boot(NANOOTA_RESET_SOFTWARE);
    CHECK(run.slot == 0u && run.record.reason == NANOOTA_TRIAL_RESET, "by software");
}

static void with_memory_of_an_older_module_a_crash_ends_the_trial(void)
{
    (void)test_put_known(&sim, test_trial(1, 0));
    test_forget(memory); /* its byte 11 is always 0 */
    boot(NANOOTA_RESET_PANIC);
    CHECK(run.slot == 0u && run.record.reason == NANOOTA_TRIAL_PANIC, "slot %d", run.slot);
}

static void five_crashes_in_a_row_before_managed_code_are_not_counted_and_the_sixth_is(void)
{
    begin(test_record(NANOOTA_CONFIRMED));
    for (int i = 1; i <= 5; i++) {
        boot(NANOOTA_RESET_PANIC);
        CHECK(nanoota_value(&run, NANOOTA_VALUE_CRASHES) == (i <= 4 ? 0 : 1), "crash %d: %d", i, run.retained.crashes);
    }
}

static void a_start_with_a_call_resets_the_count_of_early_crashes(void)
{
    begin(test_record(NANOOTA_CONFIRMED));
    for (int i = 0; i < 100; i++) {
        boot(NANOOTA_RESET_PANIC);
        nanoota_called(&run);
        boot(NANOOTA_RESET_SOFTWARE);
        CHECK(run.retained.crashes == 0u, "start %d", i);
    }
}

/* Firmware that always crashes early is reverted, and no flash is written before. */
static void endless_early_crashes_revert_to_the_previous_firmware(void)
{
    int boots = 0;
    begin(test_record(NANOOTA_CONFIRMED));
    for (; run.slot == 1u && boots < 100; boots++) boot(NANOOTA_RESET_PANIC);
    CHECK(boots == 9 && run.record.reason == NANOOTA_CRASH_LOOP && sim.operations == 1u, "%d boots", boots);
}

/* One flipped bit: the CLR skips that assembly, Main never runs, and the guard of the boot resets the chip. */
static void flip_bit(uint8_t slot)
{
    sim.cells[(slot == 0u ? 0u : SIM_SLOT_SIZE) + SIM_IMAGE_GAP - 1u] ^= 1u;
}

static void an_image_with_one_flipped_bit_is_reverted_after_one_silent_start(void)
{
    static const int32_t ends[] = {NANOOTA_RESET_OTHER_WATCHDOG, NANOOTA_RESET_PANIC};
    for (unsigned i = 0; i < 2u; i++) {
        begin(test_record(NANOOTA_CONFIRMED));
        flip_bit(1);
        boot(NANOOTA_RESET_POWER_ON);
        CHECK(run.slot == 1u && run.guarded, "not detected yet");
        boot(ends[i]);
        CHECK(run.slot == 0u && run.record.reason == NANOOTA_SLOT_NOT_BOOTABLE, "reset %d", (int)ends[i]);
        CHECK(!run.safe_mode && run.guarded && run.saved, "the previous firmware had an agent");
    }
}

static void two_images_with_flipped_bits_wear_no_flash(void)
{
    begin(test_record(NANOOTA_CONFIRMED));
    flip_bit(0);
    flip_bit(1);
    for (int i = 0; i < 300; i++) {
        boot(i % 2 == 0 ? NANOOTA_RESET_OTHER_WATCHDOG : NANOOTA_RESET_POWER_ON);
        CHECK(run.slot == 1u && run.guarded && sim.operations == 0u, "boot %d", i);
    }
}

static void a_sound_image_that_never_calls_runs_in_safe_mode_in_its_slot(void)
{
    begin(test_record(NANOOTA_CONFIRMED));
    for (int i = 1; i <= 20; i++) {
        boot(NANOOTA_RESET_OTHER_WATCHDOG);
        CHECK(run.slot == 1u && run.safe_mode == (i >= 5) && sim.operations == 0u, "hang %d", i);
    }
}

/* The bytes that a boot has read. */
static uint32_t bytes_read(int32_t reason)
{
    uint32_t before = sim.bytes_read;
    boot(reason);
    return sim.bytes_read - before;
}

static void only_a_silent_failure_costs_more_than_headers(void)
{
    const uint32_t headers = 12u * 4u * 124u + 4u * 32u; /* three assemblies and what follows them, at most twelve times; two copies */
    static const int32_t others[] = {NANOOTA_RESET_POWER_ON, NANOOTA_RESET_SOFTWARE, NANOOTA_RESET_DEEP_SLEEP,
        NANOOTA_RESET_OTHER_WATCHDOG, NANOOTA_RESET_PANIC};
    for (unsigned i = 0; i < 5u; i++) {
        begin(test_record(NANOOTA_CONFIRMED));
        nanoota_called(&run);
        CHECK(bytes_read(others[i]) <= headers, "reset %d", (int)others[i]);
    }
    begin(test_record(NANOOTA_CONFIRMED));
    CHECK(bytes_read(NANOOTA_RESET_OTHER_WATCHDOG) <= headers + 2u * SIM_IMAGE_SIZE, "two images at most");
}

static void firmware_is_guarded_from_its_start_if_an_agent_ran_in_it(void)
{
    begin(test_record(NANOOTA_CONFIRMED));
    CHECK(run.guarded, "it passed its trial");
    begin(test_trial(0, 0));
    CHECK(!run.guarded, "a trial has a watchdog of its own");
    nanoota_called(&run);
    CHECK(nanoota_reject(&run, 6004) == NANOOTA_OK, "reject");
    boot(NANOOTA_RESET_SOFTWARE);
    CHECK(run.slot == 0u && run.guarded, "the firmware that activated the trial");
    CHECK(nanoota_confirm(&run) == NANOOTA_OK, "acknowledge");
    boot(NANOOTA_RESET_POWER_ON);
    CHECK(run.slot == 0u && run.guarded, "after the acknowledgement");
}

static void firmware_without_a_recorded_agent_is_not_guarded(void)
{
    begin(test_record(NANOOTA_CONFIRMED));
    sim_put_image(&sim, 1, TEST_FILL + 1u);
    boot(NANOOTA_RESET_POWER_ON);
    CHECK(!run.guarded, "a deployment by cable");
    begin(test_record(NANOOTA_CONFIRMED));
    sim.cells[SIM_RECORDS] = 0;
    boot(NANOOTA_RESET_POWER_ON);
    CHECK(run.slot == 0u && !run.guarded, "no record");
    begin(test_trial(0, 0));
    sim_put_image(&sim, 0, TEST_FILL + 1u);
    boot(NANOOTA_RESET_POWER_ON);
    CHECK(run.slot == 0u && run.action == NANOOTA_YIELDED_TO_CABLE && !run.guarded, "a deployment by cable in a trial");
    CHECK(nanoota_confirm(&run) == NANOOTA_OK, "acknowledge");
    boot(NANOOTA_RESET_POWER_ON);
    CHECK(!run.guarded, "and after it");
}

static void the_last_resort_is_guarded_once_an_agent_has_acknowledged_it(void)
{
    begin(test_record(NANOOTA_CONFIRMED));
    sim_put_image(&sim, 0, TEST_FILL + 1u);
    memset(sim.cells + SIM_SLOT_SIZE, 0xFF, NANOOTA_SECTOR_SIZE);
    for (int i = 0; i < 2; i++) {
        boot(NANOOTA_RESET_POWER_ON);
        CHECK(run.slot == 0u && run.safe_mode && !run.guarded, "boot %d: not acknowledged yet", i);
    }
    CHECK(nanoota_confirm(&run) == NANOOTA_OK, "acknowledge");
    boot(NANOOTA_RESET_POWER_ON);
    CHECK(run.safe_mode && run.guarded, "an agent");
}

static const test_case tests[] = {
    TEST(a_crash_before_managed_code_is_a_blip_in_a_trial),
    TEST(a_crash_before_the_first_boot_of_the_chip_is_one_too),
    TEST(a_crash_at_the_wake_from_a_planned_sleep_is_one_too),
    TEST(after_the_first_call_a_crash_ends_the_trial),
    TEST(a_watchdog_or_a_reset_by_software_ends_a_trial_that_never_called),
    TEST(with_memory_of_an_older_module_a_crash_ends_the_trial),
    TEST(five_crashes_in_a_row_before_managed_code_are_not_counted_and_the_sixth_is),
    TEST(a_start_with_a_call_resets_the_count_of_early_crashes),
    TEST(endless_early_crashes_revert_to_the_previous_firmware),
    TEST(an_image_with_one_flipped_bit_is_reverted_after_one_silent_start),
    TEST(two_images_with_flipped_bits_wear_no_flash),
    TEST(a_sound_image_that_never_calls_runs_in_safe_mode_in_its_slot),
    TEST(only_a_silent_failure_costs_more_than_headers),
    TEST(firmware_is_guarded_from_its_start_if_an_agent_ran_in_it),
    TEST(firmware_without_a_recorded_agent_is_not_guarded),
    TEST(the_last_resort_is_guarded_once_an_agent_has_acknowledged_it),
};

SUITE(silent_tests, tests);
