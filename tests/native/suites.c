/* The tests of the core. */
#include "test.h"

#include <stddef.h>

const test_suite *const test_suites[] = {&record_tests, &retained_tests, &assembly_tests, &boot_tests, &cable_tests,
    &crash_tests, &failure_loop_tests, &silent_tests, &damaged_previous_tests, &damaged_record_tests,
    &last_resort_tests, &sleep_tests, &call_tests, &reject_confirmed_tests, &overwritten_trial_tests, &power_cut_tests,
    &revert_cut_tests, &area_tests, &runtime_tests, &interop_tests, NULL};
