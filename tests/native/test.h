/* A test is a function whose name is a sentence. The first check that fails ends it. */
#ifndef TEST_H
#define TEST_H

#include "sim_flash.h"

typedef struct {
    const char *name;
    void (*run)(void);
} test_case;

typedef struct {
    const test_case *tests;
    uint32_t count;
} test_suite;

#define TEST(function) {#function, function}
#define SUITE(name, list) const test_suite name = {list, (uint32_t)(sizeof(list) / sizeof((list)[0]))}

/* Ends the test as failed; the text identifies the case. */
#define CHECK(condition, ...)                                               \
    do {                                                                    \
        if (!(condition)) {                                                 \
            test_fail(__FILE__, __LINE__, #condition, __VA_ARGS__);         \
            return;                                                         \
        }                                                                   \
    } while (0)

void test_fail(const char *file, int line, const char *condition, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Whether the test that runs has failed; loops over cases end then. */
bool test_has_failed(void);

/* Seed of this run: NANOOTA_SEED, or the time. */
uint32_t test_seed(void);

/* Slot 1 on trial, slot 0 before it. */
nanoota_record test_trial(uint8_t boots, uint8_t blips);

/* As test_trial, in another state. */
nanoota_record test_record(int state);

/* The same of either slot. */
nanoota_record test_record_of(uint8_t slot, int state);

/* Puts whole images into both slots, and this record of them, with their fingerprints, as copy A with sequence 7. */
#define TEST_FILL 1u
nanoota_record test_put_known(sim_flash *sim, nanoota_record record);

#define TEST_CRASH_LIMIT 5u
#define TEST_TRIAL_MS 420000u

/* Retained memory after firmware that has called the module; all else is zero. */
void test_forget(uint8_t memory[NANOOTA_RETAINED_LENGTH]);

/* Boots after a reset that left this retained memory, with the two limits above; then the firmware calls the module. */
void test_boot_retaining(
    nanoota_run *run, const nanoota_flash *flash, int32_t reset_reason, uint8_t memory[NANOOTA_RETAINED_LENGTH]);

/* The same after a reset of firmware that has called the module. */
void test_boot(nanoota_run *run, const nanoota_flash *flash, int32_t reset_reason, uint8_t clr_slot);

/* Whether two records are the same but for the sequence. */
bool test_same(const nanoota_record *a, const nanoota_record *b);

/* The suites of a program: suites.c, or glue/glue_suites.cpp. Ends with NULL. */
extern const test_suite *const test_suites[];

extern const test_suite record_tests;
extern const test_suite retained_tests;
extern const test_suite assembly_tests;
extern const test_suite boot_tests;
extern const test_suite cable_tests;
extern const test_suite crash_tests;
extern const test_suite failure_loop_tests;
extern const test_suite silent_tests;
extern const test_suite damaged_previous_tests;
extern const test_suite damaged_record_tests;
extern const test_suite last_resort_tests;
extern const test_suite sleep_tests;
extern const test_suite call_tests;
extern const test_suite reject_confirmed_tests;
extern const test_suite overwritten_trial_tests;
extern const test_suite power_cut_tests;
extern const test_suite revert_cut_tests;
extern const test_suite area_tests;
extern const test_suite runtime_tests;
extern const test_suite interop_tests;

#endif
