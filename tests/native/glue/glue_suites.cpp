/* The tests of the glue. */
#include "board.h"

extern "C" {
extern const test_suite wrap_tests;
extern const test_suite watchdog_tests;
extern const test_suite guard_tests;
extern const test_suite retention_tests;
extern const test_suite method_tests;
extern const test_suite hostile_tests;
extern const test_suite glue_runtime_tests;
extern const test_suite crypto_tests;

const test_suite *const test_suites[] = {
    &wrap_tests, &watchdog_tests, &guard_tests, &retention_tests, &method_tests, &hostile_tests, &glue_runtime_tests,
    &crypto_tests, nullptr};
}
