/* The guard of firmware that is not on trial: the same RTC watchdog, fed by calls. */
#include "board.h"
#include "clr.h"

#include <hal/wdt_hal.h>

extern "C" {
#include "nanoota_area.h"
}

namespace
{

void guard_for_a_minute()
{
    (void)clr_finds();
    CHECK(board->watchdog.touched == 0, "not before the call");
    CHECK(call("Guard", {60}) == NANOOTA_OK, "guard");
}

void firmware_is_guarded_for_the_requested_time()
{
    static const int states[] = {NANOOTA_CONFIRMED, NANOOTA_REVERTED};
    for (int state : states) {
        nanoota_record record = test_record(state);
        board_with(&record, 3);
        (void)chip_run(ESP_RST_SW, guard_for_a_minute);
        CHECK(board->watchdog.is_on && board->watchdog.is_locked, "state %d", state);
        CHECK(board->watchdog.ticks[0] == 60 * SLOW_CLOCK_HZ, "%u ticks", (unsigned)board->watchdog.ticks[0]);
        CHECK(board->watchdog.action[0] == WDT_STAGE_ACTION_RESET_SYSTEM, "action %d", board->watchdog.action[0]);
        CHECK(board->watchdog.action[1] == WDT_STAGE_ACTION_RESET_RTC, "action %d", board->watchdog.action[1]);
    }
}

void feed()
{
    guard_for_a_minute();
    CHECK(call("Guard", {3600}) == NANOOTA_OK && board->watchdog.ticks[0] == 3600 * SLOW_CLOCK_HZ, "an hour");
    CHECK(call("Guard", {1}) == NANOOTA_OK && board->watchdog.ticks[0] == SLOW_CLOCK_HZ, "a second");
    CHECK(board->watchdog.configured == 3 && board->watchdog.is_on, "%u times", (unsigned)board->watchdog.configured);
}

void each_call_counts_anew()
{
    board_with(nullptr, 3);
    (void)chip_run(ESP_RST_POWERON, feed);
}

void end()
{
    guard_for_a_minute();
    CHECK(call("Guard", {0}) == NANOOTA_OK, "end");
    CHECK(!board->watchdog.is_on && board->watchdog.is_locked, "off and locked");
    board->watchdog.touched = 0;
    CHECK(call("Guard", {0}) == NANOOTA_OK, "once more");
}

void zero_ends_it()
{
    board_with(nullptr, 3);
    (void)chip_run(ESP_RST_POWERON, end);
    CHECK(board->watchdog.touched == 0, "no guard was left");
}

void without_a_guard()
{
    (void)clr_finds();
    CHECK(call("Guard", {0}) == NANOOTA_OK, "end");
    for (int32_t seconds : {-1, 3601, INT32_MIN, INT32_MAX}) CHECK(call("Guard", {seconds}) == NANOOTA_REFUSED, "%d s", seconds);
    CHECK(board->watchdog.touched == 0, "%u calls", (unsigned)board->watchdog.touched);
}

void invalid_numbers_and_the_end_of_no_guard_do_not_touch_the_hardware()
{
    board_with(nullptr, 3);
    (void)chip_run(ESP_RST_POWERON, without_a_guard);
}

void guard_on_trial()
{
    (void)clr_finds();
    for (int32_t seconds : {1, 3600, 0}) {
        CHECK(call("Guard", {seconds}) == NANOOTA_OK, "%d s", seconds);
        CHECK(board->watchdog.is_on && board->watchdog.ticks[0] == 420 * SLOW_CLOCK_HZ, "%d s", seconds);
    }
    CHECK(board->watchdog.configured == 1, "nothing feeds the deadline");
}

void guard_after_rejection()
{
    (void)clr_finds();
    CHECK(call("Reject", {6004}) == NANOOTA_OK, "reject");
    for (int32_t seconds : {3600, 0}) CHECK(call("Guard", {seconds}) == NANOOTA_OK, "%d s", seconds);
    CHECK(board->watchdog.is_on && board->watchdog.configured == 1, "the deadline stays");
}

void on_trial_it_has_no_effect_nor_after_its_rejection()
{
    for (auto *firmware : {guard_on_trial, guard_after_rejection}) {
        nanoota_record record = test_trial(0, 0);
        board_with(&record, 3);
        (void)chip_run(ESP_RST_SW, firmware);
    }
}

void guard_then_confirm()
{
    guard_for_a_minute();
    CHECK(call("Confirm") == NANOOTA_OK, "acknowledge");
    CHECK(board->watchdog.is_on && board->watchdog.configured == 1, "on");
}

void the_acknowledgement_of_a_revert_does_not_stop_it()
{
    nanoota_record record = test_record(NANOOTA_REVERTED);
    board_with(&record, 3);
    (void)chip_run(ESP_RST_SW, guard_then_confirm);
}

void confirm_then_guard()
{
    (void)clr_finds();
    CHECK(call("Confirm") == NANOOTA_OK && !board->watchdog.is_on, "confirm");
    CHECK(call("Guard", {60}) == NANOOTA_OK && board->watchdog.ticks[0] == 60 * SLOW_CLOCK_HZ, "guard");
}

void a_trial_that_is_confirmed_can_be_guarded()
{
    nanoota_record record = test_trial(0, 0);
    board_with(&record, 3);
    (void)chip_run(ESP_RST_SW, confirm_then_guard);
    CHECK(board->watchdog.is_on, "on");
}

void activate_then_guard()
{
    guard_for_a_minute();
    CHECK(call("Activate") == NANOOTA_OK && call("Guard", {30}) == NANOOTA_OK, "activate");
    CHECK(board->watchdog.ticks[0] == 30 * SLOW_CLOCK_HZ, "fed");
}

void after_an_activation_it_continues_until_the_reset()
{
    board_with(nullptr, 3);
    (void)chip_run(ESP_RST_POWERON, activate_then_guard);
    CHECK(board->watchdog.is_on, "on");
}

void restart_the_clr()
{
    guard_for_a_minute();
    (void)clr_restarts();
    CHECK(!board->watchdog.is_on && board->watchdog.is_locked, "still on");
    CHECK(call("Guard", {60}) == NANOOTA_OK && board->watchdog.is_on, "for the program that feeds it");
}

void a_restart_of_the_CLR_alone_ends_it()
{
    board_with(nullptr, 3);
    (void)chip_run(ESP_RST_POWERON, restart_the_clr);
}

/* nanoCLR searches twice for the deployment at each of its starts. */
void start()
{
    (void)clr_finds();
    (void)clr_finds();
    CHECK(board->watchdog.is_on && board->watchdog.is_locked, "on");
    CHECK(board->watchdog.ticks[0] == 420 * SLOW_CLOCK_HZ, "%u ticks", (unsigned)board->watchdog.ticks[0]);
    CHECK(board->watchdog.configured == 1, "%u times", (unsigned)board->watchdog.configured);
}

void begin_known(int state)
{
    board_with(nullptr, 0);
    (void)test_put_known(&board->sim, test_record(state));
}

void firmware_that_an_agent_confirmed_is_guarded_from_its_start()
{
    begin_known(NANOOTA_CONFIRMED);
    (void)chip_run(ESP_RST_POWERON, start);
    CHECK(board->watchdog.is_on, "on");
    CHECK(board_retained().silent != 0, "no managed code has called");
}

void start_then_guard()
{
    start();
    CHECK(call("Confirm") == NANOOTA_OK && board->watchdog.configured == 1, "other calls leave it alone");
    CHECK(call("Guard", {60}) == NANOOTA_OK && board->watchdog.ticks[0] == 60 * SLOW_CLOCK_HZ, "the firmware's own");
    CHECK(call("Guard", {0}) == NANOOTA_OK && !board->watchdog.is_on, "none while a debugger is attached");
}

void the_first_guard_of_the_firmware_replaces_it()
{
    begin_known(NANOOTA_CONFIRMED);
    (void)chip_run(ESP_RST_POWERON, start_then_guard);
    CHECK(board_retained().silent == 0, "managed code has called");
}

void start_then_restart_the_clr()
{
    start();
    (void)clr_restarts();
    (void)clr_finds();
    CHECK(!board->watchdog.is_on && board->watchdog.is_locked, "on");
}

void a_debugger_that_restarts_the_CLR_ends_it()
{
    begin_known(NANOOTA_CONFIRMED);
    (void)chip_run(ESP_RST_POWERON, start_then_restart_the_clr);
    CHECK(!board->watchdog.is_on, "on");
}

void a_deployment_by_cable_is_not_guarded()
{
    begin_known(NANOOTA_CONFIRMED);
    sim_put_image(&board->sim, 1, TEST_FILL + 1);
    (void)chip_run(ESP_RST_POWERON, [] { (void)clr_finds(); });
    CHECK(board->watchdog.touched == 0, "%u calls", (unsigned)board->watchdog.touched);
}

const test_case tests[] = {
    TEST(firmware_is_guarded_for_the_requested_time),
    TEST(each_call_counts_anew),
    TEST(zero_ends_it),
    TEST(invalid_numbers_and_the_end_of_no_guard_do_not_touch_the_hardware),
    TEST(on_trial_it_has_no_effect_nor_after_its_rejection),
    TEST(the_acknowledgement_of_a_revert_does_not_stop_it),
    TEST(a_trial_that_is_confirmed_can_be_guarded),
    TEST(after_an_activation_it_continues_until_the_reset),
    TEST(a_restart_of_the_CLR_alone_ends_it),
    TEST(firmware_that_an_agent_confirmed_is_guarded_from_its_start),
    TEST(the_first_guard_of_the_firmware_replaces_it),
    TEST(a_debugger_that_restarts_the_CLR_ends_it),
    TEST(a_deployment_by_cable_is_not_guarded),
};

} // namespace

extern "C" {
extern SUITE(guard_tests, tests);
}
