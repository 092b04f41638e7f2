#include "nanoota_bytes.h"

uint16_t nanoota_get_u16(const uint8_t *bytes)
{
    return (uint16_t)((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8);
}

uint32_t nanoota_get_u32(const uint8_t *bytes)
{
    return (uint32_t)nanoota_get_u16(bytes) | (uint32_t)nanoota_get_u16(bytes + 2) << 16;
}

void nanoota_put_u16(uint8_t *bytes, uint16_t value)
{
    bytes[0] = (uint8_t)(value & 0xFFu);
    bytes[1] = (uint8_t)(value >> 8);
}

void nanoota_put_u32(uint8_t *bytes, uint32_t value)
{
    nanoota_put_u16(bytes, (uint16_t)(value & 0xFFFFu));
    nanoota_put_u16(bytes + 2, (uint16_t)(value >> 16));
}

uint32_t nanoota_crc32(uint32_t crc, const uint8_t *bytes, uint32_t count)
{
    crc = ~crc;
    for (uint32_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) crc = (crc & 1u) != 0u ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
    }
    return ~crc;
}

uint32_t nanoota_assembly_crc(uint32_t crc, const uint8_t *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        crc ^= (uint32_t)bytes[i] << 24;
        for (int bit = 0; bit < 8; bit++) crc = (crc & 0x80000000u) != 0u ? crc << 1 ^ 0x04C11DB7u : crc << 1;
    }
    return crc;
}
