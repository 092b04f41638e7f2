/* The trial watchdog: on from the start of a boot on trial until a confirmation is in flash. */
#include "board.h"
#include "clr.h"

#include <hal/wdt_hal.h>

extern "C" {
#include "nanoota_area.h"
}

namespace
{

bool is_guarded()
{
    return board->watchdog.is_on && board->watchdog.is_locked;
}

void start()
{
    (void)clr_finds();
}

void reject()
{
    start();
    CHECK(call("Reject", {6004}) == NANOOTA_OK, "reject");
}

void confirm()
{
    start();
    CHECK(call("Confirm") == NANOOTA_OK, "confirm");
}

void confirm_in_vain()
{
    start();
    CHECK(call("Confirm") != NANOOTA_OK, "confirm");
}

void a_trial_is_guarded_by_a_reset_after_420_seconds_and_a_deeper_one_a_second_later()
{
    nanoota_record record = test_trial(0, 0);
    board_with(&record, 3);
    (void)chip_run(ESP_RST_SW, start);
    CHECK(is_guarded(), "on and locked");
    CHECK(board->watchdog.ticks[0] == 420 * SLOW_CLOCK_HZ, "%u ticks", (unsigned)board->watchdog.ticks[0]);
    CHECK(board->watchdog.action[0] == WDT_STAGE_ACTION_RESET_SYSTEM, "action %d", board->watchdog.action[0]);
    CHECK(board->watchdog.ticks[1] == SLOW_CLOCK_HZ, "%u ticks", (unsigned)board->watchdog.ticks[1]);
    CHECK(board->watchdog.action[1] == WDT_STAGE_ACTION_RESET_RTC, "action %d", board->watchdog.action[1]);
}

void a_trial_that_continues_after_a_power_blip_is_guarded_again()
{
    nanoota_record record = test_trial(1, 2);
    board_with(&record, 3);
    (void)chip_run(ESP_RST_BROWNOUT, start);
    CHECK(is_guarded(), "on");
    CHECK(board_record().power_blips == 3, "%d blips", board_record().power_blips);
}

void a_confirmation_stops_it()
{
    nanoota_record record = test_trial(0, 0);
    board_with(&record, 3);
    (void)chip_run(ESP_RST_SW, confirm);
    CHECK(!board->watchdog.is_on && board->watchdog.is_locked, "off and locked");
    CHECK(board->watchdog.configured == 1, "it was on before");
}

/* The boot may count in copy B; the confirmation would be the next one, in copy A. */
void a_confirmation_that_cannot_be_written_does_not_stop_it()
{
    for (int health = SECTOR_WORN; health <= SECTOR_STUCK; health++) {
        nanoota_record record = test_trial(0, 0);
        board_with(&record, 3);
        board->sim.health[SIM_COPY_A] = (sector_health)health;
        (void)chip_run(ESP_RST_SW, confirm_in_vain);
        CHECK(is_guarded(), "health %d", health);
        CHECK(board_record().state == NANOOTA_TRIAL, "health %d: state %d", health, board_record().state);
    }
}

void a_rejection_does_not_stop_it()
{
    nanoota_record record = test_trial(0, 0);
    board_with(&record, 3);
    (void)chip_run(ESP_RST_SW, reject);
    CHECK(is_guarded(), "on");
    CHECK(board_record().state == NANOOTA_REVERTED, "state %d", board_record().state);
}

void reject_then_confirm()
{
    reject();
    CHECK(call("Confirm") == NANOOTA_REFUSED, "confirm");
}

void a_confirmation_after_a_rejection_does_not_stop_it_either()
{
    nanoota_record record = test_trial(0, 0);
    board_with(&record, 3);
    (void)chip_run(ESP_RST_SW, reject_then_confirm);
    CHECK(is_guarded(), "on");
}

void its_reset_reverts_the_trial()
{
    nanoota_record record = test_trial(0, 0);
    board_with(&record, 3);
    (void)chip_run(ESP_RST_SW, start);
    (void)chip_run(ESP_RST_WDT, start);
    CHECK(board_record().reason == NANOOTA_TRIAL_WATCHDOG, "reason %d", board_record().reason);
    CHECK(board->watchdog.touched == 0, "the previous firmware is not on trial");
}

void firmware_that_is_not_on_trial_never_touches_the_hardware()
{
    static const int states[] = {NANOOTA_CONFIRMED, NANOOTA_REVERTED};
    for (int state : states) {
        nanoota_record record = test_record(state);
        board_with(&record, 3);
        (void)chip_run(ESP_RST_SW, confirm);
        CHECK(board->watchdog.touched == 0, "state %d: %u calls", state, (unsigned)board->watchdog.touched);
    }
}

void a_trial_that_ends_at_boot_is_not_guarded()
{
    nanoota_record record = test_trial(1, 0);
    board_with(&record, 3);
    (void)chip_run(ESP_RST_PANIC, start);
    CHECK(board->watchdog.touched == 0, "%u calls", (unsigned)board->watchdog.touched);
}

const test_case tests[] = {
    TEST(a_trial_is_guarded_by_a_reset_after_420_seconds_and_a_deeper_one_a_second_later),
    TEST(a_trial_that_continues_after_a_power_blip_is_guarded_again),
    TEST(a_confirmation_stops_it),
    TEST(a_confirmation_that_cannot_be_written_does_not_stop_it),
    TEST(a_rejection_does_not_stop_it),
    TEST(a_confirmation_after_a_rejection_does_not_stop_it_either),
    TEST(its_reset_reverts_the_trial),
    TEST(firmware_that_is_not_on_trial_never_touches_the_hardware),
    TEST(a_trial_that_ends_at_boot_is_not_guarded),
};

} // namespace

extern "C" {
extern SUITE(watchdog_tests, tests);
}
