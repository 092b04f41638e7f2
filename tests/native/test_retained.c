/* The memory that survives a reset: its bytes, and their changes by a reset (SPEC.md, section 5.4). */
#include "nanoota_bytes.h"
#include "test.h"

#include <string.h>

#define LAST_RESET 20 /* beyond the last reset reason of ESP-IDF */

static const nanoota_retained full = {
    .fingerprint = 0x14131211, .trial_ms = 0x24232221, .kept = 0x34333231, .crashes = 5, .hangs = 6, .silent = 7, .is_planned = true};
static const nanoota_retained other = {.fingerprint = 0x44434241, .trial_ms = 7, .kept = 9, .crashes = 1, .hangs = 2};
static const nanoota_retained nothing = {.silent = 1};
static const uint8_t magic[] = {'N', 'O', 'R', 'M'};

static bool is_same(const nanoota_retained *a, const nanoota_retained *b)
{
    return a->fingerprint == b->fingerprint && a->trial_ms == b->trial_ms && a->kept == b->kept
        && a->crashes == b->crashes && a->hangs == b->hangs && a->silent == b->silent && a->is_planned == b->is_planned;
}

static void it_is_encoded_byte_by_byte_as_specified(void)
{
    static const uint8_t expected[20] = {'N', 'O', 'R', 'M', 0x11, 0x12, 0x13, 0x14, 5, 1, 6, 7, 0x21, 0x22, 0x23, 0x24,
        0x31, 0x32, 0x33, 0x34};
    uint8_t bytes[NANOOTA_RETAINED_LENGTH];
    nanoota_retained decoded;
    nanoota_retained_encode(&full, bytes);
    CHECK(memcmp(bytes, expected, sizeof expected) == 0, "bytes 0 to 19");
    CHECK(nanoota_get_u32(bytes + 20) == nanoota_crc32(0, bytes, 20), "CRC");
    decoded = nanoota_retained_decode(bytes);
    CHECK(is_same(&decoded, &full), "the same");
}

static void with_any_bit_wrong_it_is_all_zero(void)
{
    for (unsigned bit = 0; bit < 8u * NANOOTA_RETAINED_LENGTH; bit++) {
        uint8_t bytes[NANOOTA_RETAINED_LENGTH];
        nanoota_retained decoded;
        nanoota_retained_encode(&full, bytes);
        bytes[bit / 8u] = (uint8_t)(bytes[bit / 8u] ^ 1u << bit % 8u);
        decoded = nanoota_retained_decode(bytes);
        CHECK(is_same(&decoded, &nothing), "bit %u", bit);
    }
}

static void invalid_data_is_all_zero(void)
{
    uint32_t state = test_seed();
    for (int round = 0; round < 100000; round++) {
        uint8_t bytes[NANOOTA_RETAINED_LENGTH];
        nanoota_retained decoded;
        for (uint32_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (uint8_t)(round == 0 ? 0u : round == 1 ? 0xFFu : sim_random(&state) & 0xFFu);
        if (round % 2 == 0) memcpy(bytes, magic, sizeof magic);
        decoded = nanoota_retained_decode(bytes);
        CHECK(is_same(&decoded, &nothing), "seed %u, round %d", (unsigned)test_seed(), round);
    }
}

static void a_valid_CRC_with_a_wrong_magic_is_all_zero(void)
{
    uint8_t bytes[NANOOTA_RETAINED_LENGTH];
    nanoota_retained decoded;
    nanoota_retained_encode(&full, bytes);
    bytes[0] = 'n';
    nanoota_put_u32(bytes + 20, nanoota_crc32(0, bytes, 20));
    decoded = nanoota_retained_decode(bytes);
    CHECK(is_same(&decoded, &nothing), "decoded");
}

/* A reset may interrupt an update, which is written from the first byte to the last or by a copy. */
static void a_half_written_update_is_all_zero(void)
{
    for (unsigned done = 1; done < NANOOTA_RETAINED_LENGTH; done++) {
        uint8_t before[NANOOTA_RETAINED_LENGTH];
        uint8_t bytes[NANOOTA_RETAINED_LENGTH];
        nanoota_retained decoded;
        nanoota_retained_encode(&full, before);
        nanoota_retained_encode(&other, bytes);
        if (memcmp(bytes, before, done) == 0) continue; /* nothing has changed yet */
        memcpy(bytes + done, before + done, sizeof bytes - done);
        decoded = nanoota_retained_decode(bytes);
        CHECK(is_same(&decoded, &nothing), "%u bytes done", done);
    }
}

/* Written out once more: c one more crash, h one more hang, z zero, k kept; by reset reason. */
static uint8_t expected_count(char what, int32_t reset, uint8_t before)
{
    static const char rules[] = "kzzkccchzzkkkkzc";
    int rule = reset >= 0 && reset <= 15 ? rules[reset] : 'k';
    if (rule == 'z') return 0;
    return rule != what || before == UINT8_MAX ? before : (uint8_t)(before + 1u);
}

static void the_reset_reason_counts_clears_or_keeps_crashes_and_hangs(void)
{
    static const uint8_t counts[] = {0, 1, 4, 5, 254, 255};
    for (int32_t reset = -1; reset <= LAST_RESET; reset++)
        for (unsigned i = 0; i < sizeof counts; i++)
            for (uint32_t is_other = 0; is_other < 2u; is_other++) {
                nanoota_retained retained = full;
                uint8_t before = is_other != 0u ? 0u : counts[i];
                retained.crashes = retained.hangs = counts[i];
                nanoota_retained_count(&retained, reset, full.fingerprint + is_other);
                CHECK(retained.crashes == expected_count('c', reset, before), "reset %d, %d crashes, other %u: %d", (int)reset,
                    counts[i], (unsigned)is_other, retained.crashes);
                CHECK(retained.hangs == expected_count('h', reset, before), "reset %d, %d hangs, other %u: %d", (int)reset,
                    counts[i], (unsigned)is_other, retained.hangs);
                CHECK(retained.fingerprint == full.fingerprint + is_other, "reset %d", (int)reset);
                CHECK(retained.kept == full.kept && retained.trial_ms == full.trial_ms, "reset %d", (int)reset);
            }
}

static void only_the_wake_from_a_planned_sleep_keeps_number_and_time(void)
{
    for (int32_t reset = -1; reset <= LAST_RESET; reset++)
        for (int planned = 0; planned < 2; planned++) {
            nanoota_retained retained = full;
            bool expected = planned == 1 && reset == 8;
            retained.is_planned = planned == 1;
            CHECK(nanoota_retained_wake(&retained, reset) == expected, "reset %d, planned %d", (int)reset, planned);
            CHECK(!retained.is_planned, "a plan is good for one sleep");
            CHECK(retained.kept == (expected ? full.kept : 0u), "reset %d, planned %d", (int)reset, planned);
            CHECK(retained.trial_ms == (expected ? full.trial_ms : 0u), "reset %d, planned %d", (int)reset, planned);
            CHECK(retained.crashes == full.crashes && retained.fingerprint == full.fingerprint, "the crashes are another matter");
        }
}

static const test_case tests[] = {
    TEST(it_is_encoded_byte_by_byte_as_specified),
    TEST(with_any_bit_wrong_it_is_all_zero),
    TEST(invalid_data_is_all_zero),
    TEST(a_valid_CRC_with_a_wrong_magic_is_all_zero),
    TEST(a_half_written_update_is_all_zero),
    TEST(the_reset_reason_counts_clears_or_keeps_crashes_and_hangs),
    TEST(only_the_wake_from_a_planned_sleep_keeps_number_and_time),
};

SUITE(retained_tests, tests);
