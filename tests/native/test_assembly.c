/* Which first header makes a slot plausible. */
#include "nanoota_assembly.h"
#include "nanoota_bytes.h"
#include "test.h"

static sim_flash sim;
static nanoota_flash port;

static void check_header(bool expected, uint32_t offset, uint8_t change, uint32_t size)
{
    uint8_t header[124];
    sim_header(header, size);
    header[offset] = (uint8_t)(header[offset] ^ change);
    sim_erase_all(&sim);
    sim_put(&sim, SIM_SLOT_SIZE, header, sizeof header);
    port = sim_port(&sim);
    CHECK(nanoota_is_plausible(&port, 1) == expected, "offset %u, change %d, size %u", (unsigned)offset, change,
        (unsigned)size);
    CHECK(!nanoota_is_plausible(&port, 0), "the other slot is blank");
}

static void a_header_is_plausible_only_with_marker_CRC_and_a_size_that_fits(void)
{
    static const uint32_t good[] = {124, 125, SIM_SLOT_SIZE};
    static const uint32_t bad[] = {0, 123, SIM_SLOT_SIZE + 1u, 0x7FFFFFFFu, 0x80000000u, UINT32_MAX};
    for (unsigned i = 0; i < sizeof good / sizeof good[0]; i++) check_header(true, 0, 0, good[i]);
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) check_header(false, 0, 0, bad[i]);
    for (uint32_t bit = 0; bit < 8u * 124u; bit++) check_header(false, bit / 8u, (uint8_t)(1u << bit % 8u), 124);
}

static void every_change_of_the_marker_is_refused_even_with_a_right_CRC(void)
{
    for (uint32_t bit = 0; bit < 64u; bit++) {
        uint8_t header[124];
        sim_header(header, 124);
        header[bit / 8u] = (uint8_t)(header[bit / 8u] ^ 1u << bit % 8u);
        nanoota_put_u32(header + 8, 0);
        nanoota_put_u32(header + 8, nanoota_assembly_crc(header, sizeof header));
        sim_erase_all(&sim);
        sim_put(&sim, 0, header, sizeof header);
        port = sim_port(&sim);
        CHECK(!nanoota_is_plausible(&port, 0), "bit %u", (unsigned)bit);
    }
}

static const test_case tests[] = {
    TEST(a_header_is_plausible_only_with_marker_CRC_and_a_size_that_fits),
    TEST(every_change_of_the_marker_is_refused_even_with_a_right_CRC),
};

SUITE(assembly_tests, tests);
