/* Whom a loop of failures is held against (SPEC.md, section 5.1, rule 5): hangs and bit rot are nobody's fault. */
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

/* As firmware does that waits for a peer without a limit: every device of a fleet at once, when its server is down. */
static void firmware_that_hangs_gets_to_safe_mode_and_never_gives_way(void)
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
    CHECK(nanoota_forget_crashes(&run) == NANOOTA_OK && nanoota_value(&run, NANOOTA_VALUE_CRASHES) == 0, "both are forgotten");
    CHECK(retained().hangs == 0u, "in memory too");
}

static void crashes_and_hangs_together_are_safe_mode_and_five_crashes_give_way(void)
{
    begin();
    hang(2);
    crash(3);
    CHECK(run.slot == 1u && run.safe_mode, "three crashes of five failures");
    crash(2);
    CHECK(run.slot == 0u && !run.safe_mode && run.record.reason == NANOOTA_CRASH_LOOP, "slot %d", run.slot);
    CHECK(retained().hangs == 0u && retained().crashes == 0u, "nothing is left");
}

static void what_bit_rot_has_spoiled_gives_way_without_blame(void)
{
    begin();
    sim.cells[SIM_SLOT_SIZE + SIM_IMAGE_GAP - 1u] ^= 1u;
    crash(5);
    CHECK(run.slot == 0u && run.record.reason == NANOOTA_SLOT_NOT_BOOTABLE, "reason %d", run.record.reason);
    CHECK(!run.safe_mode && retained().crashes == 0u, "what ran before is as good as ever");
}

static const test_case tests[] = {
    TEST(firmware_that_hangs_gets_to_safe_mode_and_never_gives_way),
    TEST(crashes_and_hangs_together_are_safe_mode_and_five_crashes_give_way),
    TEST(what_bit_rot_has_spoiled_gives_way_without_blame),
};

SUITE(failure_loop_tests, tests);
