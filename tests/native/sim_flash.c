#include "sim_flash.h"

#include "nanoota_bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint32_t sim_random(uint32_t *state)
{
    uint32_t x;
    *state = (uint32_t)(*state + 0x9E3779B9u);
    x = (uint32_t)((*state ^ *state >> 16) * 0x85EBCA6Bu);
    x = (uint32_t)((x ^ x >> 13) * 0xC2B2AE35u);
    return x ^ x >> 16;
}

static void require(bool condition, const char *what, uint32_t offset)
{
    if (condition) return;
    (void)fprintf(stderr, "misuse of the flash: %s at 0x%X\n", what, (unsigned)offset);
    abort();
}

static uint32_t region_size(const sim_flash *sim, nanoota_region region)
{
    if (region == NANOOTA_OTADATA) return 2u * NANOOTA_SECTOR_SIZE;
    if (region >= NANOOTA_RUNTIME_0) return sim->runtime_sizes[region - NANOOTA_RUNTIME_0];
    return region == NANOOTA_RECORDS ? sim->records_size : sim->slot_sizes[region];
}

static uint32_t start_of(nanoota_region region)
{
    if (region == NANOOTA_OTADATA) return SIM_OTADATA;
    if (region >= NANOOTA_RUNTIME_0) return SIM_RUNTIMES + ((uint32_t)region - NANOOTA_RUNTIME_0) * SIM_RUNTIME_SIZE;
    return (uint32_t)region * SIM_SLOT_SIZE;
}

static uint32_t size_of(void *context, nanoota_region region)
{
    const sim_flash *sim = context;
    return region_size(sim, region);
}

/* From the start of the flash; checks that the range lies in the region. */
static uint32_t at(const sim_flash *sim, nanoota_region region, uint32_t offset, uint32_t count)
{
    uint32_t size = region_size(sim, region);
    require(count != 0u && count <= size && offset <= size - count, "a range outside its region", offset);
    return start_of(region) + offset;
}

static bool read_cells(void *context, nanoota_region region, uint32_t offset, void *buffer, uint32_t count)
{
    sim_flash *sim = context;
    uint32_t from = at(sim, region, offset, count);
    sim->bytes_read += count;
    for (uint32_t sector = from / NANOOTA_SECTOR_SIZE; sector <= (from + count - 1u) / NANOOTA_SECTOR_SIZE; sector++)
        if (sim->health[sector] == SECTOR_UNREADABLE) return false;
    if (sim->powered) memcpy(buffer, sim->cells + from, count);
    return sim->powered;
}

/* Each bit is one in 1 of 64 cases. */
static uint8_t few(uint32_t *state)
{
    uint32_t bits = sim_random(state) & sim_random(state);
    return (uint8_t)(bits & bits >> 8 & bits >> 16 & 0xFFu);
}

/* Each bit is the old one or 1: sometimes almost none is erased, sometimes almost all. */
static void tear_erase(uint8_t *cells, uint32_t seed)
{
    uint32_t state = seed;
    uint32_t variant = sim_random(&state) % 4u;
    uint32_t border = sim_random(&state) % NANOOTA_SECTOR_SIZE;
    for (uint32_t i = 0; i < NANOOTA_SECTOR_SIZE; i++) {
        uint32_t mask = few(&state);
        if (variant == 1u) mask = ~mask;
        if (variant == 2u) mask = sim_random(&state);
        if (variant == 3u && i < border) mask = 0xFFu;
        cells[i] = (uint8_t)(cells[i] | (mask & 0xFFu));
    }
}

/* Some words are programmed, a few more have only part of their bits cleared, the rest is unchanged. */
static void tear_program(uint8_t *cells, const uint8_t *bytes, uint32_t count, uint32_t seed)
{
    uint32_t state = seed;
    uint32_t done = sim_random(&state) % (count / 4u) * 4u;
    uint32_t partial = done + sim_random(&state) % 4u * 4u;
    memcpy(cells, bytes, done);
    for (uint32_t i = done; i < partial && i < count; i++)
        cells[i] = (uint8_t)(bytes[i] | (sim_random(&state) & 0xFFu));
}

/* The power cut of the operation that begins now. */
static cut_moment begin(sim_flash *sim)
{
    cut_moment moment = CUT_NONE;
    if (!sim->powered) return CUT_BEFORE;
    sim->operations++;
    if (sim->cut != CUT_NONE && !sim->fired && sim->operations == sim->cut_at) moment = sim->cut;
    if (moment == CUT_NONE) return moment;
    sim->fired = true;
    sim->powered = false;
    return moment;
}

/* A sector is blank when its first byte is, and each is equal to the one before. */
static bool is_blank(const uint8_t *cells)
{
    return cells[0] == 0xFFu && memcmp(cells, cells + 1, NANOOTA_SECTOR_SIZE - 1u) == 0;
}

static bool erase_sector(void *context, nanoota_region region, uint32_t offset)
{
    sim_flash *sim = context;
    uint32_t from = at(sim, region, offset, NANOOTA_SECTOR_SIZE);
    uint32_t sector = from / NANOOTA_SECTOR_SIZE;
    cut_moment moment = begin(sim);
    require(offset % NANOOTA_SECTOR_SIZE == 0u, "erase between sectors", offset);
    if (moment == CUT_BEFORE) return false;
    sim->erases[sector]++;
    if (sim->health[sector] == SECTOR_STUCK) return false;
    if (is_blank(&sim->cells[from])) sim->blank_erases++;
    if (sim->health[sector] == SECTOR_WORN) return moment == CUT_NONE;
    if (moment == CUT_TORN)
        tear_erase(sim->cells + from, sim->seed);
    else
        memset(sim->cells + from, 0xFF, NANOOTA_SECTOR_SIZE);
    return moment == CUT_NONE;
}

static bool program_words(void *context, nanoota_region region, uint32_t offset, const void *bytes, uint32_t count)
{
    sim_flash *sim = context;
    uint32_t from = at(sim, region, offset, count);
    uint32_t sector = from / NANOOTA_SECTOR_SIZE;
    cut_moment moment = begin(sim);
    require(offset % 4u == 0u && count % 4u == 0u, "misaligned program", offset);
    require((from + count - 1u) / NANOOTA_SECTOR_SIZE == sector, "program over the end of a sector", offset);
    if (moment == CUT_BEFORE) return false;
    sim->programs[sector]++;
    if (sim->health[sector] == SECTOR_STUCK) return false;
    if (sim->health[sector] == SECTOR_WORN) return moment == CUT_NONE;
    for (uint32_t i = 0; i < count; i++)
        require(sim->cells[from + i] == 0xFFu, "program of a word that is not erased", offset);
    if (moment == CUT_TORN)
        tear_program(sim->cells + from, bytes, count, sim->seed);
    else
        memcpy(sim->cells + from, bytes, count);
    return moment == CUT_NONE;
}

static void let_others_run(void *context)
{
    (void)context;
}

nanoota_flash sim_port(sim_flash *sim)
{
    nanoota_flash port = {sim, size_of, read_cells, erase_sector, program_words, let_others_run};
    return port;
}

void sim_erase_all(sim_flash *sim)
{
    memset(sim, 0, sizeof *sim);
    memset(sim->cells, 0xFF, sizeof sim->cells);
    sim->slot_sizes[0] = SIM_SLOT_SIZE;
    sim->slot_sizes[1] = SIM_SLOT_SIZE;
    sim->records_size = NANOOTA_RECORDS_MINIMUM;
    sim->powered = true;
}

void sim_add_runtimes(sim_flash *sim)
{
    sim->records_size = NANOOTA_RECORDS_MINIMUM_WITH_RUNTIMES;
    sim->runtime_sizes[0] = SIM_RUNTIME_SIZE;
    sim->runtime_sizes[1] = SIM_RUNTIME_SIZE;
}

void sim_arm(sim_flash *sim, uint32_t number, cut_moment moment, uint32_t seed)
{
    sim->cut_at = number;
    sim->cut = moment;
    sim->seed = seed;
    sim->fired = false;
    sim->operations = 0;
}

void sim_power_on(sim_flash *sim)
{
    sim->powered = true;
}

void sim_put(sim_flash *sim, uint32_t offset, const void *bytes, uint32_t count)
{
    require(count <= SIM_SIZE && offset <= SIM_SIZE - count, "put outside the flash", offset);
    memcpy(sim->cells + offset, bytes, count);
}

const uint8_t *sim_at(const sim_flash *sim, uint32_t offset)
{
    require(offset < SIM_SIZE, "observe outside the flash", offset);
    return sim->cells + offset;
}

void sim_header(uint8_t header[124], uint32_t size)
{
    static const uint8_t marker[] = {'N', 'F', 'M', 'R', 'K', '1'};
    static const uint8_t erased[] = {0xFF, 0xFF, 0xFF, 0xFF};
    memset(header, 0, 124);
    memcpy(header, marker, sizeof marker);
    header[38] = 1;
    nanoota_put_u32(header + 12, nanoota_assembly_crc(0, erased, sizeof erased));
    nanoota_put_u32(header + 100, size);
    nanoota_put_u32(header + 8, nanoota_assembly_crc(0, header, 124));
}

uint32_t sim_put_assembly(sim_flash *sim, uint32_t offset, uint32_t size, uint8_t fill)
{
    uint8_t bytes[SIM_SLOT_SIZE] = {0};
    uint32_t crc = 0;
    require(size >= 124u && size <= sizeof bytes, "an assembly of a size that cannot be", size);
    memset(bytes + 124, fill, size - 124u);
    crc = nanoota_assembly_crc(0, bytes + 124, size - 124u);
    sim_header(bytes, size);
    nanoota_put_u32(bytes + 12, crc);
    nanoota_put_u32(bytes + 8, 0);
    nanoota_put_u32(bytes + 8, nanoota_assembly_crc(0, bytes, 124));
    size = (size + 3u) / 4u * 4u;
    sim_put(sim, offset, bytes, size);
    return offset + size;
}

void sim_put_image(sim_flash *sim, uint32_t slot, uint8_t fill)
{
    uint32_t offset = slot * SIM_SLOT_SIZE;
    memset(sim->cells + offset, 0xFF, SIM_SLOT_SIZE);
    offset = sim_put_assembly(sim, offset, 124, 0);
    offset = sim_put_assembly(sim, offset, 299, fill);
    (void)sim_put_assembly(sim, offset, 204, (uint8_t)(fill + slot));
}

void sim_with(sim_flash *sim, const nanoota_record *record, uint32_t slots)
{
    uint8_t header[124];
    uint8_t bytes[NANOOTA_RECORD_LENGTH];
    nanoota_record numbered;
    sim_erase_all(sim);
    sim_header(header, 128);
    for (uint32_t slot = 0; slot < 2u; slot++)
        if ((slots & 1u << slot) != 0u) sim_put(sim, slot * SIM_SLOT_SIZE, header, sizeof header);
    if (record == NULL) return;
    numbered = *record;
    numbered.sequence = 7;
    nanoota_record_encode(&numbered, bytes);
    sim_put(sim, SIM_RECORDS, bytes, sizeof bytes);
}
