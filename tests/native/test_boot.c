/* The rules at boot, row by row (SPEC.md, section 5.1). */
#include "nanoota_bytes.h"
#include "test.h"

#include <string.h>

#define LAST_RESET 20 /* beyond the last reset reason of ESP-IDF */

static sim_flash sim;
static nanoota_flash port;
static nanoota_run run;

static void boot(int32_t reset, uint8_t clr_slot)
{
    port = sim_port(&sim);
    test_boot(&run, &port, reset, clr_slot);
}

static void boot_with(const nanoota_record *record, uint32_t slots, int32_t reset)
{
    sim_with(&sim, record, slots);
    boot(reset, 0);
}

/* Whether the record of the boot is in flash, and equal to this one. */
static bool is_stored(const nanoota_record *expected)
{
    nanoota_record stored;
    return nanoota_record_load(&port, &stored) && stored.sequence == run.record.sequence && test_same(&stored, expected)
        && test_same(&run.record, expected) && run.saved;
}

/* Slot 0 or 1 after the other one failed; written out instead of computed by the core under test. */
static nanoota_record reverted(uint8_t slot, uint16_t reason)
{
    nanoota_record record = nanoota_record_none();
    record.state = NANOOTA_REVERTED;
    record.chosen = slot;
    record.previous = slot == 0u ? 1u : 0u;
    record.reason = reason;
    return record;
}

/* With the fingerprint of the one header that sim_with puts into a slot. */
static nanoota_record in_safe_mode(nanoota_record record)
{
    uint8_t header[124];
    sim_header(header, 128);
    record.safe_mode = true;
    record.chosen_fingerprint = nanoota_crc32(0, header, sizeof header);
    return record;
}

static void without_a_record_slot_0_boots_as_confirmed_and_nothing_is_written(void)
{
    for (int32_t reset = -1; reset <= LAST_RESET; reset++) {
        boot_with(NULL, 3, reset);
        CHECK(run.slot == 0u && run.record.state == NANOOTA_CONFIRMED, "reset %d", (int)reset);
        CHECK(sim.operations == 0u && run.action == NANOOTA_DID_NOTHING, "reset %d", (int)reset);
    }
}

static void outside_a_trial_no_reset_changes_anything(void)
{
    for (int32_t reset = -1; reset <= LAST_RESET; reset++)
        for (int state = NANOOTA_CONFIRMED; state <= NANOOTA_REVERTED; state += 2) {
            nanoota_record record = test_record(state);
            record.clr_slot = 3;
            boot_with(&record, 3, reset);
            CHECK(run.slot == 1u && test_same(&run.record, &record), "reset %d, state %d", (int)reset, state);
            CHECK(sim.operations == 0u && run.action == NANOOTA_DID_NOTHING, "reset %d, state %d", (int)reset, state);
        }
}

static void the_first_boot_of_a_trial_is_counted_after_any_reset(void)
{
    for (int32_t reset = -1; reset <= LAST_RESET; reset++) {
        nanoota_record before = test_trial(0, 0);
        nanoota_record after = test_trial(1, 0);
        boot_with(&before, 3, reset);
        CHECK(run.slot == 1u && run.action == NANOOTA_BEGAN_TRIAL, "reset %d", (int)reset);
        CHECK(is_stored(&after), "reset %d", (int)reset);
    }
}

/* The rules 2c and 2d once more, written as a table: reason of the revert by reset reason, 0 for a blip. */
static uint16_t expected_reason(int32_t reset)
{
    static const uint16_t reasons[] = {0, 0, 0, 6003, 6001, 6002, 6002, 6002, 0, 0, 0, 0, 0, 0, 0, 6001};
    return reset >= 0 && reset <= 15 ? reasons[reset] : 0u;
}

static void check_trial(uint8_t boots, uint8_t blips, int32_t reset)
{
    nanoota_record before = test_trial(boots, blips);
    uint16_t reason = boots == 0u ? 0u : expected_reason(reset);
    nanoota_record after = test_trial(boots == UINT8_MAX ? UINT8_MAX : (uint8_t)(boots + 1), blips);
    if (boots != 0u && reason == 0u && blips >= 5u) reason = 6006;
    if (boots != 0u) after.power_blips++;
    if (reason != 0u) after = reverted(0, reason);
    boot_with(&before, 3, reset);
    CHECK(run.slot == (reason != 0u ? 0u : 1u), "boots %d, blips %d, reset %d", boots, blips, (int)reset);
    CHECK(is_stored(&after), "boots %d, blips %d, reset %d", boots, blips, (int)reset);
}

static void in_a_trial_the_reset_reason_the_boots_and_the_blips_decide_as_specified(void)
{
    static const uint8_t blips[] = {0, 1, 4, 5, 6, 254, 255};
    for (uint32_t boots = 0; boots <= UINT8_MAX; boots++)
        for (uint32_t i = 0; i < sizeof blips; i++)
            for (int32_t reset = -1; reset <= LAST_RESET && !test_has_failed(); reset++)
                check_trial((uint8_t)boots, blips[i], reset);
}

static void five_blips_are_allowed_and_the_sixth_ends_the_trial(void)
{
    nanoota_record before = test_trial(0, 0);
    nanoota_record last = reverted(0, NANOOTA_TOO_MANY_BLIPS);
    boot_with(&before, 3, 1);
    for (uint8_t blip = 1; blip <= 5; blip++) {
        nanoota_record expected = test_trial((uint8_t)(1 + blip), blip);
        boot(9, 0);
        CHECK(run.slot == 1u && run.action == NANOOTA_COUNTED_BLIP && is_stored(&expected), "blip %d", blip);
    }
    boot(9, 0);
    CHECK(run.slot == 0u && run.action == NANOOTA_REVERTED_TRIAL && is_stored(&last), "the sixth");
}

static void an_app_for_another_runtime_slot_is_reverted_before_its_first_boot(void)
{
    nanoota_record before = test_trial(0, 0);
    before.clr_slot = 1;
    boot_with(&before, 3, 3);
    CHECK(run.slot == 0u && run.record.reason == NANOOTA_WRONG_RUNTIME_SLOT, "CLR slot 0 runs");
    CHECK(run.record.clr_slot == 1u, "the CLR slot is kept");
    sim_with(&sim, &before, 3);
    boot(3, 1);
    CHECK(run.slot == 1u && run.action == NANOOTA_BEGAN_TRIAL, "CLR slot 1 runs");
}

static void if_the_chosen_slot_has_no_assembly_the_other_slot_boots(void)
{
    for (int state = NANOOTA_CONFIRMED; state <= NANOOTA_REVERTED; state++) {
        nanoota_record before = test_record(state);
        nanoota_record after = in_safe_mode(reverted(0, NANOOTA_SLOT_NOT_BOOTABLE));
        boot_with(&before, 1, 1);
        CHECK(run.slot == 0u && is_stored(&after), "state %d", state);
    }
}

static void without_a_record_slot_1_boots_if_slot_0_is_blank(void)
{
    nanoota_record after = reverted(1, NANOOTA_SLOT_NOT_BOOTABLE);
    boot_with(NULL, 2, 1);
    CHECK(run.slot == 1u && is_stored(&after), "slot %d", run.slot);
}

static void with_two_blank_slots_nothing_boots_and_nothing_is_written(void)
{
    for (int32_t reset = -1; reset <= LAST_RESET; reset++)
        for (int state = NANOOTA_CONFIRMED; state <= NANOOTA_REVERTED; state++) {
            nanoota_record record = test_record(state);
            boot_with(state == NANOOTA_CONFIRMED ? NULL : &record, 0, reset);
            CHECK(run.slot == NANOOTA_NO_SLOT && sim.operations == 0u, "reset %d, state %d", (int)reset, state);
        }
}

static void a_flash_with_wrong_sizes_boots_nothing_and_is_not_written(void)
{
    static const uint32_t sizes[][3] = { /* slot 0, slot 1, records */
        {0, 0, 0x12000}, {0x2000, 0x1000, 0x12000}, {0x1800, 0x1800, 0x12000},
        {0x2000, 0x2000, 0x11000}, {0x2000, 0x2000, 0}, {0x80000000u, 0x80000000u, 0x12000},
    };
    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        nanoota_record record = test_trial(1, 0);
        sim_with(&sim, &record, 3);
        memcpy(sim.slot_sizes, sizes[i], sizeof sim.slot_sizes);
        sim.records_size = sizes[i][2];
        boot(4, 0);
        CHECK(run.slot == NANOOTA_NO_SLOT && sim.operations == 0u, "case %u", i);
    }
}

static void a_trial_that_cannot_be_counted_does_not_boot(void)
{
    for (uint8_t boots = 0; boots < 3; boots++)
        for (int health = SECTOR_WORN; health <= SECTOR_UNREADABLE; health++) {
            nanoota_record before = test_trial(boots, 0);
            sim_with(&sim, &before, 3);
            sim.health[SIM_COPY_B] = (sector_health)health;
            for (int i = 0; i < 3; i++) {
                boot(1, 0);
                CHECK(run.slot == 0u && !run.saved, "health %d", health);
                CHECK(run.record.state == NANOOTA_REVERTED, "health %d", health);
                CHECK(run.record.reason == NANOOTA_BOOT_RECORD_FAILED, "health %d", health);
            }
        }
}

static void a_failed_trial_does_not_boot_even_if_the_revert_cannot_be_written(void)
{
    nanoota_record before = test_trial(1, 0);
    sim_with(&sim, &before, 3);
    sim.health[SIM_COPY_B] = SECTOR_STUCK;
    boot(4, 0);
    CHECK(run.slot == 0u && !run.saved && run.record.reason == NANOOTA_TRIAL_PANIC, "slot %d", run.slot);
}

static void if_the_chosen_slot_cannot_be_read_the_other_slot_boots(void)
{
    nanoota_record before = test_record(NANOOTA_CONFIRMED);
    nanoota_record after = in_safe_mode(reverted(0, NANOOTA_SLOT_NOT_BOOTABLE));
    sim_with(&sim, &before, 3);
    sim.health[SIM_SLOT_SIZE / NANOOTA_SECTOR_SIZE] = SECTOR_UNREADABLE;
    boot(1, 0);
    CHECK(run.slot == 0u && is_stored(&after), "slot %d", run.slot);
}

static const test_case tests[] = {
    TEST(without_a_record_slot_0_boots_as_confirmed_and_nothing_is_written),
    TEST(outside_a_trial_no_reset_changes_anything),
    TEST(the_first_boot_of_a_trial_is_counted_after_any_reset),
    TEST(in_a_trial_the_reset_reason_the_boots_and_the_blips_decide_as_specified),
    TEST(five_blips_are_allowed_and_the_sixth_ends_the_trial),
    TEST(an_app_for_another_runtime_slot_is_reverted_before_its_first_boot),
    TEST(if_the_chosen_slot_has_no_assembly_the_other_slot_boots),
    TEST(without_a_record_slot_1_boots_if_slot_0_is_blank),
    TEST(with_two_blank_slots_nothing_boots_and_nothing_is_written),
    TEST(a_flash_with_wrong_sizes_boots_nothing_and_is_not_written),
    TEST(a_trial_that_cannot_be_counted_does_not_boot),
    TEST(a_failed_trial_does_not_boot_even_if_the_revert_cannot_be_written),
    TEST(if_the_chosen_slot_cannot_be_read_the_other_slot_boots),
};

SUITE(boot_tests, tests);
