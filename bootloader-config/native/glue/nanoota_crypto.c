#include "nanoota_crypto.h"

#include <mbedtls/ecdsa.h>
#include <mbedtls/md.h>

#include <string.h>

#define PIECE 512
#define UNCOMPRESSED 0x04
#define NUMBER_LENGTH (NANOOTA_POINT_LENGTH / 2)

static mbedtls_md_context_t context;
static bool is_hashing;

static void end_hash(void)
{
    if (is_hashing) mbedtls_md_free(&context);
    is_hashing = false;
}

/* A hash with missing bytes is useless. */
static nanoota_result fail_hash(void)
{
    end_hash();
    return NANOOTA_FAILED;
}

nanoota_result nanoota_hash_start(void)
{
    const mbedtls_md_info_t *sha256 = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
    end_hash();
    mbedtls_md_init(&context);
    is_hashing = true;
    if (mbedtls_md_setup(&context, sha256, 0) != 0 || mbedtls_md_starts(&context) != 0) return fail_hash();
    return NANOOTA_OK;
}

static nanoota_result add(const uint8_t *bytes, int32_t count)
{
    return mbedtls_md_update(&context, bytes, (size_t)count) == 0 ? NANOOTA_OK : fail_hash();
}

nanoota_result nanoota_hash_bytes(const nanoota_part *part)
{
    if (!is_hashing || !nanoota_part_is_valid(part)) return NANOOTA_REFUSED;
    return add(part->bytes + part->start, part->count);
}

nanoota_result nanoota_hash_area(const nanoota_run *run, int32_t area, int32_t offset, int32_t count)
{
    uint8_t bytes[PIECE];
    if (!is_hashing || !nanoota_area_contains(run, area, offset, count)) return NANOOTA_REFUSED;
    for (int32_t done = 0; done < count; done += PIECE) {
        nanoota_part piece = {bytes, PIECE, 0, count - done < PIECE ? count - done : PIECE};
        if (nanoota_area_read(run, area, offset + done, &piece) != NANOOTA_OK) return fail_hash();
        if (add(bytes, piece.count) != NANOOTA_OK) return NANOOTA_FAILED;
    }
    return NANOOTA_OK;
}

nanoota_result nanoota_hash_finish(uint8_t *digest)
{
    if (!is_hashing) return NANOOTA_REFUSED;
    if (mbedtls_md_finish(&context, digest) != 0) return fail_hash();
    end_hash();
    return NANOOTA_OK;
}

/* The numbers of one verification; mbedTLS allocates them on the heap. */
typedef struct {
    mbedtls_ecp_group group;
    mbedtls_ecp_point key;
    mbedtls_mpi r;
    mbedtls_mpi s;
} verification;

static bool load(verification *v, const uint8_t *point, const uint8_t *signature)
{
    uint8_t encoded[1 + NANOOTA_POINT_LENGTH] = {UNCOMPRESSED};
    memcpy(encoded + 1, point, NANOOTA_POINT_LENGTH);
    return mbedtls_ecp_group_load(&v->group, MBEDTLS_ECP_DP_SECP256R1) == 0
        && mbedtls_ecp_point_read_binary(&v->group, &v->key, encoded, sizeof encoded) == 0
        && mbedtls_ecp_check_pubkey(&v->group, &v->key) == 0
        && mbedtls_mpi_read_binary(&v->r, signature, NUMBER_LENGTH) == 0
        && mbedtls_mpi_read_binary(&v->s, signature + NUMBER_LENGTH, NUMBER_LENGTH) == 0;
}

bool nanoota_verify_p256(const uint8_t point[NANOOTA_POINT_LENGTH], const uint8_t hash[NANOOTA_DIGEST_LENGTH],
    const uint8_t signature[NANOOTA_POINT_LENGTH])
{
    verification v;
    bool is_good;
    mbedtls_ecp_group_init(&v.group);
    mbedtls_ecp_point_init(&v.key);
    mbedtls_mpi_init(&v.r);
    mbedtls_mpi_init(&v.s);
    is_good = load(&v, point, signature)
        && mbedtls_ecdsa_verify(&v.group, hash, NANOOTA_DIGEST_LENGTH, &v.key, &v.r, &v.s) == 0;
    mbedtls_mpi_free(&v.s);
    mbedtls_mpi_free(&v.r);
    mbedtls_ecp_point_free(&v.key);
    mbedtls_ecp_group_free(&v.group);
    return is_good;
}
