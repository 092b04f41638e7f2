/* Assemblies of nanoFramework 1.x in a slot, as far as a boot looks at them (SPEC.md, sections 4 and 5.1). */
#ifndef NANOOTA_ASSEMBLY_H
#define NANOOTA_ASSEMBLY_H

#include "nanoota_flash.h"

#define NANOOTA_HEADER_LENGTH 124u

/*
 * Whether a slot begins with a plausible assembly: the marker, a right header CRC, and a total size that fits the slot.
 * What cannot be read is not plausible.
 */
bool nanoota_is_plausible(const nanoota_flash *flash, uint8_t slot);

/*
 * CRC-32 over the headers of the assemblies that a slot begins with; 0 when there are none, or when not all that has to be
 * read can be read. A header holds the CRC of its assembly, so this tells contents apart at the price of a few short reads.
 */
uint32_t nanoota_fingerprint(const nanoota_flash *flash, uint8_t slot);

/* Whether a slot has a recorded fingerprint now; false when none was recorded (0). */
bool nanoota_has_fingerprint(const nanoota_flash *flash, uint8_t slot, uint32_t fingerprint);

/* Whether a slot begins with assemblies, and each of them is right to its last byte. Reads at most the whole slot, once. */
bool nanoota_is_sound(const nanoota_flash *flash, uint8_t slot);

/* Whether a slot has a recorded fingerprint, and is sound. Reads more than headers only if the fingerprint is right. */
bool nanoota_is_proven(const nanoota_flash *flash, uint8_t slot, uint32_t fingerprint);

/*
 * Whether a slot holds a whole image, and another one than that with this fingerprint; false when it is 0, and when flash
 * cannot be read. Reads the bodies of the assemblies only if the fingerprints differ: then at most the whole slot, once.
 */
bool nanoota_is_redeployed(const nanoota_flash *flash, uint8_t slot, uint32_t fingerprint);

#endif
