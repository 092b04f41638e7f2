/* The search for the deployment, through the wrap of the linker. */
#include "board.h"
#include "clr.h"

extern "C" {
#include "nanoota_area.h"
}

#include <pthread.h>

namespace
{

int expected_slot;

void the_expected_slot_is_found()
{
    CHECK(clr_finds() == expected_slot, "found %d, not %d", clr_finds(), expected_slot);
}

void the_slot_that_the_record_chooses_is_the_deployment()
{
    for (uint8_t slot = 0; slot <= 1; slot++) {
        nanoota_record record = test_record_of(slot, NANOOTA_CONFIRMED);
        board_with(&record, 3);
        expected_slot = slot;
        CHECK(chip_run(ESP_RST_POWERON, the_expected_slot_is_found) == CHIP_OFF, "slot %d", slot);
    }
}

void other_searches_are_passed_on()
{
    auto deployment = (esp_partition_subtype_t)0x84;
    const esp_partition_t *nvs = esp_partition_find_first(ESP_PARTITION_TYPE_DATA, ESP_PARTITION_SUBTYPE_DATA_NVS, nullptr);
    const esp_partition_t *code = esp_partition_find_first(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_APP_FACTORY, nullptr);
    const esp_partition_t *any = esp_partition_find_first(ESP_PARTITION_TYPE_ANY, ESP_PARTITION_SUBTYPE_ANY, nullptr);
    const esp_partition_t *named = esp_partition_find_first(ESP_PARTITION_TYPE_DATA, deployment, "deploy_0");
    const esp_partition_t *app = esp_partition_find_first(ESP_PARTITION_TYPE_APP, deployment, nullptr);
    const esp_partition_t *none = esp_partition_find_first(ESP_PARTITION_TYPE_DATA, deployment, "deploy");
    CHECK(board->finds == 6, "%u searches", (unsigned)board->finds);
    CHECK(nvs != nullptr && nvs->address == 0x9000, "nvs");
    CHECK(code != nullptr && code->address == 0x10000, "factory");
    CHECK(any != nullptr && any->address == 0x1E0000, "the first of all");
    CHECK(named != nullptr && named->address == 0x1E0000, "a slot by its name");
    CHECK(app == nullptr && none == nullptr, "no such partition");
}

void every_other_search_is_passed_on_and_boots_nothing()
{
    nanoota_record record = test_trial(0, 0);
    board_with(&record, 3);
    (void)chip_run(ESP_RST_SW, other_searches_are_passed_on);
    CHECK(board_record().trial_boots == 0 && board->sim.operations == 0, "it booted");
}

void the_CLR_starts_again_and_again()
{
    for (int start = 0; start < 5; start++) CHECK(clr_finds() == 1, "start %d", start);
    CHECK(call("GetValue", {NANOOTA_VALUE_TRIAL_BOOTS}) == 1, "boots");
    CHECK(board->watchdog.configured == 1, "%u watchdogs", (unsigned)board->watchdog.configured);
}

void a_restart_of_the_CLR_alone_is_no_boot()
{
    nanoota_record record = test_trial(0, 0);
    board_with(&record, 3);
    (void)chip_run(ESP_RST_SW, the_CLR_starts_again_and_again);
    CHECK(board_record().trial_boots == 1, "%d boots", board_record().trial_boots);
    expected_slot = 0;
    (void)chip_run(ESP_RST_SW, the_expected_slot_is_found);
    CHECK(board_record().reason == NANOOTA_TRIAL_RESET, "reason %d", board_record().reason);
}

void firmware_activates_the_other_slot()
{
    CHECK(clr_finds() == 0, "before");
    CHECK(call("Activate") == NANOOTA_OK, "activate");
    CHECK(clr_finds() == 0, "until the reset it is this slot that runs");
}

void an_activated_slot_is_found_after_the_next_reset()
{
    board_with(nullptr, 3);
    (void)chip_run(ESP_RST_POWERON, firmware_activates_the_other_slot);
    expected_slot = 1;
    (void)chip_run(ESP_RST_SW, the_expected_slot_is_found);
}

void nothing_runs_but_the_first_slot_is_found()
{
    CHECK(clr_finds() == 0, "a tool can deploy there");
    CHECK(call("GetValue", {NANOOTA_VALUE_RUNNING_SLOT}) == NANOOTA_REFUSED, "value");
    CHECK(call("GetAreaSize", {NANOOTA_AREA_INACTIVE_SLOT}) == NANOOTA_REFUSED, "size");
    CHECK(call("Activate") == NANOOTA_REFUSED && call("Confirm") == NANOOTA_REFUSED, "verdicts");
    CHECK(call("Reject", {1}) == NANOOTA_REFUSED, "reject");
    CHECK(board->sim.operations == 0 && board->watchdog.touched == 0, "nothing was changed");
}

void if_no_slot_can_boot_a_tool_finds_the_first()
{
    static const char *const labels[] = {nullptr, "deploy_1", "nanoota"};
    for (const char *label : labels) {
        nanoota_record record = test_trial(1, 0);
        board_with(&record, label == nullptr ? 0 : 3);
        board->missing = label;
        CHECK(chip_run(ESP_RST_PANIC, nothing_runs_but_the_first_slot_is_found) == CHIP_OFF, "without %s", label);
    }
}

void the_only_slot_is_found()
{
    CHECK(clr_finds() == 1, "the one that there is");
}

void a_table_with_one_slot_is_searched_without_the_module()
{
    board_with(nullptr, 3);
    board->missing = "deploy_0";
    (void)chip_run(ESP_RST_POWERON, the_only_slot_is_found);
}

void *search(void *found)
{
    *static_cast<int *>(found) = clr_finds();
    return nullptr;
}

void two_tasks_search_at_once()
{
    pthread_t tasks[8];
    int found[8];
    for (int i = 0; i < 8; i++) CHECK(pthread_create(&tasks[i], nullptr, search, &found[i]) == 0, "task %d", i);
    for (int i = 0; i < 8; i++) CHECK(pthread_join(tasks[i], nullptr) == 0, "task %d", i);
    for (int i = 0; i < 8; i++) CHECK(found[i] == 1, "task %d found %d", i, found[i]);
}

void tasks_that_search_at_once_boot_once()
{
    for (int round = 0; round < 50 && !test_has_failed(); round++) {
        nanoota_record record = test_trial(0, 0);
        board_with(&record, 3);
        (void)chip_run(ESP_RST_SW, two_tasks_search_at_once);
        CHECK(board_record().trial_boots == 1, "round %d: %d boots", round, board_record().trial_boots);
    }
}

void a_trial_runs_only_on_the_runtime_slot_that_it_needs()
{
    /* the partition of the runtime, what the record needs, the slot that boots */
    static const struct {
        const char *running;
        uint8_t needed;
        int slot;
    } cases[] = {{"factory", 0, 1}, {"factory", 1, 0}, {"ota_0", 0, 1}, {"ota_0", 1, 0}, {"ota_1", 1, 1}, {"ota_1", 0, 0},
        {"ota_1", NANOOTA_ANY_CLR_SLOT, 1}, {nullptr, 0, 1}};
    for (const auto &given : cases) {
        nanoota_record record = test_trial(0, 0);
        record.clr_slot = given.needed;
        board_with(&record, 3);
        board->running = given.running;
        expected_slot = given.slot;
        CHECK(chip_run(ESP_RST_SW, the_expected_slot_is_found) == CHIP_OFF, "%s, %d", given.running, given.needed);
        CHECK((board_record().reason == NANOOTA_WRONG_RUNTIME_SLOT) == (given.slot == 0), "%s, %d", given.running, given.needed);
    }
}

void a_trial_ends_for_the_reason_of_the_reset()
{
    static const int cases[][2] = {{ESP_RST_SW, NANOOTA_TRIAL_RESET}, {ESP_RST_PANIC, NANOOTA_TRIAL_PANIC},
        {ESP_RST_WDT, NANOOTA_TRIAL_WATCHDOG}, {ESP_RST_BROWNOUT, NANOOTA_NO_REASON}};
    for (const auto &given : cases) {
        nanoota_record record = test_trial(1, 0);
        board_with(&record, 3);
        expected_slot = given[1] == NANOOTA_NO_REASON ? 1 : 0;
        CHECK(chip_run(given[0], the_expected_slot_is_found) == CHIP_OFF, "reset reason %d", given[0]);
        CHECK(board_record().reason == given[1], "reset reason %d: %d", given[0], board_record().reason);
    }
}

const test_case tests[] = {
    TEST(the_slot_that_the_record_chooses_is_the_deployment),
    TEST(every_other_search_is_passed_on_and_boots_nothing),
    TEST(a_restart_of_the_CLR_alone_is_no_boot),
    TEST(an_activated_slot_is_found_after_the_next_reset),
    TEST(if_no_slot_can_boot_a_tool_finds_the_first),
    TEST(a_table_with_one_slot_is_searched_without_the_module),
    TEST(tasks_that_search_at_once_boot_once),
    TEST(a_trial_runs_only_on_the_runtime_slot_that_it_needs),
    TEST(a_trial_ends_for_the_reason_of_the_reset),
};

} // namespace

extern "C" {
extern SUITE(wrap_tests, tests);
}
