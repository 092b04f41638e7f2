/*
 * A NOR flash in memory, stricter than silicon: misuse ends the program. Power can be cut at any operation; the flash
 * is then dead (every call fails) until sim_power_on. Slots of two sectors, small
 * enough to copy thousands of times; the Makefile makes them larger for the glue.
 */
#ifndef SIM_FLASH_H
#define SIM_FLASH_H

#include "nanoota_boot.h"

#ifndef SIM_SLOT_SIZE
#define SIM_SLOT_SIZE 0x2000u
#endif
#define SIM_RECORDS (SIM_SLOT_SIZE + SIM_SLOT_SIZE) /* behind two slots */
#define SIM_OTADATA (SIM_RECORDS + NANOOTA_RECORDS_MINIMUM_WITH_RUNTIMES)
#define SIM_RUNTIME_SIZE 0x1000u
#define SIM_RUNTIMES (SIM_OTADATA + 2u * NANOOTA_SECTOR_SIZE) /* both runtime slots */
#define SIM_SIZE (SIM_RUNTIMES + 2u * SIM_RUNTIME_SIZE)
#define SIM_SECTORS (SIM_SIZE / NANOOTA_SECTOR_SIZE)
#define SIM_COPY_A (SIM_RECORDS / NANOOTA_SECTOR_SIZE)
#define SIM_COPY_B (SIM_COPY_A + 1u)

typedef enum { CUT_NONE, CUT_BEFORE, CUT_TORN, CUT_AFTER } cut_moment;

/* worn: does not change and reports success. stuck: does not change and reports failure. unreadable: cannot be read. */
typedef enum { SECTOR_GOOD, SECTOR_WORN, SECTOR_STUCK, SECTOR_UNREADABLE } sector_health;

typedef struct {
    uint8_t cells[SIM_SIZE];
    uint32_t erases[SIM_SECTORS];
    uint32_t programs[SIM_SECTORS];
    sector_health health[SIM_SECTORS];
    uint32_t slot_sizes[2];
    uint32_t records_size;
    uint32_t runtime_sizes[2]; /* 0 = there is none */
    uint32_t operations;
    uint32_t bytes_read;
    uint32_t blank_erases;
    uint32_t cut_at; /* number of an operation, counted from 1 */
    cut_moment cut;
    uint32_t seed;
    bool fired;
    bool powered;
} sim_flash;

/* A small generator of pseudo-random numbers; the same state gives the same numbers. */
uint32_t sim_random(uint32_t *state);

void sim_erase_all(sim_flash *sim);

/* Gives the board two runtime slots, and room for their index regions. */
void sim_add_runtimes(sim_flash *sim);

/* The functions of the port over a simulated flash. */
nanoota_flash sim_port(sim_flash *sim);

/* Lets power fail at an operation; operations count from 1 again. */
void sim_arm(sim_flash *sim, uint32_t number, cut_moment moment, uint32_t seed);

void sim_power_on(sim_flash *sim);

/* Puts bytes there as an observer would: counts nothing, needs nothing erased. */
void sim_put(sim_flash *sim, uint32_t offset, const void *bytes, uint32_t count);

/* The cells from an offset on, as an observer sees them. */
const uint8_t *sim_at(const sim_flash *sim, uint32_t offset);

/* A header of an assembly with this size; with 128, a whole one whose body is erased. */
void sim_header(uint8_t header[124], uint32_t size);

/* Puts a whole assembly there, its body all one byte and the gap behind it zero; returns the offset behind the gap. */
uint32_t sim_put_assembly(sim_flash *sim, uint32_t offset, uint32_t size, uint8_t fill);

/* Bytes of sim_put_image, and the one among them that no CRC covers. */
#define SIM_IMAGE_SIZE (124u + 300u + 204u)
#define SIM_IMAGE_GAP (124u + 299u)

/* Erases a slot and puts a whole image of three assemblies there; the first is the same in all, the others have the fill. */
void sim_put_image(sim_flash *sim, uint32_t slot, uint8_t fill);

/* An erased flash with a plausible assembly in the slots of the mask (1, 2), and a record as copy A with sequence 7. */
void sim_with(sim_flash *sim, const nanoota_record *record, uint32_t slots);

#endif
