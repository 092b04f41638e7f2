/* Each native method through the table, as managed code calls it. */
#include "board.h"
#include "clr.h"

extern "C" {
#include "nanoota_area.h"
#include "nanoota_interop.h"
}

#include <cstring>
#include <string>

namespace
{

/* Runs firmware from slot 0, confirmed, with a plausible slot 1. */
void on_a_confirmed_board(void (*given)())
{
    board_with(nullptr, 3);
    (void)chip_run(ESP_RST_POWERON, given);
}

void values_and_sizes()
{
    static const int32_t values[] = {-1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 420, 5, -1};
    static const int32_t sizes[] = {-1, (int32_t)SIM_SLOT_SIZE, (int32_t)SIM_SLOT_SIZE, 0x6000, 0x6000, 0x2000, 0x2000, -1, -1, -1, -1, -1};
    for (int32_t i = -1; i <= 11; i++) CHECK(call("GetValue", {i}) == values[i + 1], "value %d", i);
    for (int32_t i = -1; i <= 10; i++) CHECK(call("GetAreaSize", {i}) == sizes[i + 1], "area %d", i);
}

void values_and_sizes_are_those_of_the_board()
{
    on_a_confirmed_board(values_and_sizes);
}

void erase_write_and_read()
{
    bytes given = {9, 1, 2, 3, 4, 5, 9};
    bytes read(7, 0xAA);
    const bytes expected = {0xAA, 0xAA, 1, 2, 3, 4, 5};
    CHECK(call("Erase", {NANOOTA_AREA_INACTIVE_SLOT, 0}) == NANOOTA_OK, "erase");
    CHECK(board->pauses == 1, "other tasks ran before the erase, %u ticks", (unsigned)board->pauses);
    CHECK(call("Write", {NANOOTA_AREA_INACTIVE_SLOT, 8, given, 1, 5}) == NANOOTA_OK, "write");
    CHECK(call("Write", {NANOOTA_AREA_INACTIVE_SLOT, 8, given, 1, 5}) == NANOOTA_REFUSED, "it is not erased any more");
    CHECK(call("Read", {NANOOTA_AREA_INACTIVE_SLOT, 8, read, 2, 5}) == NANOOTA_OK, "read");
    CHECK(read == expected, "%d %d", read[2], read[6]);
}

void written_bytes_are_in_flash_and_can_be_read_back()
{
    static const uint8_t expected[] = {0xFF, 1, 2, 3, 4, 5, 0xFF};
    on_a_confirmed_board(erase_write_and_read);
    CHECK(memcmp(sim_at(&board->sim, SIM_SLOT_SIZE + 7), expected, sizeof expected) == 0, "cells");
}

void pieces()
{
    bytes large(65537);
    CHECK(call("Read", {NANOOTA_AREA_RUNNING_SLOT, 0, large, 0, 65536}) == NANOOTA_OK, "read 65536");
    CHECK(call("Read", {NANOOTA_AREA_RUNNING_SLOT, 0, large, 0, 65537}) == NANOOTA_REFUSED, "read 65537");
    CHECK(call("HashStart") == NANOOTA_OK, "start");
    CHECK(call("HashBytes", {large, 1, 65536}) == NANOOTA_OK, "hash 65536");
    CHECK(call("HashBytes", {large, 0, 65537}) == NANOOTA_REFUSED, "hash 65537");
    CHECK(call("HashArea", {NANOOTA_AREA_RUNNING_SLOT, 4, 65536}) == NANOOTA_OK, "area 65536");
    CHECK(call("HashArea", {NANOOTA_AREA_RUNNING_SLOT, 0, 65537}) == NANOOTA_REFUSED, "area 65537");
}

void no_call_takes_more_than_65536_bytes()
{
    on_a_confirmed_board(pieces);
}

void restart()
{
    (void)clr_finds();
    (void)call("Restart");
}

void a_restart_resets_the_chip()
{
    board_with(nullptr, 3);
    CHECK(chip_run(ESP_RST_POWERON, restart) == CHIP_RESTARTED, "it returned");
}

void activate()
{
    CHECK(call("Activate") == NANOOTA_OK, "activate");
    CHECK(call("GetValue", {NANOOTA_VALUE_BOOT_STATE}) == NANOOTA_ACTIVATED, "state");
    CHECK(call("Activate") == NANOOTA_REFUSED, "again");
    (void)call("Restart");
}

void reject()
{
    CHECK(call("GetValue", {NANOOTA_VALUE_BOOT_STATE}) == NANOOTA_TRIAL, "state");
    CHECK(call("Reject", {0}) == NANOOTA_REFUSED && call("Reject", {65536}) == NANOOTA_REFUSED, "no reasons");
    CHECK(call("Reject", {6004}) == NANOOTA_OK, "reject");
    (void)call("Restart");
}

void acknowledge()
{
    CHECK(call("GetValue", {NANOOTA_VALUE_BOOT_STATE}) == NANOOTA_REVERTED, "state");
    CHECK(call("GetValue", {NANOOTA_VALUE_REVERT_REASON}) == 6004, "reason");
    CHECK(call("Confirm") == NANOOTA_OK, "confirm");
    CHECK(call("GetValue", {NANOOTA_VALUE_BOOT_STATE}) == NANOOTA_CONFIRMED, "state");
}

void an_update_is_activated_rejected_and_acknowledged_over_three_resets()
{
    board_with(nullptr, 3);
    CHECK(chip_run(ESP_RST_POWERON, activate) == CHIP_RESTARTED, "first");
    CHECK(chip_run(ESP_RST_SW, reject) == CHIP_RESTARTED, "second");
    CHECK(chip_run(ESP_RST_SW, acknowledge) == CHIP_OFF, "third");
    CHECK(board_record().chosen == 0, "slot %d", board_record().chosen);
}

void natives()
{
    bytes name(14, '?');
    bytes exact(8, '?');
    bytes shorter(7, '?');
    CHECK(call("GetNativeAssembly", {0, exact}) == 8, "it fits exactly");
    CHECK(std::string(exact.begin(), exact.end()) == "mscorlib", "name");
    CHECK(call("GetNativeAssembly", {0, shorter}) == NANOOTA_REFUSED, "too short");
    CHECK(shorter == bytes(7, '?'), "a refusal leaves the array alone");
    CHECK((uint32_t)call("GetNativeChecksum", {0}) == 0xFEDCBA98u, "checksum");
    CHECK(call("GetNativeAssembly", {1, name}) == 14, "ours");
    CHECK(std::string(name.begin(), name.end()) == NANOOTA_INTEROP_ASSEMBLY, "our name");
    CHECK((uint32_t)call("GetNativeChecksum", {1}) == NANOOTA_INTEROP_CHECKSUM, "our checksum");
    for (int32_t index : {-1, 2, 3, INT32_MIN, INT32_MAX}) {
        CHECK(call("GetNativeAssembly", {index, name}) == NANOOTA_REFUSED, "index %d", index);
        CHECK(call("GetNativeChecksum", {index}) == NANOOTA_REFUSED, "index %d", index);
    }
    CHECK(call("GetNativeAssembly", {0, nullptr}) == NANOOTA_REFUSED, "null");
}

void the_native_assemblies_are_those_of_the_firmware()
{
    on_a_confirmed_board(natives);
}

void the_assembly_is_bound_by_its_name_and_checksum()
{
    const CLR_RT_NativeAssemblyData &ours = g_CLR_AssemblyNative_NanoOta_Native;
    CHECK(strcmp(ours.m_szAssemblyName, "NanoOta.Native") == 0, "%s", ours.m_szAssemblyName);
    CHECK(ours.m_checkSum == NANOOTA_INTEROP_CHECKSUM, "0x%X", ours.m_checkSum);
    CHECK(ours.m_Version.iMajorVersion == 3 && ours.m_Version.iRevisionNumber == 0, "version");
}

void flash_fails()
{
    bytes array(4);
    CHECK(call("Read", {NANOOTA_AREA_JOURNAL, 0, array, 0, 4}) == NANOOTA_FAILED, "read");
    CHECK(call("Write", {NANOOTA_AREA_JOURNAL, 0, array, 0, 4}) == NANOOTA_FAILED, "write");
    CHECK(call("Erase", {NANOOTA_AREA_JOURNAL, 4096}) == NANOOTA_FAILED, "erase");
}

void a_flash_failure_returns_failed()
{
    board_with(nullptr, 3);
    board->sim.health[SIM_COPY_A + 2] = SECTOR_UNREADABLE;
    board->sim.health[SIM_COPY_A + 3] = SECTOR_STUCK;
    (void)chip_run(ESP_RST_POWERON, flash_fails);
}

const test_case tests[] = {
    TEST(values_and_sizes_are_those_of_the_board),
    TEST(written_bytes_are_in_flash_and_can_be_read_back),
    TEST(no_call_takes_more_than_65536_bytes),
    TEST(a_restart_resets_the_chip),
    TEST(an_update_is_activated_rejected_and_acknowledged_over_three_resets),
    TEST(the_native_assemblies_are_those_of_the_firmware),
    TEST(the_assembly_is_bound_by_its_name_and_checksum),
    TEST(a_flash_failure_returns_failed),
};

} // namespace

extern "C" {
extern SUITE(method_tests, tests);
}
