/* Loops of failures (SPEC.md, section 5.1, rule 5): hangs and bit rot do not count against the release. */
#include "nanoota_area.h"
#include "test.h"

#include <string.h>

static sim_flash sim;
static nanoota_flash port;
static nanoota_run run;
static uint8_t memory[NANOOTA_RETAINED_LENGTH];

static void boot(int32_t reason)
{
    port = sim_port(&sim);
    test_boot_retaining(&run, &port, reason, memory);
}

static nanoota_retained retained(void)
{
    return nanoota_retained_decode(memory);
}

/* Slot 1 confirmed after a trial, slot 0 as it was before it, and nothing has failed yet. */
static void begin(void)
{
    test_forget(memory);
    (void)test_put_known(&sim, test_record(NANOOTA_CONFIRMED));
}

static void crash(unsigned times)
{
    for (unsigned i = 0; i < times; i++) boot(NANOOTA_RESET_PANIC);
}

static void hang(unsigned times)
{
    for (unsigned i = 0; i < times; i++) boot(NANOOTA_RESET_OTHER_WATCHDOG);
}

/* Firmware that waits for a peer without a time limit hangs, on a whole fleet at once, if the server is down. */
static void firmware_that_hangs_runs_in_safe_mode_and_is_never_reverted(void)
{
    begin();
    hang(4);
    CHECK(run.slot == 1u && !run.safe_mode, "four");
    for (int i = 5; i <= 300; i++) {
        hang(1);
        CHECK(run.slot == 1u && run.safe_mode && sim.operations == 0u, "hang %d", i);
    }
    boot(NANOOTA_RESET_SOFTWARE);
    CHECK(run.slot == 1u && run.safe_mode, "a reset by software");
    crash(4);
    CHECK(run.slot == 1u && run.safe_mode && nanoota_value(&run, NANOOTA_VALUE_CRASHES) == 255 + 4, "four crashes");
    CHECK(nanoota_forget_crashes(&run) == NANOOTA_OK && nanoota_value(&run, NANOOTA_VALUE_CRASHES) == 0, "both counts are cleared");
    CHECK(retained().hangs == 0u, "in memory too");
}

static void five_failures_with_hangs_are_safe_mode_and_five_crashes_a_revert(void)
{
    begin();
    hang(2);
    crash(3);
    CHECK(run.slot == 1u && run.safe_mode, "three crashes of five failures");
    crash(2);
    CHECK(run.slot == 0u && !run.safe_mode && run.record.reason == NANOOTA_CRASH_LOOP, "slot %d", run.slot);
    CHECK(retained().hangs == 0u && retained().crashes == 0u, "nothing is left");
}

static void a_damaged_slot_is_reverted_without_blame_for_the_release(void)
{
    begin();
    sim.cells[SIM_SLOT_SIZE + SIM_IMAGE_GAP - 1u] ^= 1u;
    crash(5);
    CHECK(run.slot == 0u && run.record.reason == NANOOTA_SLOT_NOT_BOOTABLE, "reason %d", run.record.reason);
    CHECK(!run.safe_mode && retained().crashes == 0u, "the previous firmware is not in safe mode");
}

static const test_case tests[] = {
    TEST(firmware_that_hangs_runs_in_safe_mode_and_is_never_reverted),
    TEST(five_failures_with_hangs_are_safe_mode_and_five_crashes_a_revert),
    TEST(a_damaged_slot_is_reverted_without_blame_for_the_release),
};

SUITE(failure_loop_tests, tests);
