/*
 * Little-endian numbers in bytes, and the two CRCs of SPEC.md. Bit by bit, because all but one of the ranges are short, and a
 * table would cost more flash. A CRC begins with 0, or with the result for the preceding bytes.
 */
#ifndef NANOOTA_BYTES_H
#define NANOOTA_BYTES_H

#include <stdint.h>

uint16_t nanoota_get_u16(const uint8_t *bytes);
uint32_t nanoota_get_u32(const uint8_t *bytes);
void nanoota_put_u16(uint8_t *bytes, uint16_t value);
void nanoota_put_u32(uint8_t *bytes, uint32_t value);

/* CRC-32 of IEEE 802.3, as in zlib. */
uint32_t nanoota_crc32(uint32_t crc, const uint8_t *bytes, uint32_t count);

/* The CRC in the headers of nanoFramework assemblies: 0x04C11DB7, most significant bit first, no final xor. */
uint32_t nanoota_assembly_crc(uint32_t crc, const uint8_t *bytes, uint32_t count);

#endif
