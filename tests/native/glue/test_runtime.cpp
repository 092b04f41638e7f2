/* The runtime slots: which boards have them, and an update of the runtime over its resets. */
#include "board.h"
#include "clr.h"

extern "C" {
#include "nanoota_area.h"
#include "nanoota_otadata.h"
}

#include <cstdlib>

namespace
{

nanoota_ota_record active()
{
    nanoota_otadata otadata;
    nanoota_flash port = sim_port(&board->sim);
    if (!nanoota_otadata_read(&port, &otadata)) abort();
    return otadata.record[nanoota_otadata_active(&otadata)];
}

/* As the bootloader does with a record that it follows for the first time. */
void bootloader_starts(const char *runtime)
{
    nanoota_ota_record record = active();
    nanoota_flash port = sim_port(&board->sim);
    if (record.state == NANOOTA_OTA_NEW) record.state = NANOOTA_OTA_PENDING;
    CHECK(nanoota_otadata_write(&port, record.sequence % 2u == 1u ? 0 : 1, &record), "otadata");
    board->running = runtime;
}

void update_the_runtime()
{
    bytes image = {IMAGE_MAGIC, 1, 2, 3};
    CHECK(call("GetAreaSize", {NANOOTA_AREA_INACTIVE_RUNTIME}) == (int32_t)SIM_RUNTIME_SIZE, "size");
    CHECK(call("GetAreaSize", {NANOOTA_AREA_INACTIVE_RUNTIME_INDEX}) == 0x6000, "size of the index");
    CHECK(call("ReleaseRuntime") == NANOOTA_OK, "release");
    CHECK(call("ActivateRuntime", {0}) == NANOOTA_REFUSED, "there is no image");
    CHECK(call("Erase", {NANOOTA_AREA_INACTIVE_RUNTIME, 0}) == NANOOTA_OK, "erase");
    CHECK(call("Write", {NANOOTA_AREA_INACTIVE_RUNTIME, 0, image, 0, 4}) == NANOOTA_OK, "write");
    CHECK(call("Erase", {NANOOTA_AREA_RUNNING_RUNTIME, 0}) == NANOOTA_REFUSED, "what runs");
    CHECK(call("ActivateRuntime", {1}) == NANOOTA_OK, "activate");
    CHECK(call("GetValue", {NANOOTA_VALUE_BOOT_STATE}) == NANOOTA_ACTIVATED, "state");
    (void)call("Restart");
}

void find_the_deployment()
{
    (void)clr_finds();
}

void confirm()
{
    CHECK(clr_finds() == 1, "the new app");
    CHECK(board->watchdog.is_on, "watchdog of the trial");
    CHECK(call("GetValue", {NANOOTA_VALUE_POWER_BLIPS}) == 1, "blips");
    CHECK(call("Sleep", {1000, 0}) == NANOOTA_REFUSED, "the wake would end the trial");
    CHECK(call("Confirm") == NANOOTA_OK && !board->watchdog.is_on, "confirm");
}

void a_runtime_is_activated_chosen_again_after_a_blip_and_confirmed()
{
    board_with(nullptr, 3);
    board_add_runtimes(0);
    CHECK(chip_run(ESP_RST_POWERON, update_the_runtime) == CHIP_RESTARTED, "update");
    CHECK(active().sequence == 2 && active().state == NANOOTA_OTA_NEW, "sequence %u", (unsigned)active().sequence);
    CHECK(board_record().clr_slot == 1 && board_record().chosen == 1, "record");

    /* Power failed while the bootloader started ota_1, so it gave that up. */
    nanoota_ota_record given_up = active();
    nanoota_flash port = sim_port(&board->sim);
    given_up.state = NANOOTA_OTA_ABORTED;
    CHECK(nanoota_otadata_write(&port, 1, &given_up), "otadata");
    CHECK(chip_run(ESP_RST_POWERON, find_the_deployment) == CHIP_RESTARTED, "the old runtime starts no app");
    CHECK(active().sequence == 2 && active().state == NANOOTA_OTA_NEW, "chosen again");

    bootloader_starts("ota_1");
    CHECK(chip_run(ESP_RST_SW, confirm) == CHIP_OFF, "trial");
    CHECK(active().sequence == 2 && active().state == NANOOTA_OTA_VALID, "state %u", (unsigned)active().state);
}

void the_runtime_alone()
{
    CHECK(call("ActivateRuntime", {0}) == NANOOTA_OK, "activate");
}

void an_activation_without_the_app_keeps_its_slot()
{
    board_with(nullptr, 3);
    board_add_runtimes(0);
    board->sim.cells[SIM_RUNTIMES + SIM_RUNTIME_SIZE] = IMAGE_MAGIC;
    (void)chip_run(ESP_RST_POWERON, the_runtime_alone);
    CHECK(board_record().clr_slot == 1 && board_record().chosen == 0 && board_record().runtime_only == 1, "record");
}

void refuse_everything()
{
    for (int32_t area = 6; area <= 9; area++) CHECK(call("GetAreaSize", {area}) == NANOOTA_REFUSED, "area %d", area);
    CHECK(call("ReleaseRuntime") == NANOOTA_REFUSED, "release");
    CHECK(call("ActivateRuntime", {0}) == NANOOTA_REFUSED, "activate");
    CHECK(call("GetAreaSize", {NANOOTA_AREA_INACTIVE_SLOT}) == (int32_t)SIM_SLOT_SIZE, "apps are updated all the same");
}

void other_boards_have_no_runtime_slots()
{
    board_with(nullptr, 3);
    board_add_runtimes(0);
    board->has_otadata = false;
    (void)chip_run(ESP_RST_POWERON, refuse_everything);
    board_with(nullptr, 3);
    board_add_runtimes(0);
    board->has_third = true;
    (void)chip_run(ESP_RST_POWERON, refuse_everything);
    board_with(nullptr, 3);
    board_add_runtimes(0);
    board->running = "factory";
    (void)chip_run(ESP_RST_POWERON, refuse_everything);
    board_with(nullptr, 3);
    board_add_runtimes(0);
    board->running = nullptr;
    (void)chip_run(ESP_RST_POWERON, refuse_everything);
}

const test_case tests[] = {
    TEST(a_runtime_is_activated_chosen_again_after_a_blip_and_confirmed),
    TEST(an_activation_without_the_app_keeps_its_slot),
    TEST(other_boards_have_no_runtime_slots),
};

} // namespace

extern "C" {
extern SUITE(glue_runtime_tests, tests);
}
