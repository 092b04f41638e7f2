/* Plausible first headers, and the contents that are another whole image. */
#include "nanoota_assembly.h"
#include "nanoota_bytes.h"
#include "test.h"

#include <string.h>

#define SECTOR NANOOTA_SECTOR_SIZE
#define OLD 1u /* fill of the recorded image */
#define NEW 2u

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
        nanoota_put_u32(header + 8, nanoota_assembly_crc(0, header, sizeof header));
        sim_erase_all(&sim);
        sim_put(&sim, 0, header, sizeof header);
        port = sim_port(&sim);
        CHECK(!nanoota_is_plausible(&port, 0), "bit %u", (unsigned)bit);
    }
}

/* Puts the recorded image into slot 1; returns its fingerprint. */
static uint32_t put_known(void)
{
    sim_put_image(&sim, 1, OLD);
    return nanoota_fingerprint(&port, 1);
}

static uint32_t begin(void)
{
    sim_erase_all(&sim);
    port = sim_port(&sim);
    return put_known();
}

static void flip(uint32_t bit)
{
    uint8_t *cell = sim.cells + SIM_SLOT_SIZE + bit / 8u;
    *cell = (uint8_t)(*cell ^ 1u << bit % 8u);
}

static void a_fingerprint_is_the_CRC_32_over_the_headers_of_all_assemblies(void)
{
    uint8_t headers[3 * 124];
    uint32_t known = begin();
    memcpy(headers, sim_at(&sim, SIM_SLOT_SIZE), 124);
    memcpy(headers + 124, sim_at(&sim, SIM_SLOT_SIZE + 124), 124);
    memcpy(headers + 248, sim_at(&sim, SIM_SLOT_SIZE + 124 + 300), 124);
    CHECK(known == nanoota_crc32(0, headers, sizeof headers), "three assemblies");
    CHECK(nanoota_fingerprint(&port, 0) == 0u, "a blank slot");
}

static void another_image_is_detected_only_with_a_recorded_fingerprint(void)
{
    uint32_t known = begin();
    CHECK(!nanoota_is_redeployed(&port, 1, known), "the same");
    CHECK(nanoota_is_redeployed(&port, 1, known ^ 1u), "another");
    CHECK(!nanoota_is_redeployed(&port, 1, 0), "not recorded");
    CHECK(!nanoota_is_redeployed(&port, 0, known), "blank");
}

static void a_known_image_with_a_wrong_bit_is_not_another_image(void)
{
    uint32_t known = begin();
    for (uint32_t bit = 0; bit < 8u * (SIM_IMAGE_SIZE + 200u); bit++) {
        flip(bit);
        CHECK(!nanoota_is_redeployed(&port, 1, known), "bit %u", (unsigned)bit);
        flip(bit);
    }
}

static void a_known_image_with_random_damage_is_not_another_image(void)
{
    uint32_t random = test_seed();
    uint32_t known = begin();
    for (uint32_t i = 0; i < 20000u; i++) {
        uint32_t at = SIM_SLOT_SIZE + sim_random(&random) % SIM_IMAGE_SIZE;
        uint32_t end = at + 1u + sim_random(&random) % 200u;
        uint32_t mask = sim_random(&random);
        bool sets = sim_random(&random) % 2u == 0u;
        (void)put_known();
        for (; at < end; at++) {
            uint32_t bits = sim_random(&random) & mask;
            sim.cells[at] = (uint8_t)(sets ? sim.cells[at] | bits : sim.cells[at] & bits);
        }
        CHECK(!nanoota_is_redeployed(&port, 1, known), "seed %u, case %u", (unsigned)test_seed(), (unsigned)i);
    }
}

static void another_image_with_one_wrong_bit_is_not_whole(void)
{
    uint32_t known = begin();
    sim_put_image(&sim, 1, NEW);
    for (uint32_t bit = 0; bit < 8u * SIM_IMAGE_SIZE; bit++) {
        flip(bit);
        CHECK(nanoota_is_redeployed(&port, 1, known) == (bit / 8u == SIM_IMAGE_GAP), "bit %u", (unsigned)bit);
        flip(bit);
    }
}

static void a_whole_image_ends_in_erased_flash_up_to_where_one_more_header_could_end(void)
{
    static const struct {
        uint32_t size; /* of an image of one assembly */
        uint32_t dirt; /* offset of a byte that is not erased; 0 for none */
        bool expected;
    } cases[] = {
        {1000, 0, true}, {1000, 1000, false}, {1000, 1124, false}, {1000, SECTOR - 1u, false},
        {1000, SECTOR, true}, {997, 998, true}, /* a gap */
        {SECTOR - 124u, SECTOR - 1u, false}, {SECTOR - 124u, SECTOR, true}, {SECTOR - 123u, SECTOR, false},
        {SECTOR - 4u, SECTOR, false}, {SECTOR - 4u, 2u * SECTOR - 1u, false},
        {SECTOR, SECTOR, false}, {SECTOR, 2u * SECTOR - 1u, false}, {SECTOR, 0, true},
        {2u * SECTOR, 0, true}, {2u * SECTOR - 60u, 0, true}, {2u * SECTOR - 60u, 2u * SECTOR - 1u, false},
        {2u * SECTOR - 124u, 0, true}, {2u * SECTOR - 124u, 2u * SECTOR - 1u, false},
    };
    static const uint8_t dirt = 0xFE;
    uint32_t known = begin();
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sim_erase_all(&sim);
        (void)sim_put_assembly(&sim, SIM_SLOT_SIZE, cases[i].size, NEW);
        if (cases[i].dirt != 0u) sim_put(&sim, SIM_SLOT_SIZE + cases[i].dirt, &dirt, 1);
        CHECK(nanoota_is_redeployed(&port, 1, known) == cases[i].expected, "case %u", i);
    }
}

static void one_assembly_more_or_less_is_another_image(void)
{
    uint32_t known = begin();
    (void)sim_put_assembly(&sim, SIM_SLOT_SIZE + SIM_IMAGE_SIZE, 124, 0);
    CHECK(nanoota_is_redeployed(&port, 1, known), "one more");
    (void)put_known();
    memset(sim.cells + SIM_SLOT_SIZE + 424, 0xFF, 204);
    CHECK(nanoota_is_redeployed(&port, 1, known), "one less");
}

static void an_image_that_cannot_be_read_has_no_fingerprint_and_is_not_another(void)
{
    uint32_t known = begin();
    sim.health[SIM_SLOT_SIZE / SECTOR + 1u] = SECTOR_UNREADABLE;
    (void)sim_put_assembly(&sim, SIM_SLOT_SIZE + SIM_IMAGE_SIZE, SECTOR, NEW); /* into the second sector */
    CHECK(!nanoota_is_redeployed(&port, 1, known), "the end of the body");
    sim_erase_all(&sim);
    (void)sim_put_assembly(&sim, SIM_SLOT_SIZE, SECTOR - 4u, NEW);
    CHECK(nanoota_is_redeployed(&port, 1, known), "readable");
    sim.health[SIM_SLOT_SIZE / SECTOR + 1u] = SECTOR_UNREADABLE;
    CHECK(!nanoota_is_redeployed(&port, 1, known), "the end of the next header");
    CHECK(nanoota_fingerprint(&port, 1) == 0u, "the first header alone is not the fingerprint");
}

static void a_slot_is_read_as_a_whole_only_if_it_has_changed_and_then_once(void)
{
    uint32_t known;
    (void)begin();
    (void)sim_put_assembly(&sim, SIM_SLOT_SIZE, SIM_SLOT_SIZE, NEW);
    known = nanoota_fingerprint(&port, 1);
    sim.bytes_read = 0;
    CHECK(!nanoota_is_redeployed(&port, 1, known), "the same");
    CHECK(sim.bytes_read == 124u, "%u bytes", (unsigned)sim.bytes_read);
    CHECK(nanoota_is_redeployed(&port, 1, known + 1u), "another");
    CHECK(sim.bytes_read <= 124u + 2u * 124u + SIM_SLOT_SIZE, "%u bytes", (unsigned)sim.bytes_read);
}

static const test_case tests[] = {
    TEST(a_header_is_plausible_only_with_marker_CRC_and_a_size_that_fits),
    TEST(every_change_of_the_marker_is_refused_even_with_a_right_CRC),
    TEST(a_fingerprint_is_the_CRC_32_over_the_headers_of_all_assemblies),
    TEST(another_image_is_detected_only_with_a_recorded_fingerprint),
    TEST(a_known_image_with_a_wrong_bit_is_not_another_image),
    TEST(a_known_image_with_random_damage_is_not_another_image),
    TEST(another_image_with_one_wrong_bit_is_not_whole),
    TEST(a_whole_image_ends_in_erased_flash_up_to_where_one_more_header_could_end),
    TEST(one_assembly_more_or_less_is_another_image),
    TEST(an_image_that_cannot_be_read_has_no_fingerprint_and_is_not_another),
    TEST(a_slot_is_read_as_a_whole_only_if_it_has_changed_and_then_once),
};

SUITE(assembly_tests, tests);
