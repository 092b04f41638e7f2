/*
 * Computes results for CryptoAgreementTests. A line is "hash MESSAGE", or "verify POINT HASH SIGNATURE", in hexadecimal digits; the
 * result is the SHA-256, or 1 or 0.
 */
#include "nanoota_crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 70000

/* The bytes of a word of digits; the test sends nothing else. */
static int32_t decode(const char *digits, uint8_t *bytes)
{
    int32_t count = 0;
    for (; digits[0] != '\0' && digits[1] != '\0'; digits += 2) {
        const char pair[3] = {digits[0], digits[1], '\0'};
        if (count == LONGEST) exit(EXIT_FAILURE);
        bytes[count++] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return count;
}

static void answer_hash(const char *digits)
{
    static uint8_t message[LONGEST];
    uint8_t digest[NANOOTA_DIGEST_LENGTH];
    int32_t length = decode(digits, message);
    nanoota_part part = {message, length, 0, length};
    if (nanoota_hash_start() != NANOOTA_OK || nanoota_hash_bytes(&part) != NANOOTA_OK) exit(EXIT_FAILURE);
    if (nanoota_hash_finish(digest) != NANOOTA_OK) exit(EXIT_FAILURE);
    for (size_t i = 0; i < sizeof digest; i++) (void)printf("%02X", digest[i]);
    (void)printf("\n");
}

static void answer_verify(const char *point, const char *hash, const char *signature)
{
    static uint8_t bytes[3][LONGEST];
    bool is_formed = decode(point, bytes[0]) == NANOOTA_POINT_LENGTH && decode(hash, bytes[1]) == NANOOTA_DIGEST_LENGTH
        && decode(signature, bytes[2]) == NANOOTA_POINT_LENGTH;
    if (!is_formed) exit(EXIT_FAILURE);
    (void)printf("%d\n", nanoota_verify_p256(bytes[0], bytes[1], bytes[2]) ? 1 : 0);
}

int main(void)
{
    static char line[2 * LONGEST + 16];
    while (fgets(line, (int)sizeof line, stdin) != NULL) {
        const char *words[4];
        for (int i = 0; i < 4; i++) {
            words[i] = strtok(i == 0 ? line : NULL, " \n");
            if (words[i] == NULL) words[i] = "";
        }
        if (strcmp(words[0], "hash") == 0) answer_hash(words[1]);
        else answer_verify(words[1], words[2], words[3]);
    }
    return EXIT_SUCCESS;
}
