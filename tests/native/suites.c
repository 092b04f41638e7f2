/* The tests of the core. */
#include "test.h"

#include <stddef.h>

const test_suite *const test_suites[] = {&record_tests, &retained_tests, &assembly_tests, &boot_tests, &cable_tests,
    &crash_tests, &blame_tests, &silent_tests, &no_way_back_tests, &damaged_record_tests,
    &last_resort_tests, &sleep_tests, &call_tests, &give_up_tests, &buried_trial_tests, &power_cut_tests,
    &give_way_cut_tests, &area_tests, &interop_tests, NULL};
