/* SHA-256 and ECDSA by the real mbedTLS, against published vectors. CryptoAgreementTests compares it with .NET. */
#include "board.h"
#include "clr.h"

extern "C" {
#include "nanoota_area.h"
}

#include <cstring>
#include <string>

namespace
{

bytes hex(const std::string &text)
{
    bytes result;
    for (size_t i = 0; i + 1 < text.size(); i += 2) result.push_back((uint8_t)std::stoi(text.substr(i, 2), nullptr, 16));
    return result;
}

/* FIPS 180-4: of "abc", and of nothing. */
const char *const ABC = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";
const char *const NOTHING = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855";

/* RFC 6979, A.2.5: the key, and the signatures with SHA-256 of "sample" and "test". */
const char *const POINT = "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
                          "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299";
const char *const SAMPLE = "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
                           "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8";
const char *const TEST_TEXT = "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367"
                              "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083";

bytes digest_of(const char *text)
{
    bytes message(text, text + strlen(text) + 1); /* never empty: an array of nothing is null here, not on the device */
    bytes digest(32);
    if (call("HashStart") != NANOOTA_OK || call("HashBytes", {message, 0, (int32_t)message.size() - 1}) != NANOOTA_OK
        || call("HashFinish", {digest}) != NANOOTA_OK)
        digest.clear();
    return digest;
}

void hashes()
{
    bytes digest(40, 0x77);
    bytes letters = {'a', 'b', 'c'};
    CHECK(digest_of("") == hex(NOTHING), "nothing");
    CHECK(digest_of("abc") == hex(ABC), "abc");
    CHECK(call("HashStart") == NANOOTA_OK && call("HashBytes", {letters, 1, 2}) == NANOOTA_OK, "bc");
    CHECK(call("HashStart") == NANOOTA_OK, "a new start discards it");
    for (int32_t i = 0; i < 3; i++) CHECK(call("HashBytes", {letters, i, 1}) == NANOOTA_OK, "letter %d", i);
    CHECK(call("HashFinish", {digest}) == NANOOTA_OK, "finish");
    CHECK(bytes(digest.begin(), digest.begin() + 32) == hex(ABC) && digest[32] == 0x77, "32 bytes are written");
}

void a_hash_is_that_of_all_its_bytes_in_order()
{
    board_with(nullptr, 3);
    (void)chip_run(ESP_RST_POWERON, hashes);
}

void flash_is_hashed()
{
    bytes read(1500);
    bytes digest(32);
    bytes expected(32);
    CHECK(call("Read", {NANOOTA_AREA_RUNNING_SLOT, 4, read, 0, 1500}) == NANOOTA_OK, "read");
    CHECK(call("HashStart") == NANOOTA_OK && call("HashBytes", {read, 0, 1500}) == NANOOTA_OK, "bytes");
    CHECK(call("HashFinish", {expected}) == NANOOTA_OK, "finish");
    CHECK(call("HashStart") == NANOOTA_OK, "start");
    CHECK(call("HashArea", {NANOOTA_AREA_RUNNING_SLOT, 4, 700}) == NANOOTA_OK, "area");
    CHECK(call("HashArea", {NANOOTA_AREA_RUNNING_SLOT, (int32_t)SIM_SLOT_SIZE - 1, 2}) == NANOOTA_REFUSED, "behind its end");
    CHECK(call("HashArea", {NANOOTA_AREA_RUNNING_SLOT, 704, 0}) == NANOOTA_OK, "nothing");
    CHECK(call("HashArea", {NANOOTA_AREA_RUNNING_SLOT, 704, 800}) == NANOOTA_OK, "the rest");
    CHECK(call("HashFinish", {digest}) == NANOOTA_OK && digest == expected, "refused bytes are not part of it");
}

void the_hash_of_an_area_is_that_of_its_bytes()
{
    uint32_t random = test_seed();
    board_with(nullptr, 3);
    for (uint32_t at = 200; at < 2000; at++) board->sim.cells[at] = (uint8_t)sim_random(&random);
    (void)chip_run(ESP_RST_POWERON, flash_is_hashed);
}

void no_hash()
{
    bytes array(32);
    for (int round = 0; round < 2; round++) {
        CHECK(call("HashBytes", {array, 0, 1}) == NANOOTA_REFUSED, "bytes");
        CHECK(call("HashArea", {NANOOTA_AREA_RUNNING_SLOT, 0, 1}) == NANOOTA_REFUSED, "area");
        CHECK(call("HashFinish", {array}) == NANOOTA_REFUSED, "finish");
        CHECK(call("HashStart") == NANOOTA_OK, "start");
        CHECK(call("HashArea", {NANOOTA_AREA_JOURNAL, 4000, 200}) == NANOOTA_FAILED, "flash fails in the middle");
    }
}

void without_a_start_or_after_a_failure_there_is_no_hash()
{
    board_with(nullptr, 3);
    board->sim.health[SIM_COPY_A + 3] = SECTOR_UNREADABLE;
    (void)chip_run(ESP_RST_POWERON, no_hash);
}

bool verify(bytes point, bytes hash, bytes signature)
{
    return call("VerifyEcdsaP256", {point, hash, signature}) == 1;
}

bytes with(bytes array, size_t at, uint8_t value)
{
    array[at] = value;
    return array;
}

void signatures()
{
    bytes point = hex(POINT);
    bytes sample = digest_of("sample");
    CHECK(verify(point, sample, hex(SAMPLE)), "sample");
    CHECK(verify(point, digest_of("test"), hex(TEST_TEXT)), "test");
    CHECK(!verify(point, digest_of("test"), hex(SAMPLE)), "the signature of something else");
    for (size_t i = 0; i < 64; i++) {
        CHECK(!verify(with(point, i, point[i] ^ 1), sample, hex(SAMPLE)), "key, byte %zu", i);
        CHECK(!verify(point, sample, with(hex(SAMPLE), i, hex(SAMPLE)[i] ^ 0x80)), "signature, byte %zu", i);
        CHECK(!verify(point, with(sample, i / 2, sample[i / 2] ^ 4), hex(SAMPLE)), "hash, byte %zu", i / 2);
    }
}

void a_signature_is_valid_only_for_its_key_and_hash()
{
    board_with(nullptr, 3);
    (void)chip_run(ESP_RST_POWERON, signatures);
}

/* r and s must be 1 to n-1; n is the order of the curve. */
void degenerate()
{
    const bytes order = hex("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
    bytes point = hex(POINT);
    bytes hash = digest_of("sample");
    for (size_t half = 0; half < 64; half += 32) {
        bytes zero = hex(SAMPLE);
        bytes large = hex(SAMPLE);
        std::fill(zero.begin() + (long)half, zero.begin() + (long)half + 32, 0);
        std::copy(order.begin(), order.end(), large.begin() + (long)half);
        CHECK(!verify(point, hash, zero) && !verify(point, hash, large), "half %zu", half);
    }
    CHECK(!verify(bytes(64), hash, hex(SAMPLE)), "the point at infinity has no such form");
    CHECK(!verify(bytes(64, 0xFF), hash, hex(SAMPLE)), "coordinates larger than the field");
    for (size_t size : {0u, 31u, 33u, 63u, 65u})
        CHECK(!verify(bytes(size, 1), hash, hex(SAMPLE)) && !verify(point, bytes(size, 1), hex(SAMPLE))
                && !verify(point, hash, bytes(size, 1)), "size %zu", size);
}

void degenerate_signatures_are_refused()
{
    board_with(nullptr, 3);
    (void)chip_run(ESP_RST_POWERON, degenerate);
}

const test_case tests[] = {
    TEST(a_hash_is_that_of_all_its_bytes_in_order),
    TEST(the_hash_of_an_area_is_that_of_its_bytes),
    TEST(without_a_start_or_after_a_failure_there_is_no_hash),
    TEST(a_signature_is_valid_only_for_its_key_and_hash),
    TEST(degenerate_signatures_are_refused),
};

} // namespace

extern "C" {
extern SUITE(crypto_tests, tests);
}
