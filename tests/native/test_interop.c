/* The header of the method table. InteropChecksumTests proves its content. */
#include "nanoota_interop.h"
#include "test.h"

#include <string.h>

#define NAME(method) #method,

static const char *const names[] = {NANOOTA_INTEROP_METHODS(NAME)};

static void the_header_defines_a_method_table_and_a_checksum(void)
{
    CHECK(strcmp(NANOOTA_INTEROP_ASSEMBLY, "NanoOta.Native") == 0, "assembly");
    CHECK(strcmp(NANOOTA_INTEROP_CLASS, "NanoOta_Native_NativeModule") == 0, "class");
    CHECK(NANOOTA_INTEROP_CHECKSUM != 0u, "checksum");
    CHECK(sizeof names / sizeof names[0] == 21u, "%u methods", (unsigned)(sizeof names / sizeof names[0]));
    CHECK(strcmp(names[0], "GetValue___STATIC__I4__I4") == 0, "%s", names[0]);
}

static const test_case tests[] = {
    TEST(the_header_defines_a_method_table_and_a_checksum),
};

SUITE(interop_tests, tests);
