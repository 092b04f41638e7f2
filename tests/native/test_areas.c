/* The areas that managed code may read and write, for any arguments. */
#include "nanoota_area.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

static sim_flash sim;
static sim_flash before;
static nanoota_flash port;
static nanoota_run run;
static uint8_t buffer[200];

static void boot_with(const nanoota_record *record, uint32_t slots)
{
    sim_with(&sim, record, slots);
    port = sim_port(&sim);
    test_boot(&run, &port, 9, 0);
    before = sim;
    for (uint32_t i = 0; i < sizeof buffer; i++) buffer[i] = (uint8_t)(i + 1u);
}

static nanoota_part part(int32_t start, int32_t count)
{
    nanoota_part all = {buffer, (int32_t)sizeof buffer, start, count};
    return all;
}

static nanoota_result write_to(int32_t area, int32_t offset, int32_t count)
{
    nanoota_part bytes = part(0, count);
    return nanoota_area_write(&run, area, offset, &bytes);
}

static void the_running_slot_determines_the_position_of_the_areas(void)
{
    for (uint8_t slot = 0; slot < 2; slot++) {
        uint32_t inactive = 1u - slot;
        nanoota_record record = test_record_of(slot, NANOOTA_CONFIRMED);
        boot_with(&record, 3);
        CHECK(write_to(NANOOTA_AREA_INACTIVE_SLOT, 0x1000, 4) == NANOOTA_OK, "slot %d", slot);
        CHECK(write_to(NANOOTA_AREA_INACTIVE_INDEX, 0x5FFC, 4) == NANOOTA_OK, "slot %d", slot);
        CHECK(write_to(NANOOTA_AREA_JOURNAL, 0x1FFC, 4) == NANOOTA_OK, "slot %d", slot);
        CHECK(write_to(NANOOTA_AREA_HISTORY, 0x1FFC, 4) == NANOOTA_OK, "slot %d", slot);
        CHECK(memcmp(sim_at(&sim, inactive * SIM_SLOT_SIZE + 0x1000), buffer, 4) == 0, "slot %d", slot);
        CHECK(memcmp(sim_at(&sim, SIM_RECORDS + 0x9FFCu + inactive * 0x6000u), buffer, 4) == 0, "slot %d", slot);
        CHECK(memcmp(sim_at(&sim, SIM_RECORDS + 0x3FFC), buffer, 4) == 0, "slot %d", slot);
        CHECK(memcmp(sim_at(&sim, SIM_RECORDS + 0x11FFC), buffer, 4) == 0, "slot %d", slot);
    }
}

static void a_read_returns_the_bytes_of_the_area(void)
{
    /* where areas 0 to 5 begin while slot 1 runs */
    static const uint32_t starts[] = {0x2000, 0, 0x4000 + 0xA000, 0x4000 + 0x4000, 0x4000 + 0x2000, 0x4000 + 0x10000};
    nanoota_record record = test_record(NANOOTA_CONFIRMED);
    for (unsigned i = 0; i < 6u; i++) {
        nanoota_part bytes;
        boot_with(&record, 3);
        for (uint8_t k = 0; k < 100; k++) sim.cells[starts[i] + 0x1F00u + k] = (uint8_t)(k * 3u);
        bytes = part(7, 100);
        CHECK(nanoota_area_read(&run, (int32_t)i, 0x1F00, &bytes) == NANOOTA_OK, "area %u", i);
        CHECK(memcmp(buffer + 7, sim_at(&sim, starts[i] + 0x1F00), 100) == 0, "area %u", i);
        CHECK(buffer[6] == 7u && buffer[107] == 108u, "the rest of the array is untouched, area %u", i);
    }
}

static void sizes_are_those_of_the_board_and_of_the_layout(void)
{
    static const int32_t sizes[] = {-1, 0x2000, 0x2000, 0x6000, 0x6000, 0x2000, 0x2000, -1};
    boot_with(NULL, 1);
    for (int32_t area = -1; area <= 6; area++)
        CHECK(nanoota_area_size(&run, area) == sizes[area + 1], "area %d", (int)area);
}

static void values_report_the_state_of_the_boot(void)
{
    static const int32_t values[] = {-1, 1, 2, 0, 9, 3, 2, 1, 3, 77, 420, 5, -1};
    nanoota_record record = test_trial(2, 1);
    boot_with(&record, 3);
    run.safe_mode = true;
    run.retained.crashes = 1;
    run.retained.hangs = 2;
    run.retained.kept = 77;
    for (int32_t value = -1; value <= 11; value++)
        CHECK(nanoota_value(&run, value) == values[value + 1], "value %d", (int)value);
}

static void after_activation_the_state_is_4_and_the_next_slot_cannot_be_written(void)
{
    boot_with(NULL, 3);
    CHECK(nanoota_value(&run, NANOOTA_VALUE_BOOT_STATE) == 1, "before");
    CHECK(nanoota_activate(&run) == NANOOTA_OK, "activate");
    CHECK(nanoota_value(&run, NANOOTA_VALUE_BOOT_STATE) == 4, "after");
    CHECK(nanoota_area_erase(&run, NANOOTA_AREA_INACTIVE_SLOT, 0) == NANOOTA_REFUSED, "erase");
    CHECK(write_to(NANOOTA_AREA_INACTIVE_INDEX, 0, 4) == NANOOTA_REFUSED, "write");
}

static void only_journal_and_history_can_be_written_unless_the_state_is_confirmed(void)
{
    for (int state = NANOOTA_TRIAL; state <= NANOOTA_REVERTED; state++)
        for (int32_t area = 0; area <= 5; area++) {
            nanoota_record record = test_record(state);
            int expected = area == NANOOTA_AREA_JOURNAL || area == NANOOTA_AREA_HISTORY ? NANOOTA_OK : NANOOTA_REFUSED;
            boot_with(&record, 3);
            CHECK((int)nanoota_area_erase(&run, area, 0) == expected, "area %d, state %d", (int)area, state);
            CHECK((int)write_to(area, 0, 4) == expected, "area %d, state %d", (int)area, state);
        }
}

static void a_write_is_padded_to_a_word_with_ones(void)
{
    static const uint8_t expected[] = {0xFF, 2, 3, 4, 5, 6, 0xFF, 0xFF, 0xFF};
    for (int32_t count = 1; count <= 9; count++) {
        nanoota_part bytes = part(1, count);
        boot_with(NULL, 1);
        CHECK(nanoota_area_write(&run, NANOOTA_AREA_INACTIVE_SLOT, 4, &bytes) == NANOOTA_OK, "count %d", (int)count);
        CHECK(memcmp(sim_at(&sim, SIM_SLOT_SIZE + 4), buffer + 1, (size_t)count) == 0, "count %d", (int)count);
        CHECK(sim.cells[SIM_SLOT_SIZE + 4u + (uint32_t)count] == 0xFFu, "count %d", (int)count);
        if (count == 5) CHECK(memcmp(sim_at(&sim, SIM_SLOT_SIZE + 3), expected, sizeof expected) == 0, "padding");
    }
}

static void a_write_that_does_not_fit_is_refused(void)
{
    /* offset and count; offset 8 is not erased */
    static const int32_t cases[][2] = {{2, 4}, {4092, 5}, {0x2000, 1}, {8, 4}, {6, 0}};
    for (unsigned i = 0; i < 5u; i++) {
        boot_with(NULL, 1);
        sim.cells[SIM_SLOT_SIZE + 11] = 0x7F;
        before = sim;
        CHECK(write_to(NANOOTA_AREA_INACTIVE_SLOT, cases[i][0], cases[i][1]) == NANOOTA_REFUSED, "case %u", i);
        CHECK(sim.operations == before.operations && memcmp(sim.cells, before.cells, SIM_SIZE) == 0, "case %u", i);
    }
    CHECK(write_to(NANOOTA_AREA_INACTIVE_SLOT, 0, 0) == NANOOTA_OK, "nothing to write");
}

static void a_flash_failure_returns_failed(void)
{
    for (int health = SECTOR_STUCK; health <= SECTOR_UNREADABLE; health++) {
        nanoota_part bytes = part(0, 4);
        boot_with(NULL, 1);
        sim.health[SIM_COPY_A + 2u] = (sector_health)health;
        CHECK(write_to(NANOOTA_AREA_JOURNAL, 0, 6) == NANOOTA_FAILED, "health %d", health);
        if (health == SECTOR_STUCK)
            CHECK(nanoota_area_erase(&run, NANOOTA_AREA_JOURNAL, 0) == NANOOTA_FAILED, "erase");
        else
            CHECK(nanoota_area_read(&run, NANOOTA_AREA_JOURNAL, 0, &bytes) == NANOOTA_FAILED, "read");
    }
}

static int32_t any(uint32_t *state, int32_t likely)
{
    static const int32_t corners[] = {INT32_MIN, INT32_MIN + 1, -4096, -4, -1, 0, 1, 3, 4, 4092, 4096, 8192, 0x5000,
        0x6000, INT32_MAX - 4095, INT32_MAX};
    switch (sim_random(state) % 4u) {
    case 0:
        return (int32_t)(sim_random(state) >> 1) - (int32_t)(sim_random(state) >> 1);
    case 1:
        return (int32_t)(sim_random(state) % 0x2000u);
    case 2:
        return likely > 0 ? (int32_t)(sim_random(state) % (uint32_t)likely) : 0;
    default:
        return corners[sim_random(state) % (sizeof corners / sizeof corners[0])];
    }
}

/* Arrays of exactly their length, so that the address sanitizer detects a byte too many. */
static void any_call(uint32_t *state)
{
    static const int32_t lengths[] = {0, 1, 3, 9000};
    int32_t length = lengths[sim_random(state) % 4u];
    int32_t area = sim_random(state) % 4u == 0u ? any(state, 8) : (int32_t)(sim_random(state) % 6u);
    int32_t offset = any(state, 0x2000) & (sim_random(state) % 2u == 0u ? ~0xFFF : ~0);
    nanoota_part bytes = {malloc((size_t)length + (length == 0 ? 1u : 0u)), length, any(state, 9000), any(state, 5000)};
    void *owned = bytes.bytes;
    if (owned == NULL) abort();
    memset(owned, 0x5A, (size_t)length);
    if (sim_random(state) % 8u == 0u) bytes.bytes = NULL;
    switch (sim_random(state) % 5u) {
    case 0: (void)nanoota_area_read(&run, area, offset, &bytes); break;
    case 1: (void)nanoota_area_erase(&run, area, offset); break;
    case 2: (void)nanoota_area_write(&run, area, offset, &bytes); break;
    case 3: (void)nanoota_value(&run, offset); break;
    default: (void)nanoota_area_size(&run, offset); break;
    }
    free(owned);
}

static bool may_change(uint32_t at, uint8_t running, int state)
{
    uint32_t inactive = 1u - running;
    uint32_t index = SIM_RECORDS + 0x4000u + inactive * 0x6000u;
    bool is_inactive = at / SIM_SLOT_SIZE == inactive || (at >= index && at < index + 0x6000u);
    bool is_journal = at >= SIM_RECORDS + 0x2000u && at < SIM_RECORDS + 0x4000u;
    bool is_history = at >= SIM_RECORDS + 0x10000u && at < SIM_RECORDS + 0x12000u;
    return is_journal || is_history || (is_inactive && state == NANOOTA_CONFIRMED);
}

static void check_hostile(uint8_t running, int state)
{
    uint32_t random = test_seed() + running + 2u * (uint32_t)state;
    uint32_t erases = 0;
    nanoota_record record = test_record_of(running, state);
    boot_with(&record, 3);
    memset(&sim.cells[SIM_RECORDS + 0x4000u], 0x33, 0xE000);
    before = sim;
    for (int i = 0; i < 100000; i++) any_call(&random);
    for (uint32_t at = 0; at < SIM_SIZE; at++)
        CHECK(sim.cells[at] == before.cells[at] || may_change(at, running, state), "state %d, changed 0x%X", state,
            (unsigned)at);
    for (uint32_t at = 0; at < SIM_SECTORS; at++) {
        erases += sim.erases[at] - before.erases[at];
        CHECK(sim.erases[at] == before.erases[at] || may_change(at * NANOOTA_SECTOR_SIZE, running, state),
            "state %d, erased sector %u", state, (unsigned)at);
    }
    CHECK(erases > 0u, "seed %u never reached the flash", (unsigned)test_seed());
}

static void no_argument_changes_a_byte_outside_what_the_state_allows(void)
{
    for (uint8_t running = 0; running < 2; running++)
        for (int state = NANOOTA_CONFIRMED; state <= NANOOTA_REVERTED && !test_has_failed(); state++)
            check_hostile(running, state);
}

static void if_nothing_runs_no_area_exists(void)
{
    uint32_t random = test_seed();
    nanoota_part bytes = part(0, 1);
    boot_with(NULL, 0);
    for (int32_t area = -1; area <= 6; area++) {
        CHECK(nanoota_area_size(&run, area) == NANOOTA_REFUSED, "area %d", (int)area);
        CHECK(nanoota_area_read(&run, area, 0, &bytes) == NANOOTA_REFUSED, "area %d", (int)area);
        CHECK(nanoota_value(&run, area) == NANOOTA_REFUSED, "value %d", (int)area);
    }
    for (int i = 0; i < 10000; i++) any_call(&random);
    CHECK(sim.operations == 0u, "%u operations", (unsigned)sim.operations);
}

static const test_case tests[] = {
    TEST(the_running_slot_determines_the_position_of_the_areas),
    TEST(a_read_returns_the_bytes_of_the_area),
    TEST(sizes_are_those_of_the_board_and_of_the_layout),
    TEST(values_report_the_state_of_the_boot),
    TEST(after_activation_the_state_is_4_and_the_next_slot_cannot_be_written),
    TEST(only_journal_and_history_can_be_written_unless_the_state_is_confirmed),
    TEST(a_write_is_padded_to_a_word_with_ones),
    TEST(a_write_that_does_not_fit_is_refused),
    TEST(a_flash_failure_returns_failed),
    TEST(no_argument_changes_a_byte_outside_what_the_state_allows),
    TEST(if_nothing_runs_no_area_exists),
};

SUITE(area_tests, tests);
