/* The state that survives a reset of the chip: crashes, and the number and time of a planned deep sleep. */
#include "board.h"
#include "clr.h"

#include <esp_rom_sys.h>

extern "C" {
#include "nanoota_area.h"
}

namespace
{

const uint32_t TICKS_OF_A_SECOND = 100; /* a tick is 10 ms */

int expected_slot;
int expected_crashes;

void the_expected_slot_boots()
{
    CHECK(clr_finds() == expected_slot, "found %d, not %d", clr_finds(), expected_slot);
    CHECK(call("GetValue", {NANOOTA_VALUE_CRASHES}) == expected_crashes, "%d crashes", call("GetValue", {NANOOTA_VALUE_CRASHES}));
}

/* Slot 1 confirmed, slot 0 as it was before. */
void begin_confirmed()
{
    board_with(nullptr, 0);
    (void)test_put_known(&board->sim, test_record(NANOOTA_CONFIRMED));
    expected_slot = 1;
    expected_crashes = 0;
    (void)chip_run(ESP_RST_POWERON, the_expected_slot_boots);
}

void the_fifth_crash_reverts_to_the_previous_firmware()
{
    static const int reasons[] = {ESP_RST_PANIC, ESP_RST_TASK_WDT, ESP_RST_TASK_WDT, ESP_RST_PANIC};
    begin_confirmed();
    for (int reason : reasons) {
        expected_crashes++;
        (void)chip_run(reason, the_expected_slot_boots);
    }
    expected_crashes = 0;
    expected_slot = 0;
    (void)chip_run(ESP_RST_PANIC, the_expected_slot_boots);
    CHECK(board_record().reason == NANOOTA_CRASH_LOOP, "reason %d", board_record().reason);
}

void power_on()
{
    CHECK(call("GetValue", {NANOOTA_VALUE_RESET_REASON}) == NANOOTA_RESET_POWER_ON, "reason");
    the_expected_slot_boots();
}

/* Power-on that kept the memory, on a rig that switches the device on every minute. */
void power_on_that_is_reported_as_the_RTC_watchdog_is_power_on()
{
    begin_confirmed();
    board->raw_reason = RESET_REASON_SYS_RTC_WDT;
    for (int i = 0; i < 10; i++) (void)chip_run(ESP_RST_WDT, power_on);
    board->raw_reason = RESET_REASON_CORE_RTC_WDT;
    expected_crashes = 1;
    (void)chip_run(ESP_RST_WDT, the_expected_slot_boots);
}

void count_the_blip()
{
    CHECK(clr_finds() == 1 && call("GetValue", {NANOOTA_VALUE_POWER_BLIPS}) == 1, "a blip");
}

void a_loss_of_power_clears_the_crashes()
{
    static const int reasons[] = {ESP_RST_POWERON, ESP_RST_BROWNOUT};
    for (int reason : reasons) {
        begin_confirmed();
        expected_crashes = 1;
        (void)chip_run(ESP_RST_PANIC, the_expected_slot_boots);
        expected_crashes = 0;
        (void)chip_run(reason, the_expected_slot_boots);
        CHECK(board_retained().crashes == 0, "reset %d", reason);
    }
}

void forget()
{
    CHECK(clr_finds() == 1 && call("GetValue", {NANOOTA_VALUE_CRASHES}) == 1, "one crash");
    CHECK(call("ForgetCrashes") == NANOOTA_OK && call("GetValue", {NANOOTA_VALUE_CRASHES}) == 0, "forgotten");
}

void cleared_crashes_stay_cleared_after_a_reset()
{
    begin_confirmed();
    (void)chip_run(ESP_RST_PANIC, forget);
    expected_crashes = 0;
    (void)chip_run(ESP_RST_SW, the_expected_slot_boots);
}

void restart_the_clr()
{
    for (int i = 0; i < 5; i++) the_expected_slot_boots();
}

void a_restart_of_the_CLR_alone_is_no_crash()
{
    begin_confirmed();
    expected_crashes = 1;
    (void)chip_run(ESP_RST_PANIC, restart_the_clr);
    CHECK(board_retained().crashes == 1, "%d crashes", board_retained().crashes);
}

void sleep_for_a_minute()
{
    (void)clr_finds();
    board->uptime = 7 * TICKS_OF_A_SECOND;
    (void)call("Sleep", {60000, 4711});
    CHECK(false, "it returned");
}

void wake()
{
    CHECK(call("GetValue", {NANOOTA_VALUE_KEPT}) == 4711, "kept");
    CHECK(call("GetValue", {NANOOTA_VALUE_POWER_BLIPS}) == 0, "no blip");
}

void begin_trial()
{
    nanoota_record record = test_trial(0, 0);
    board_with(&record, 3);
}

void after_a_planned_sleep_the_trial_and_its_watchdog_continue()
{
    begin_trial();
    CHECK(chip_run(ESP_RST_SW, sleep_for_a_minute) == CHIP_ASLEEP, "asleep");
    CHECK(board->wake_after == 60000000, "wakes after %llu us", (unsigned long long)board->wake_after);
    CHECK(board->watchdog.is_on, "it resets a chip that does not fall asleep");
    (void)chip_run(ESP_RST_DEEPSLEEP, wake);
    CHECK(board->watchdog.is_on && board->watchdog.ticks[0] == 413 * SLOW_CLOCK_HZ, "%u ticks", (unsigned)board->watchdog.ticks[0]);
    CHECK(board_record().trial_boots == 1 && board_record().state == NANOOTA_TRIAL, "trial");
}

void power_on_of_a_slow_chip_is_a_blip_in_a_trial()
{
    nanoota_record record = test_trial(1, 0);
    board_with(&record, 3);
    board->raw_reason = RESET_REASON_SYS_RTC_WDT;
    (void)chip_run(ESP_RST_WDT, count_the_blip);
    CHECK(board_record().state == NANOOTA_TRIAL, "state %d", board_record().state);
}

void sleep_until_it_is_refused()
{
    (void)clr_finds();
    board->uptime = 419 * TICKS_OF_A_SECOND;
    if (call("GetValue", {NANOOTA_VALUE_KEPT}) == 0) (void)call("Sleep", {1, 1});
    CHECK(call("GetValue", {NANOOTA_VALUE_KEPT}) == 1, "the second boot");
    CHECK(call("Sleep", {1, 2}) == NANOOTA_REFUSED, "the time is over");
}

void a_trial_whose_time_is_over_cannot_sleep_and_has_a_second_left()
{
    begin_trial();
    CHECK(chip_run(ESP_RST_SW, sleep_until_it_is_refused) == CHIP_ASLEEP, "asleep");
    CHECK(chip_run(ESP_RST_DEEPSLEEP, sleep_until_it_is_refused) == CHIP_OFF, "awake");
    CHECK(board->watchdog.is_on && board->watchdog.ticks[0] == SLOW_CLOCK_HZ, "%u ticks", (unsigned)board->watchdog.ticks[0]);
}

void sleep_without_an_end()
{
    (void)clr_finds();
    board->uptime = 20 * TICKS_OF_A_SECOND;
    (void)call("Sleep", {0, 1});
}

void a_trial_that_sleeps_without_an_end_wakes_within_its_time()
{
    begin_trial();
    CHECK(chip_run(ESP_RST_SW, sleep_without_an_end) == CHIP_ASLEEP, "asleep");
    CHECK(board->wake_after == 400000000, "wakes after %llu us", (unsigned long long)board->wake_after);
    begin_trial();
    board->has_no_timer = true;
    CHECK(chip_run(ESP_RST_SW, [] {
        (void)clr_finds();
        CHECK(call("Sleep", {0, 1}) == NANOOTA_FAILED, "nothing would wake it");
    }) == CHIP_OFF, "awake");
}

void sleep_without_a_timer()
{
    (void)clr_finds();
    (void)call("Sleep", {0, 1});
}

void a_sleep_of_0_does_not_set_the_timer()
{
    board_with(nullptr, 3);
    board->has_no_timer = true;
    CHECK(chip_run(ESP_RST_POWERON, sleep_without_a_timer) == CHIP_ASLEEP, "it was requested");
}

void sleep_for_the_longest_time()
{
    (void)clr_finds();
    (void)call("Sleep", {INT32_MAX, INT32_MAX});
}

void the_longest_sleep_does_not_overflow()
{
    board_with(nullptr, 3);
    CHECK(chip_run(ESP_RST_POWERON, sleep_for_the_longest_time) == CHIP_ASLEEP, "asleep");
    CHECK(board->wake_after == 2147483647000, "wakes after %llu us", (unsigned long long)board->wake_after);
}

void refused_sleeps()
{
    (void)clr_finds();
    CHECK(call("Sleep", {-1, 0}) == NANOOTA_REFUSED && call("Sleep", {0, -1}) == NANOOTA_REFUSED, "negative numbers");
    board->has_no_timer = true;
    CHECK(call("Sleep", {1, 7}) == NANOOTA_FAILED, "nothing would wake it");
    CHECK(call("GetValue", {NANOOTA_VALUE_KEPT}) == 0, "nothing is planned");
}

void a_chip_without_a_wake_source_does_not_sleep()
{
    board_with(nullptr, 3);
    CHECK(chip_run(ESP_RST_POWERON, refused_sleeps) == CHIP_OFF, "asleep");
    CHECK(!board_retained().is_planned, "a sleep of the application's own would be taken for it");
}

const test_case tests[] = {
    TEST(the_fifth_crash_reverts_to_the_previous_firmware),
    TEST(power_on_that_is_reported_as_the_RTC_watchdog_is_power_on),
    TEST(power_on_of_a_slow_chip_is_a_blip_in_a_trial),
    TEST(a_loss_of_power_clears_the_crashes),
    TEST(cleared_crashes_stay_cleared_after_a_reset),
    TEST(a_restart_of_the_CLR_alone_is_no_crash),
    TEST(after_a_planned_sleep_the_trial_and_its_watchdog_continue),
    TEST(a_trial_whose_time_is_over_cannot_sleep_and_has_a_second_left),
    TEST(a_trial_that_sleeps_without_an_end_wakes_within_its_time),
    TEST(a_sleep_of_0_does_not_set_the_timer),
    TEST(the_longest_sleep_does_not_overflow),
    TEST(a_chip_without_a_wake_source_does_not_sleep),
};

} // namespace

extern "C" {
extern SUITE(retention_tests, tests);
}
