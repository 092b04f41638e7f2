#include "nanoota_assembly.h"
#include "test.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool failed;
static uint32_t seed;

void test_fail(const char *file, int line, const char *condition, const char *format, ...)
{
    va_list arguments;
    failed = true;
    (void)printf("    %s:%d: not true: %s: ", file, line, condition);
    va_start(arguments, format);
    (void)vprintf(format, arguments);
    va_end(arguments);
    (void)printf("\n");
}

bool test_has_failed(void)
{
    return failed;
}

uint32_t test_seed(void)
{
    return seed;
}

nanoota_record test_trial(uint8_t boots, uint8_t blips)
{
    nanoota_record record = test_record(NANOOTA_TRIAL);
    record.trial_boots = boots;
    record.power_blips = blips;
    return record;
}

nanoota_record test_record(int state)
{
    return test_record_of(1, state);
}

nanoota_record test_record_of(uint8_t slot, int state)
{
    nanoota_record record = nanoota_record_none();
    record.chosen = slot;
    record.previous = (uint8_t)(1u - slot);
    record.state = (uint8_t)state;
    record.trial_boots = 1;
    return record;
}

nanoota_record test_put_known(sim_flash *sim, nanoota_record record)
{
    nanoota_flash port = sim_port(sim);
    uint8_t bytes[NANOOTA_RECORD_LENGTH];
    sim_with(sim, NULL, 0);
    for (uint8_t slot = 0; slot < 2u; slot++) sim_put_image(sim, slot, TEST_FILL);
    record.chosen_fingerprint = nanoota_fingerprint(&port, record.chosen);
    record.previous_fingerprint = nanoota_fingerprint(&port, record.previous);
    record.sequence = 7;
    nanoota_record_encode(&record, bytes);
    sim_put(sim, SIM_RECORDS, bytes, sizeof bytes);
    return record;
}

void test_forget(uint8_t memory[NANOOTA_RETAINED_LENGTH])
{
    nanoota_retained called = {.silent = 0};
    nanoota_retained_encode(&called, memory);
}

void test_boot_retaining(
    nanoota_run *run, const nanoota_flash *flash, int32_t reset_reason, uint8_t memory[NANOOTA_RETAINED_LENGTH])
{
    nanoota_reset reset = {reset_reason, 0, TEST_CRASH_LIMIT, TEST_TRIAL_MS, memory, NULL};
    nanoota_boot(run, flash, &reset);
    nanoota_called(run);
}

void test_boot(nanoota_run *run, const nanoota_flash *flash, int32_t reset_reason, uint8_t clr_slot)
{
    static uint8_t memory[NANOOTA_RETAINED_LENGTH];
    nanoota_reset reset = {reset_reason, clr_slot, TEST_CRASH_LIMIT, TEST_TRIAL_MS, memory, NULL};
    test_forget(memory);
    nanoota_boot(run, flash, &reset);
}

bool test_same(const nanoota_record *a, const nanoota_record *b)
{
    return a->chosen == b->chosen && a->state == b->state && a->previous == b->previous && a->reason == b->reason
        && a->trial_boots == b->trial_boots && a->power_blips == b->power_blips && a->clr_slot == b->clr_slot
        && a->safe_mode == b->safe_mode
        && a->chosen_fingerprint == b->chosen_fingerprint && a->previous_fingerprint == b->previous_fingerprint;
}

static void print_sentence(const char *result, const char *name)
{
    (void)printf("%s ", result);
    for (const char *c = name; *c != '\0'; c++) (void)putchar(*c == '_' ? ' ' : *c);
    (void)printf("\n");
}

static uint32_t run_suite(const test_suite *suite, uint32_t *passed)
{
    uint32_t failures = 0;
    for (uint32_t i = 0; i < suite->count; i++) {
        failed = false;
        suite->tests[i].run();
        print_sentence(failed ? "FAILED" : "ok    ", suite->tests[i].name);
        if (failed) failures++;
        else (*passed)++;
    }
    return failures;
}

int main(void)
{
    const char *given = getenv("NANOOTA_SEED");
    uint32_t passed = 0;
    uint32_t failures = 0;
    seed = given != NULL ? (uint32_t)strtoul(given, NULL, 10) : (uint32_t)time(NULL);
    (void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ); /* what was printed is there when a sanitizer aborts */
    (void)printf("seed %u (NANOOTA_SEED)\n", (unsigned)seed);
    for (size_t i = 0; test_suites[i] != NULL; i++) failures += run_suite(test_suites[i], &passed);
    (void)printf("%u passed, %u failed\n", (unsigned)passed, (unsigned)failures);
    return failures == 0u && passed > 0u ? EXIT_SUCCESS : EXIT_FAILURE;
}
