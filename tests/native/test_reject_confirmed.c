/* Confirmed firmware that is rejected by command (SPEC.md, section 5.1: reject). */
#include "nanoota_area.h"
#include "nanoota_assembly.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#define REASON 6013
#define NEW 2u /* fill of an image that is not in the record */
#define SEEDS 100u

static sim_flash sim;
static sim_flash start;
static nanoota_flash port;
static nanoota_run run;
static uint8_t memory[NANOOTA_RETAINED_LENGTH];

static void boot(int32_t reason)
{
    port = sim_port(&sim);
    test_boot_retaining(&run, &port, reason, memory);
}

static void put_copy(uint32_t copy, nanoota_record record, uint32_t sequence)
{
    uint8_t bytes[NANOOTA_RECORD_LENGTH];
    record.sequence = sequence;
    nanoota_record_encode(&record, bytes);
    sim_put(&sim, SIM_RECORDS + copy * NANOOTA_SECTOR_SIZE, bytes, sizeof bytes);
}

/* One slot confirmed after a trial, the other as it was before; whole images in both. */
static nanoota_record begin(uint8_t slot)
{
    test_forget(memory);
    return test_put_known(&sim, test_record_of(slot, NANOOTA_CONFIRMED));
}

static bool is_refused(void)
{
    start = sim;
    return nanoota_reject(&run, REASON) == NANOOTA_REFUSED && nanoota_state(&run) == NANOOTA_CONFIRMED
        && sim.operations == start.operations && memcmp(sim.cells, start.cells, sizeof sim.cells) == 0;
}

static void the_previous_firmware_boots_as_reverted_with_the_reason(void)
{
    for (uint8_t slot = 0; slot < 2u; slot++) {
        nanoota_record expected = nanoota_record_none();
        nanoota_record stored;
        expected.chosen_fingerprint = begin(slot).previous_fingerprint;
        expected.chosen = 1u - slot;
        expected.previous = slot;
        expected.state = NANOOTA_REVERTED;
        expected.reason = REASON;
        boot(NANOOTA_RESET_POWER_ON);
        CHECK(run.slot == slot && nanoota_reject(&run, REASON) == NANOOTA_OK, "slot %d", slot);
        CHECK(nanoota_record_load(&port, &stored) && test_same(&stored, &expected), "slot %d", slot);
        CHECK(nanoota_state(&run) == NANOOTA_ACTIVATED && !nanoota_may_write_inactive(&run), "slot %d", slot);
        CHECK(nanoota_reject(&run, REASON) == NANOOTA_REFUSED && nanoota_confirm(&run) == NANOOTA_REFUSED, "slot %d: once", slot);
        boot(NANOOTA_RESET_SOFTWARE);
        CHECK(run.slot == 1u - slot && nanoota_state(&run) == NANOOTA_REVERTED && !run.safe_mode, "slot %d: boots %d", slot, run.slot);
        CHECK(nanoota_value(&run, NANOOTA_VALUE_REVERT_REASON) == REASON, "slot %d", slot);
        CHECK(nanoota_confirm(&run) == NANOOTA_OK && nanoota_may_write_inactive(&run), "slot %d: acknowledged", slot);
        CHECK(nanoota_reject(&run, REASON) == NANOOTA_REFUSED, "slot %d: no previous firmware is recorded", slot);
    }
}

static void an_update_that_was_activated_and_confirmed_is_rejected(void)
{
    (void)begin(1);
    sim_put_image(&sim, 0, NEW);
    boot(NANOOTA_RESET_POWER_ON);
    CHECK(nanoota_activate(&run) == NANOOTA_OK, "activate");
    boot(NANOOTA_RESET_SOFTWARE);
    CHECK(nanoota_confirm(&run) == NANOOTA_OK, "confirm");
    CHECK(nanoota_reject(&run, REASON) == NANOOTA_OK, "in the boot of its trial");
    boot(NANOOTA_RESET_DEEP_SLEEP);
    CHECK(run.slot == 1u && run.record.reason == REASON, "slot %d", run.slot);
}

/* Each leaves a confirmed record that must not be reverted. */
static void damage(int how, nanoota_record record)
{
    if (how == 0) sim.cells[SIM_IMAGE_GAP - 1u] = 0;            /* the last byte of the second body is damaged */
    if (how == 1) sim.cells[SIM_IMAGE_SIZE - 1u] = 0xAA;        /* the last byte of all */
    if (how == 2) memset(sim.cells, 0xFF, NANOOTA_SECTOR_SIZE); /* an update has begun to be staged there */
    if (how == 3) sim_put_image(&sim, 0, NEW);                  /* one is staged */
    if (how == 4) sim_put_image(&sim, 1, NEW);                  /* another image was deployed by cable into the slot that runs */
    if (how == 5) record.previous_fingerprint = 0;              /* the previous firmware is not recorded */
    if (how == 6) record.chosen_fingerprint = 0;
    if (how == 7) record.safe_mode = NANOOTA_SAFE_PREVIOUS;     /* the previous firmware was never proven */
    if (how == 8) sim.health[0] = SECTOR_UNREADABLE;
    put_copy(0, record, 7);
}

static void without_a_proven_previous_slot_it_is_refused(void)
{
    for (int how = 0; how <= 8; how++) {
        nanoota_record record = begin(1);
        port = sim_port(&sim);
        damage(how, record);
        boot(NANOOTA_RESET_POWER_ON);
        CHECK(run.slot == 1u && is_refused(), "case %d", how);
    }
}

static void damage_after_the_boot_is_detected_too(void)
{
    (void)begin(1);
    boot(NANOOTA_RESET_POWER_ON);
    sim.cells[SIM_IMAGE_GAP - 1u] ^= 1u;
    CHECK(is_refused(), "damaged");
    sim.cells[SIM_IMAGE_GAP - 1u] ^= 1u;
    CHECK(nanoota_area_erase(&run, NANOOTA_AREA_INACTIVE_SLOT, 0) == NANOOTA_OK && is_refused(), "staged over");
}

static void without_a_record_or_after_a_revert_it_is_refused(void)
{
    nanoota_record record = begin(1);
    memset(sim.cells + SIM_RECORDS, 0xFF, NANOOTA_SECTOR_SIZE);
    boot(NANOOTA_RESET_POWER_ON);
    CHECK(run.slot == 0u && is_refused(), "no record");
    record.state = NANOOTA_REVERTED;
    put_copy(0, record, 7);
    boot(NANOOTA_RESET_POWER_ON);
    CHECK(nanoota_state(&run) == NANOOTA_REVERTED && nanoota_reject(&run, REASON) == NANOOTA_REFUSED, "not yet acknowledged");
}

/* Otherwise the loss of the copy with the revert would leave that trial as the record. */
static void while_the_older_copy_of_the_record_is_a_trial_it_is_refused(void)
{
    for (int health = SECTOR_WORN; health <= SECTOR_UNREADABLE; health++) {
        nanoota_record record = begin(1);
        nanoota_record trial = record;
        trial.state = NANOOTA_TRIAL;
        put_copy(1, trial, 6);
        sim.health[SIM_COPY_B] = (sector_health)health;
        boot(NANOOTA_RESET_POWER_ON);
        sim.health[SIM_COPY_B] = SECTOR_GOOD;
        CHECK(!run.saved && is_refused(), "health %d", health);
    }
}

static void a_flash_failure_returns_failed_and_keeps_the_state(void)
{
    for (int health = SECTOR_WORN; health <= SECTOR_UNREADABLE; health++) {
        (void)begin(1);
        boot(NANOOTA_RESET_POWER_ON);
        sim.health[SIM_COPY_B] = (sector_health)health;
        CHECK(nanoota_reject(&run, REASON) == NANOOTA_FAILED, "health %d", health);
        CHECK(nanoota_state(&run) == NANOOTA_CONFIRMED && !nanoota_may_write_inactive(&run), "health %d", health);
        sim.health[SIM_COPY_B] = SECTOR_GOOD;
        boot(NANOOTA_RESET_SOFTWARE);
        CHECK(run.slot == 1u && nanoota_may_write_inactive(&run), "health %d", health);
    }
}

/* Reads one byte of copy B's record wrong. */
static bool read_wrong_byte(void *context, nanoota_region region, uint32_t offset, void *buffer, uint32_t count)
{
    if (!sim_port(&sim).read(context, region, offset, buffer, count)) return false;
    if (region == NANOOTA_RECORDS && offset == NANOOTA_SECTOR_SIZE && count == NANOOTA_RECORD_LENGTH) ((uint8_t *)buffer)[0] ^= 1u;
    return true;
}

/* A release that was staged meanwhile would boot without a trial, in place of the previous firmware. */
static void after_a_revert_that_was_not_read_back_nothing_is_staged_over_its_slot(void)
{
    (void)begin(1);
    boot(NANOOTA_RESET_POWER_ON);
    port.read = read_wrong_byte;
    CHECK(nanoota_reject(&run, REASON) == NANOOTA_FAILED && nanoota_state(&run) == NANOOTA_CONFIRMED, "reject");
    CHECK(nanoota_area_erase(&run, NANOOTA_AREA_INACTIVE_SLOT, 0) == NANOOTA_REFUSED, "stage");
    boot(NANOOTA_RESET_POWER_ON);
    CHECK(run.slot == 0u && run.record.reason == REASON, "slot %d, reason %d", run.slot, run.record.reason);
}

static void an_activation_that_was_not_read_back_can_be_retried_but_not_staged_over(void)
{
    (void)begin(1);
    sim_put_image(&sim, 0, NEW);
    boot(NANOOTA_RESET_POWER_ON);
    port.read = read_wrong_byte;
    CHECK(nanoota_activate(&run) == NANOOTA_FAILED && !nanoota_may_write_inactive(&run), "not read back");
    port = sim_port(&sim);
    CHECK(nanoota_activate(&run) == NANOOTA_OK && nanoota_state(&run) == NANOOTA_ACTIVATED, "again");
}

static void firmware_in_safe_mode_after_hangs_can_be_rejected(void)
{
    (void)begin(1);
    for (int i = 0; i < 5; i++) boot(NANOOTA_RESET_OTHER_WATCHDOG);
    CHECK(run.slot == 1u && run.safe_mode, "safe mode");
    CHECK(nanoota_reject(&run, REASON) == NANOOTA_OK, "rejected");
    boot(NANOOTA_RESET_SOFTWARE);
    CHECK(run.slot == 0u && !run.safe_mode && nanoota_value(&run, NANOOTA_VALUE_CRASHES) == 0, "slot %d", run.slot);
}

static void check_cut(const nanoota_record *record, uint32_t number, int moment, uint32_t seed)
{
    nanoota_record left;
    sim = start;
    boot(NANOOTA_RESET_POWER_ON);
    sim_arm(&sim, number, (cut_moment)moment, seed);
    (void)nanoota_reject(&run, REASON);
    CHECK(sim.fired, "operation %u, moment %d", (unsigned)number, moment);
    sim_power_on(&sim);
    sim_arm(&sim, 0, CUT_NONE, 0);
    memset(memory, 0x5A, sizeof memory);
    boot(NANOOTA_RESET_POWER_ON);
    CHECK(nanoota_record_load(&port, &left) && run.saved && !run.safe_mode, "operation %u, moment %d, seed %u", (unsigned)number,
        moment, (unsigned)seed);
    if (run.slot == 0u)
        CHECK(left.state == NANOOTA_REVERTED && left.reason == REASON, "operation %u, moment %d, seed %u", (unsigned)number, moment,
            (unsigned)seed);
    else
        CHECK(test_same(&left, record), "operation %u, moment %d, seed %u", (unsigned)number, moment, (unsigned)seed);
}

static void a_cut_anywhere_leaves_the_confirmed_record_or_the_revert(void)
{
    for (int used = 0; used < 2; used++) {
        nanoota_record record = begin(1);
        if (used == 1) put_copy(1, nanoota_record_none(), 6);
        start = sim;
        boot(NANOOTA_RESET_POWER_ON);
        CHECK(nanoota_reject(&run, REASON) == NANOOTA_OK && sim.operations == 1u + (unsigned)used, "%u", (unsigned)sim.operations);
        for (uint32_t number = 1; number <= 1u + (unsigned)used; number++)
            for (int moment = CUT_BEFORE; moment <= CUT_AFTER; moment++)
                for (uint32_t seed = 0; seed < SEEDS && !test_has_failed(); seed++)
                    check_cut(&record, number, moment, test_seed() + seed);
    }
}

static const test_case tests[] = {
    TEST(the_previous_firmware_boots_as_reverted_with_the_reason),
    TEST(an_update_that_was_activated_and_confirmed_is_rejected),
    TEST(without_a_proven_previous_slot_it_is_refused),
    TEST(damage_after_the_boot_is_detected_too),
    TEST(without_a_record_or_after_a_revert_it_is_refused),
    TEST(while_the_older_copy_of_the_record_is_a_trial_it_is_refused),
    TEST(a_flash_failure_returns_failed_and_keeps_the_state),
    TEST(after_a_revert_that_was_not_read_back_nothing_is_staged_over_its_slot),
    TEST(an_activation_that_was_not_read_back_can_be_retried_but_not_staged_over),
    TEST(firmware_in_safe_mode_after_hangs_can_be_rejected),
    TEST(a_cut_anywhere_leaves_the_confirmed_record_or_the_revert),
};

SUITE(reject_confirmed_tests, tests);
