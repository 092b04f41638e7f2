/* The areas of the runtime slots, and which calls change them. */
#include "nanoota_area.h"
#include "nanoota_otadata.h"
#include "nanoota_pair.h"
#include "test.h"

#include <string.h>

static const uint8_t four[] = {1, 2, 3, 4};

static sim_flash sim;
static sim_flash before;
static nanoota_flash port;
static nanoota_run run;
static uint8_t retained[NANOOTA_RETAINED_LENGTH];

static bool is_bootable(void *context, uint8_t slot)
{
    (void)context;
    return slot < NANOOTA_RUNTIME_SLOTS;
}

static const nanoota_runtimes runtimes = {NULL, is_bootable};

/* A board whose otadata chooses the runtime slot that runs. */
static void set_up(const nanoota_record *record, uint8_t clr_slot, uint32_t state)
{
    nanoota_ota_record chosen;
    sim_with(&sim, NULL, 0);
    if (record != NULL) (void)test_put_known(&sim, *record);
    if (record == NULL) sim_with(&sim, NULL, 3);
    sim_add_runtimes(&sim);
    port = sim_port(&sim);
    memset(&chosen, 0xFF, sizeof chosen);
    nanoota_ota_set(&chosen, clr_slot + 1u, state);
    CHECK(nanoota_otadata_write(&port, 0, &chosen), "otadata");
    test_forget(retained);
}

static void boot(uint8_t clr_slot)
{
    const nanoota_reset reset = {9, clr_slot, TEST_CRASH_LIMIT, TEST_TRIAL_MS, retained, &runtimes};
    nanoota_boot(&run, &port, &reset);
    before = sim;
}

static void boot_with(const nanoota_record *record, uint8_t clr_slot)
{
    set_up(record, clr_slot, NANOOTA_OTA_VALID);
    boot(clr_slot);
}

/* A pair that was confirmed, and can revert to the one before it. */
static nanoota_record pair_of(uint8_t clr_slot)
{
    nanoota_record record = test_record(NANOOTA_CONFIRMED);
    record.clr_slot = clr_slot;
    return record;
}

static nanoota_result write_to(int32_t area, int32_t offset)
{
    uint8_t bytes[sizeof four];
    nanoota_part part = {bytes, (int32_t)sizeof bytes, 0, (int32_t)sizeof bytes};
    memcpy(bytes, four, sizeof bytes);
    return nanoota_area_write(&run, area, offset, &part);
}

static bool is_at(uint32_t offset)
{
    return memcmp(sim_at(&sim, offset), four, sizeof four) == 0;
}

static bool is_unchanged(void)
{
    return sim.operations == before.operations && memcmp(sim.cells, before.cells, SIM_SIZE) == 0;
}

static void the_running_runtime_determines_the_position_of_its_areas(void)
{
    for (uint8_t slot = 0; slot < 2; slot++) {
        uint32_t other = 1u - slot;
        boot_with(NULL, slot);
        CHECK(write_to(NANOOTA_AREA_INACTIVE_RUNTIME, 0xFFC) == NANOOTA_OK, "slot %d", slot);
        CHECK(write_to(NANOOTA_AREA_INACTIVE_RUNTIME_INDEX, 0x5FFC) == NANOOTA_OK, "slot %d", slot);
        CHECK(is_at(SIM_RUNTIMES + other * SIM_RUNTIME_SIZE + 0xFFCu), "slot %d", slot);
        CHECK(is_at(SIM_RECORDS + 0x12000u + other * 0x6000u + 0x5FFCu), "slot %d", slot);
    }
}

static void a_read_returns_the_bytes_of_the_area(void)
{
    /* where areas 6 to 9 begin while runtime slot 1 runs */
    static const uint32_t starts[] = {
        SIM_RUNTIMES + SIM_RUNTIME_SIZE, SIM_RUNTIMES, SIM_RECORDS + 0x18000u, SIM_RECORDS + 0x12000u};
    for (uint32_t i = 0; i < 4u; i++) {
        uint8_t bytes[4] = {0};
        nanoota_part part = {bytes, 4, 0, 4};
        boot_with(NULL, 1);
        memcpy(sim.cells + starts[i] + 0x100u, four, sizeof four);
        CHECK(nanoota_area_read(&run, (int32_t)(i + 6u), 0x100, &part) == NANOOTA_OK, "area %u", (unsigned)i + 6u);
        CHECK(memcmp(bytes, four, sizeof four) == 0, "area %u", (unsigned)i + 6u);
    }
}

static void what_runs_cannot_be_written(void)
{
    boot_with(NULL, 0);
    CHECK(nanoota_area_erase(&run, NANOOTA_AREA_RUNNING_RUNTIME, 0) == NANOOTA_REFUSED, "erase");
    CHECK(nanoota_area_erase(&run, NANOOTA_AREA_RUNNING_RUNTIME_INDEX, 0) == NANOOTA_REFUSED, "erase");
    CHECK(write_to(NANOOTA_AREA_RUNNING_RUNTIME, 0x800) == NANOOTA_REFUSED, "write");
    CHECK(write_to(NANOOTA_AREA_RUNNING_RUNTIME_INDEX, 0x800) == NANOOTA_REFUSED, "write");
    CHECK(is_unchanged(), "flash");
}

static void check_sizes(bool has_runtimes, int line)
{
    static const int32_t sizes[] = {SIM_RUNTIME_SIZE, SIM_RUNTIME_SIZE, 0x6000, 0x6000};
    for (int32_t area = 6; area <= 9; area++) {
        int32_t expected = has_runtimes ? sizes[area - 6] : (int32_t)NANOOTA_REFUSED;
        CHECK(nanoota_area_size(&run, area) == expected, "line %d, area %d", line, (int)area);
    }
    CHECK((nanoota_release_runtime(&run) == NANOOTA_OK) == has_runtimes, "line %d", line);
    CHECK((nanoota_activate_runtime(&run, false) == NANOOTA_OK) == has_runtimes, "line %d", line);
}

static void the_areas_exist_only_with_two_equal_slots_and_room_for_their_index(void)
{
    const nanoota_reset without = {9, 0, TEST_CRASH_LIMIT, TEST_TRIAL_MS, retained, NULL};
    boot_with(NULL, 0);
    check_sizes(true, __LINE__);
    set_up(NULL, 0, NANOOTA_OTA_VALID);
    nanoota_boot(&run, &port, &without);
    check_sizes(false, __LINE__);
    set_up(NULL, 0, NANOOTA_OTA_VALID);
    sim.records_size -= NANOOTA_SECTOR_SIZE;
    boot(0);
    check_sizes(false, __LINE__);
    set_up(NULL, 0, NANOOTA_OTA_VALID);
    sim.runtime_sizes[1] = 0;
    boot(0);
    check_sizes(false, __LINE__);
}

/* Whether a copy of the record would start the runtime before it. */
static bool reverts(uint32_t copy)
{
    nanoota_record record;
    return nanoota_record_decode(sim_at(&sim, SIM_RECORDS + copy * NANOOTA_SECTOR_SIZE), &record) && record.clr_slot < 2u
        && record.previous_fingerprint != 0u;
}

static void a_runtime_to_which_a_revert_is_possible_is_released_before_it_is_written(void)
{
    nanoota_record record = pair_of(1);
    boot_with(&record, 1);
    CHECK(nanoota_pair_may_revert(&run), "it can revert");
    CHECK(nanoota_area_erase(&run, NANOOTA_AREA_INACTIVE_RUNTIME, 0) == NANOOTA_REFUSED, "erase");
    CHECK(write_to(NANOOTA_AREA_INACTIVE_RUNTIME_INDEX, 0) == NANOOTA_REFUSED && is_unchanged(), "write");
    CHECK(nanoota_release_runtime(&run) == NANOOTA_OK && !nanoota_pair_may_revert(&run), "release");
    CHECK(!reverts(0) && !reverts(1), "neither copy");
    before = sim;
    CHECK(nanoota_release_runtime(&run) == NANOOTA_OK && is_unchanged(), "a repetition writes nothing");
    CHECK(nanoota_area_erase(&run, NANOOTA_AREA_INACTIVE_RUNTIME, 0) == NANOOTA_OK, "erase");
    CHECK(write_to(NANOOTA_AREA_INACTIVE_RUNTIME_INDEX, 0) == NANOOTA_OK, "write");
    CHECK(nanoota_activate_runtime(&run, true) == NANOOTA_OK, "activate");
    CHECK(nanoota_area_erase(&run, NANOOTA_AREA_INACTIVE_RUNTIME, 0) == NANOOTA_REFUSED, "it boots next");
}

static void a_power_cut_in_the_release_leaves_no_copy_that_starts_what_may_be_written(void)
{
    nanoota_record record = pair_of(1);
    bool is_cut = true;
    for (uint32_t number = 1; is_cut; number++)
        for (int moment = CUT_BEFORE; moment <= CUT_AFTER; moment++) {
            boot_with(&record, 1);
            sim_arm(&sim, number, (cut_moment)moment, test_seed() + number);
            (void)nanoota_release_runtime(&run);
            is_cut = sim.fired;
            sim_power_on(&sim);
            boot(1);
            CHECK(run.slot == 1u && nanoota_state(&run) == NANOOTA_CONFIRMED, "operation %u, moment %d", (unsigned)number, moment);
            CHECK(!nanoota_may_write_runtime(&run) || (!reverts(0) && !reverts(1)), "operation %u, moment %d", (unsigned)number, moment);
            CHECK(nanoota_release_runtime(&run) == NANOOTA_OK && !reverts(0) && !reverts(1), "operation %u", (unsigned)number);
        }
}

static void a_release_that_flash_does_not_hold_allows_no_write(void)
{
    nanoota_record record = pair_of(1);
    for (uint32_t copy = 0; copy < 2u; copy++) {
        boot_with(&record, 1);
        sim.health[SIM_COPY_A + copy] = SECTOR_WORN;
        CHECK(nanoota_release_runtime(&run) == NANOOTA_FAILED, "copy %u", (unsigned)copy);
        CHECK(nanoota_area_erase(&run, NANOOTA_AREA_INACTIVE_RUNTIME, 0) == NANOOTA_REFUSED, "copy %u", (unsigned)copy);
    }
}

static void no_runtime_is_written_on_trial_before_an_acknowledgement_or_while_otadata_is_pending(void)
{
    for (int state = NANOOTA_TRIAL; state <= NANOOTA_REVERTED; state++) {
        nanoota_record record = test_record(state);
        boot_with(&record, 1);
        CHECK(nanoota_release_runtime(&run) == NANOOTA_REFUSED, "state %d", state);
        CHECK(nanoota_activate_runtime(&run, true) == NANOOTA_REFUSED, "state %d", state);
        CHECK(nanoota_area_erase(&run, NANOOTA_AREA_INACTIVE_RUNTIME, 0) == NANOOTA_REFUSED && is_unchanged(), "state %d", state);
    }
    set_up(NULL, 1, NANOOTA_OTA_PENDING);
    boot(1);
    CHECK(nanoota_release_runtime(&run) == NANOOTA_REFUSED, "pending");
    CHECK(nanoota_area_erase(&run, NANOOTA_AREA_INACTIVE_RUNTIME, 0) == NANOOTA_REFUSED, "pending");
}

static const test_case tests[] = {
    TEST(the_running_runtime_determines_the_position_of_its_areas),
    TEST(a_read_returns_the_bytes_of_the_area),
    TEST(what_runs_cannot_be_written),
    TEST(the_areas_exist_only_with_two_equal_slots_and_room_for_their_index),
    TEST(a_runtime_to_which_a_revert_is_possible_is_released_before_it_is_written),
    TEST(a_power_cut_in_the_release_leaves_no_copy_that_starts_what_may_be_written),
    TEST(a_release_that_flash_does_not_hold_allows_no_write),
    TEST(no_runtime_is_written_on_trial_before_an_acknowledgement_or_while_otadata_is_pending),
};

SUITE(runtime_tests, tests);
