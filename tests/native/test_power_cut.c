/* Power fails at each operation of each change of the boot record, and again while the next boot recovers. */
#include "nanoota_assembly.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#define SEEDS 200u

typedef enum { BOOT, ACTIVATE, CONFIRM, REJECT } call;

typedef struct {
    const char *name;
    bool has_record;
    uint8_t state;
    uint8_t boots;
    uint8_t blips;
    uint8_t cable; /* slots whose recorded fingerprint is that of another image */
    uint32_t slots;
    int32_t reset;
    call then;
} change;

static const change changes[] = {
    {"first activation", false, 0, 0, 0, 0, 3, 1, ACTIVATE},
    {"later activation", true, NANOOTA_CONFIRMED, 0, 0, 0, 3, 1, ACTIVATE},
    {"first boot of a trial", true, NANOOTA_TRIAL, 0, 0, 0, 3, 3, BOOT},
    {"blip", true, NANOOTA_TRIAL, 1, 0, 0, 3, 1, BOOT},
    {"too many blips", true, NANOOTA_TRIAL, 6, 5, 0, 3, 1, BOOT},
    {"software reset", true, NANOOTA_TRIAL, 1, 0, 0, 3, 3, BOOT},
    {"panic", true, NANOOTA_TRIAL, 1, 0, 0, 3, 4, BOOT},
    {"watchdog", true, NANOOTA_TRIAL, 1, 0, 0, 3, 7, BOOT},
    {"blip and confirmation", true, NANOOTA_TRIAL, 1, 0, 0, 3, 1, CONFIRM},
    {"blip and rejection", true, NANOOTA_TRIAL, 1, 0, 0, 3, 1, REJECT},
    {"acknowledged revert", true, NANOOTA_REVERTED, 1, 0, 0, 3, 1, CONFIRM},
    {"chosen slot gone", true, NANOOTA_TRIAL, 1, 0, 0, 1, 1, BOOT},
    {"slot 0 gone without a record", false, 0, 0, 0, 0, 2, 1, BOOT},
    {"previous slot gone", true, NANOOTA_TRIAL, 1, 0, 0, 2, 4, BOOT},
    {"cable into the chosen slot before the trial", true, NANOOTA_TRIAL, 0, 0, 2, 3, 3, BOOT},
    {"cable into the chosen slot", true, NANOOTA_TRIAL, 3, 2, 2, 3, 4, BOOT},
    {"cable into the previous slot", true, NANOOTA_TRIAL, 1, 5, 1, 3, 1, BOOT},
    {"cable into both slots", true, NANOOTA_TRIAL, 1, 0, 3, 3, 7, BOOT},
    {"cable, acknowledged", true, NANOOTA_TRIAL, 1, 0, 1, 3, 1, CONFIRM},
};

static sim_flash sim;
static sim_flash start;
static sim_flash left;
static nanoota_flash port;
static char id[160];
static uint8_t cable; /* of the current change */

static void perform(const change *what)
{
    nanoota_run run;
    test_boot(&run, &port, what->reset, 0);
    if (what->then == ACTIVATE) (void)nanoota_activate(&run);
    if (what->then == CONFIRM) (void)nanoota_confirm(&run);
    if (what->then == REJECT) (void)nanoota_reject(&run, 6004);
}

/* Sequence of the valid record after so many operations of a change from the start; 0 for none. */
static uint32_t sequence_now(void)
{
    nanoota_record record = nanoota_record_none();
    (void)nanoota_record_load(&port, &record);
    return record.sequence;
}

static uint32_t sequence_after(const change *what, uint32_t operations)
{
    sim = start;
    sim_arm(&sim, operations, operations == 0u ? CUT_NONE : CUT_AFTER, 0);
    if (operations != 0u) perform(what);
    sim_power_on(&sim);
    return sequence_now();
}

static void check_boots(const char *when)
{
    nanoota_run run;
    test_boot(&run, &port, 1, 0);
    CHECK(run.slot <= 1u && nanoota_is_plausible(&port, run.slot), "%s %s", id, when);
    CHECK(run.saved, "%s %s", id, when);
    if (cable != 0u) CHECK(run.slot == (cable == 1u ? 0u : 1u), "%s %s: slot %d", id, when, run.slot);
    if (cable != 0u) CHECK(run.record.reason == NANOOTA_CABLE_DEPLOYMENT, "%s %s: %d", id, when, run.record.reason);
}

/* The next power-on boots, and so does the one after it if power fails in its record write too. */
static void check_recovery(void)
{
    uint32_t operations;
    left = sim;
    sim_arm(&sim, 0, CUT_NONE, 0);
    check_boots("at the next boot");
    operations = sim.operations;
    for (uint32_t number = 1; number <= operations && !test_has_failed(); number++)
        for (int moment = CUT_BEFORE; moment <= CUT_AFTER; moment++) {
            nanoota_run run;
            sim = left;
            sim_arm(&sim, number, (cut_moment)moment, test_seed() + number);
            test_boot(&run, &port, 1, 0);
            CHECK(sim.fired, "%s, again at %u", id, (unsigned)number);
            sim_power_on(&sim);
            check_boots("after a second cut");
        }
}

static bool only_the_record_changed(void)
{
    uint32_t behind = SIM_RECORDS + NANOOTA_JOURNAL;
    return memcmp(sim.cells, start.cells, SIM_RECORDS) == 0
        && memcmp(sim.cells + behind, start.cells + behind, SIM_SIZE - behind) == 0;
}

/* Power is cut in a change; `sequences` are those of the record before and after the operation. */
static void check_cut(const change *what, const sim_flash *armed, const uint32_t sequences[2])
{
    uint32_t sequence;
    sim = *armed;
    perform(what);
    CHECK(sim.fired, "%s", id);
    sim_power_on(&sim);
    sequence = sequence_now();
    CHECK(sequence == sequences[0] || sequence == sequences[1], "%s: sequence %u", id, (unsigned)sequence);
    CHECK(only_the_record_changed(), "%s", id);
    check_recovery();
}

static void check_cuts_at(const change *what, uint32_t number)
{
    static const char *const names[] = {"", "before", "torn", "after"};
    static sim_flash armed;
    uint32_t sequences[2] = {sequence_after(what, number - 1u), sequence_after(what, number)};
    for (int moment = CUT_BEFORE; moment <= CUT_AFTER; moment++)
        for (uint32_t i = 0; i < (moment == CUT_TORN ? SEEDS : 1u) && !test_has_failed(); i++) {
            (void)snprintf(id, sizeof id, "%s, operation %u, %s, seed %u", what->name, (unsigned)number, names[moment],
                (unsigned)(test_seed() + i));
            armed = start;
            sim_arm(&armed, number, (cut_moment)moment, test_seed() + i);
            check_cut(what, &armed, sequences);
        }
}

/* The copies may be blank, or hold older records that have to be erased first. */
static void prepare(const change *what, bool used)
{
    nanoota_record record = test_record(what->state);
    record.trial_boots = what->boots;
    record.power_blips = what->blips;
    cable = what->cable;
    record.chosen_fingerprint = (cable & 2u) != 0u;
    record.previous_fingerprint = cable & 1u;
    sim_with(&sim, what->has_record ? &record : NULL, what->slots);
    for (uint32_t slot = 0; slot < 2u; slot++)
        if ((cable & 1u << slot) != 0u) (void)sim_put_assembly(&sim, slot * SIM_SLOT_SIZE, 200u + slot, 7);
    if (used) {
        uint8_t bytes[NANOOTA_RECORD_LENGTH];
        nanoota_record older = nanoota_record_none();
        older.sequence = 6;
        nanoota_record_encode(&older, bytes);
        if (!what->has_record) bytes[0] = 0; /* dirt */
        sim_put(&sim, SIM_RECORDS + NANOOTA_SECTOR_SIZE, bytes, sizeof bytes);
        if (!what->has_record) sim_put(&sim, SIM_RECORDS, bytes, sizeof bytes);
    }
    start = sim;
}

static void check_change(const change *what, bool used)
{
    uint32_t operations;
    prepare(what, used);
    perform(what);
    operations = sim.operations;
    CHECK(operations >= (used ? 2u : 1u), "%s writes nothing", what->name);
    for (uint32_t number = 1; number <= operations && !test_has_failed(); number++) check_cuts_at(what, number);
}

static void a_cut_anywhere_leaves_the_old_or_the_new_record_and_a_slot_that_boots(void)
{
    port = sim_port(&sim);
    for (uint32_t i = 0; i < sizeof changes / sizeof changes[0] && !test_has_failed(); i++) {
        check_change(&changes[i], false);
        if (!test_has_failed()) check_change(&changes[i], true);
    }
}

static void a_cut_in_every_blip_of_a_trial_never_boots_it_uncounted(void)
{
    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        nanoota_record trial = test_trial(0, 0);
        nanoota_run run;
        uint32_t boots = 0;
        port = sim_port(&sim);
        sim_with(&sim, &trial, 3);
        for (uint32_t i = 0; i < 100u; i++) {
            uint32_t state = seed * 1000u + i;
            sim_arm(&sim, 1u + sim_random(&state) % 3u, CUT_TORN, test_seed() + state);
            test_boot(&run, &port, 1, 0);
            if (run.slot == 1u && sim.powered) boots++;
            sim_power_on(&sim);
        }
        CHECK(boots <= 6u && run.slot == 0u, "seed %u: %u boots", (unsigned)(test_seed() + seed), (unsigned)boots);
    }
}

static const test_case tests[] = {
    TEST(a_cut_anywhere_leaves_the_old_or_the_new_record_and_a_slot_that_boots),
    TEST(a_cut_in_every_blip_of_a_trial_never_boots_it_uncounted),
};

SUITE(power_cut_tests, tests);
