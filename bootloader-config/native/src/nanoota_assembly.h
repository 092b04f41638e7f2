/* The header of a nanoFramework 1.x assembly, as far as a boot looks at it. */
#ifndef NANOOTA_ASSEMBLY_H
#define NANOOTA_ASSEMBLY_H

#include "nanoota_flash.h"

#define NANOOTA_HEADER_LENGTH 124u

/*
 * Whether a slot begins with a plausible assembly (SPEC.md, section 5.1): the marker, a right header CRC, and a total
 * size that fits the slot. What cannot be read is not plausible.
 */
bool nanoota_is_plausible(const nanoota_flash *flash, uint8_t slot);

#endif
