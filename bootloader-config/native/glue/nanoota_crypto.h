/* SHA-256 and ECDSA over P-256 by mbedTLS. One computation of a hash at a time, from one task. */
#ifndef NANOOTA_CRYPTO_H
#define NANOOTA_CRYPTO_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#include "nanoota_area.h"

#define NANOOTA_DIGEST_LENGTH 32
#define NANOOTA_POINT_LENGTH 64

/* Starts a hash and discards any other; NANOOTA_FAILED without memory. */
nanoota_result nanoota_hash_start(void);

/* Adds part of an array; NANOOTA_REFUSED without a start. */
nanoota_result nanoota_hash_bytes(const nanoota_part *part);

/* Adds a range of an area. NANOOTA_REFUSED leaves the hash as it was, NANOOTA_FAILED ends it. */
nanoota_result nanoota_hash_area(const nanoota_run *run, int32_t area, int32_t offset, int32_t count);

/* Ends the hash and writes NANOOTA_DIGEST_LENGTH bytes. */
nanoota_result nanoota_hash_finish(uint8_t *digest);

/* Whether a signature (r, s) of a hash was made with the key of a public point (x, y). All numbers are big-endian. */
bool nanoota_verify_p256(const uint8_t point[NANOOTA_POINT_LENGTH], const uint8_t hash[NANOOTA_DIGEST_LENGTH],
    const uint8_t signature[NANOOTA_POINT_LENGTH]);

#ifdef __cplusplus
}
#endif

#endif
