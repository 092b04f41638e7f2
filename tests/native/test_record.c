#include "nanoota_bytes.h"
#include "test.h"

#include <string.h>

static const nanoota_record full = {
    .sequence = 0x01020304,
    .chosen_fingerprint = 0x14131211,
    .previous_fingerprint = 0x24232221,
    .reason = NANOOTA_TRIAL_WATCHDOG,
    .chosen = 1,
    .state = NANOOTA_TRIAL,
    .previous = 0,
    .trial_boots = 5,
    .power_blips = 6,
    .clr_slot = 7,
    .safe_mode = true,
};

static sim_flash sim;

static void put_copy(uint32_t copy, uint32_t sequence, uint8_t blips)
{
    nanoota_record record = full;
    uint8_t bytes[NANOOTA_RECORD_LENGTH];
    record.sequence = sequence;
    record.power_blips = blips;
    nanoota_record_encode(&record, bytes);
    sim_put(&sim, SIM_RECORDS + copy * NANOOTA_SECTOR_SIZE, bytes, sizeof bytes);
}

static void both_CRCs_have_their_check_values(void)
{
    const uint8_t *text = (const uint8_t *)"123456789";
    CHECK(nanoota_crc32(0, text, 9) == 0xCBF43926u, "IEEE 802.3");
    CHECK(nanoota_crc32(0, text, 0) == 0u, "empty");
    CHECK(nanoota_assembly_crc(0, text, 9) == 0x89A1897Fu, "got 0x%X", (unsigned)nanoota_assembly_crc(0, text, 9));
}

static void a_record_is_encoded_byte_by_byte_as_specified(void)
{
    static const uint8_t expected[28] = {'N', 'O', 'B', 'R', 1, 1, 2, 0, 4, 3, 2, 1, 5, 6, 7, 1, 0x72, 0x17, 0, 0,
        0x11, 0x12, 0x13, 0x14, 0x21, 0x22, 0x23, 0x24};
    uint8_t bytes[NANOOTA_RECORD_LENGTH];
    nanoota_record decoded;
    nanoota_record_encode(&full, bytes);
    CHECK(memcmp(bytes, expected, sizeof expected) == 0, "bytes 0 to 27");
    CHECK(nanoota_get_u32(bytes + 28) == nanoota_crc32(0, bytes, 28), "CRC");
    CHECK(nanoota_record_decode(bytes, &decoded), "decodes");
    CHECK(test_same(&decoded, &full) && decoded.sequence == full.sequence, "the same");
}

static void a_revert_keeps_the_CLR_slot_and_the_fingerprint_of_the_previous_slot(void)
{
    nanoota_record expected = nanoota_record_none();
    nanoota_record reverted = nanoota_record_revert(&full, 0, 6001);
    expected.state = NANOOTA_REVERTED;
    expected.reason = 6001;
    expected.clr_slot = full.clr_slot;
    expected.chosen_fingerprint = full.previous_fingerprint;
    CHECK(test_same(&reverted, &expected), "safe mode %d", reverted.safe_mode);
}

static void a_revert_to_firmware_in_safe_mode_keeps_it_there(void)
{
    nanoota_record record = full;
    nanoota_record reverted;
    record.safe_mode = NANOOTA_SAFE_PREVIOUS;
    reverted = nanoota_record_revert(&record, record.previous, 6001);
    CHECK(reverted.safe_mode == NANOOTA_SAFE_CHOSEN && reverted.chosen_fingerprint == full.previous_fingerprint, "to it");
    CHECK(reverted.previous_fingerprint == 0u, "the failed firmware has no fingerprint");
    reverted = nanoota_record_revert(&record, record.chosen, 6009);
    CHECK(reverted.safe_mode == NANOOTA_SAFE_NONE && reverted.chosen_fingerprint == 0u, "to the other");
}

static void a_record_with_any_bit_wrong_is_not_valid(void)
{
    for (unsigned bit = 0; bit < 8u * NANOOTA_RECORD_LENGTH; bit++) {
        uint8_t bytes[NANOOTA_RECORD_LENGTH];
        nanoota_record decoded;
        nanoota_record_encode(&full, bytes);
        bytes[bit / 8u] = (uint8_t)(bytes[bit / 8u] ^ 1u << bit % 8u);
        CHECK(!nanoota_record_decode(bytes, &decoded), "bit %u", bit);
    }
}

static void a_record_with_a_right_CRC_and_a_wrong_field_is_not_valid(void)
{
    /* format, chosen, state, previous, safe mode: where it is, and what is allowed */
    static const uint8_t fields[][3] = {{4, 1, 1}, {5, 1, 1}, {6, 1, 3}, {7, 0, 0}, {15, 0, 2}};
    for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++)
        for (unsigned value = 0; value < 256u; value++) {
            uint8_t bytes[NANOOTA_RECORD_LENGTH];
            nanoota_record decoded;
            bool expected = value >= fields[i][1] && value <= fields[i][2];
            nanoota_record_encode(&full, bytes);
            bytes[fields[i][0]] = (uint8_t)value;
            nanoota_put_u32(bytes + 28, nanoota_crc32(0, bytes, 28));
            CHECK(nanoota_record_decode(bytes, &decoded) == expected, "byte %d = %u", fields[i][0], value);
            CHECK(!expected || fields[i][0] != 15u || decoded.safe_mode == value, "byte 15 = %u", value);
        }
}

static void the_copy_with_the_higher_sequence_is_valid_and_A_if_they_are_equal(void)
{
    static const uint32_t cases[][3] = {
        {3, 4, 2}, {4, 3, 1}, {5, 5, 1}, {UINT32_MAX, 3, 1}, {0, UINT32_MAX, 2}, {0, 0, 1}};
    nanoota_flash port = sim_port(&sim);
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        nanoota_record loaded;
        sim_erase_all(&sim);
        put_copy(0, cases[i][0], 1);
        put_copy(1, cases[i][1], 2);
        CHECK(nanoota_record_load(&port, &loaded), "case %u", i);
        CHECK(loaded.power_blips == cases[i][2], "case %u", i);
    }
}

static void without_a_valid_copy_the_record_is_that_of_slot_0_confirmed(void)
{
    nanoota_record none = nanoota_record_none();
    nanoota_record loaded = full;
    nanoota_flash port = sim_port(&sim);
    sim_erase_all(&sim);
    CHECK(!nanoota_record_load(&port, &loaded), "a blank flash");
    CHECK(test_same(&loaded, &none) && loaded.sequence == 0u, "blank");
    CHECK(none.chosen == 0u && none.state == NANOOTA_CONFIRMED && none.clr_slot == 0xFFu, "none");
    CHECK(none.previous == 1u, "none is a valid record");
}

static void the_copies_are_written_in_turn_beginning_with_A(void)
{
    nanoota_flash port = sim_port(&sim);
    sim_erase_all(&sim);
    for (uint32_t i = 1; i <= 5u; i++) {
        nanoota_record record = full;
        CHECK(nanoota_record_save(&port, &record) && record.sequence == i, "save %u", (unsigned)i);
    }
    CHECK(sim.programs[SIM_COPY_A] == 3u && sim.programs[SIM_COPY_B] == 2u, "programs");
    CHECK(sim.erases[SIM_COPY_A] == 2u && sim.erases[SIM_COPY_B] == 1u, "erases");
    CHECK(sim.blank_erases == 0u, "a blank sector was erased");
}

static void a_dirty_byte_anywhere_in_the_sector_is_erased_first(void)
{
    nanoota_flash port = sim_port(&sim);
    for (uint32_t offset = 0; offset < NANOOTA_SECTOR_SIZE; offset++) {
        nanoota_record record = full;
        uint8_t dirt = 0xFE;
        sim_erase_all(&sim);
        sim_put(&sim, SIM_RECORDS + offset, &dirt, 1);
        CHECK(nanoota_record_save(&port, &record), "offset %u", (unsigned)offset);
        CHECK(sim.erases[SIM_COPY_A] == 1u, "offset %u", (unsigned)offset);
    }
}

static void after_two_tries_on_a_worn_or_stuck_copy_the_old_record_stays(void)
{
    nanoota_flash port = sim_port(&sim);
    for (int health = SECTOR_WORN; health <= SECTOR_STUCK; health++) {
        nanoota_record record = full;
        nanoota_record loaded;
        sim_with(&sim, &full, 0);
        sim.health[SIM_COPY_B] = (sector_health)health;
        CHECK(!nanoota_record_save(&port, &record), "health %d", health);
        CHECK(record.sequence == full.sequence, "the caller's record is as it was");
        CHECK(sim.programs[SIM_COPY_B] == 2u, "%u programs", (unsigned)sim.programs[SIM_COPY_B]);
        CHECK(nanoota_record_load(&port, &loaded) && loaded.sequence == 7u, "health %d", health);
    }
}

static void a_copy_that_does_not_erase_is_never_programmed(void)
{
    static const uint8_t dirt = 0x55;
    nanoota_flash port = sim_port(&sim);
    nanoota_record record = full;
    sim_with(&sim, &full, 0);
    sim_put(&sim, (SIM_COPY_B + 1u) * NANOOTA_SECTOR_SIZE - 1u, &dirt, 1);
    sim.health[SIM_COPY_B] = SECTOR_WORN;
    CHECK(!nanoota_record_save(&port, &record), "save");
    CHECK(sim.erases[SIM_COPY_B] == 2u, "%u erases", (unsigned)sim.erases[SIM_COPY_B]);
    CHECK(sim.programs[SIM_COPY_B] == 0u, "%u programs", (unsigned)sim.programs[SIM_COPY_B]);
}

static void nothing_is_written_while_a_copy_cannot_be_read(void)
{
    nanoota_flash port = sim_port(&sim);
    for (uint32_t copy = SIM_COPY_A; copy <= SIM_COPY_B; copy++) {
        nanoota_record record = full;
        sim_with(&sim, &full, 3);
        sim.health[copy] = SECTOR_UNREADABLE;
        CHECK(!nanoota_record_save(&port, &record), "copy %u", (unsigned)copy);
        CHECK(sim.operations == 0u, "copy %u", (unsigned)copy);
    }
}

static const test_case tests[] = {
    TEST(both_CRCs_have_their_check_values),
    TEST(a_record_is_encoded_byte_by_byte_as_specified),
    TEST(a_revert_keeps_the_CLR_slot_and_the_fingerprint_of_the_previous_slot),
    TEST(a_revert_to_firmware_in_safe_mode_keeps_it_there),
    TEST(a_record_with_any_bit_wrong_is_not_valid),
    TEST(a_record_with_a_right_CRC_and_a_wrong_field_is_not_valid),
    TEST(the_copy_with_the_higher_sequence_is_valid_and_A_if_they_are_equal),
    TEST(without_a_valid_copy_the_record_is_that_of_slot_0_confirmed),
    TEST(the_copies_are_written_in_turn_beginning_with_A),
    TEST(a_dirty_byte_anywhere_in_the_sector_is_erased_first),
    TEST(after_two_tries_on_a_worn_or_stuck_copy_the_old_record_stays),
    TEST(a_copy_that_does_not_erase_is_never_programmed),
    TEST(nothing_is_written_while_a_copy_cannot_be_read),
};

SUITE(record_tests, tests);
