/* The assemblies of nanoFramework 1.x in a slot, as far as a boot reads them (SPEC.md, sections 4 and 5.1). */
#ifndef NANOOTA_ASSEMBLY_H
#define NANOOTA_ASSEMBLY_H

#include "nanoota_flash.h"

#define NANOOTA_HEADER_LENGTH 124u

/*
 * Whether a slot begins with a plausible assembly: the marker, a valid header CRC, and a total size that fits the slot.
 * An unreadable slot is not plausible.
 */
bool nanoota_is_plausible(const nanoota_flash *flash, uint8_t slot);

/*
 * CRC-32 over the headers of the assemblies that a slot begins with; 0 if there are none, or if one cannot be read. A header
 * contains the CRC of its assembly, so a few short reads distinguish the contents.
 */
uint32_t nanoota_fingerprint(const nanoota_flash *flash, uint8_t slot);

/* Whether a slot has a recorded fingerprint; false if none was recorded (0). */
bool nanoota_has_fingerprint(const nanoota_flash *flash, uint8_t slot, uint32_t fingerprint);

/* Whether a slot begins with assemblies, and each of them matches its CRC. Reads at most the whole slot, once. */
bool nanoota_is_sound(const nanoota_flash *flash, uint8_t slot);

/* Whether a slot has a recorded fingerprint, and is sound. Reads more than headers only if the fingerprint matches. */
bool nanoota_is_proven(const nanoota_flash *flash, uint8_t slot, uint32_t fingerprint);

/*
 * Whether a slot holds a whole image other than the one with this fingerprint; false if the fingerprint is 0, and if flash
 * cannot be read. Reads the bodies of the assemblies only if the fingerprints differ: then at most the whole slot, once.
 */
bool nanoota_is_redeployed(const nanoota_flash *flash, uint8_t slot, uint32_t fingerprint);

#endif
