/* Invalid arguments: nothing crashes, and the running slot does not change. */
#include "board.h"
#include "clr.h"

extern "C" {
#include "nanoota_area.h"
}

#include <cstring>
#include <memory>
#include <optional>

namespace
{

const int CALLS = 100000;

uint32_t state;

uint32_t draw(uint32_t below)
{
    return sim_random(&state) % below;
}

/* Any number: small, near a limit, or anything at all. */
argument any_number()
{
    static const int32_t corners[] = {INT32_MIN, INT32_MIN + 1, -65536, -4096, -1, 0, 1, 31, 32, 64, 4092, 4096, 0x6000,
        65535, 65536, 65537, (int32_t)SIM_SLOT_SIZE - 4096, (int32_t)SIM_SLOT_SIZE, INT32_MAX - 65535, INT32_MAX};
    switch (draw(4)) {
    case 0:
        return (int32_t)draw(8) - 1;
    case 1:
        return (int32_t)draw(64) * 4096;
    case 2:
        return sim_random(&state);
    default:
        return corners[draw(sizeof corners / sizeof corners[0])];
    }
}

/* An array of exactly its length, so that the address sanitizer detects a byte too many. */
std::optional<bytes> any_array()
{
    static const size_t sizes[] = {0, 1, 31, 32, 63, 64, 65, 5000, 70000};
    if (draw(8) == 0) return std::nullopt;
    return bytes(sizes[draw(draw(8) == 0 ? 9 : 8)], (uint8_t)draw(256));
}

argument array_of(std::optional<bytes> *array)
{
    if (!array->has_value()) return nullptr;
    return std::ref(array->value());
}

int32_t any_call(bool with_verdicts)
{
    auto a = any_array();
    auto b = any_array();
    auto c = any_array();
    int32_t area = (int32_t)draw(10);
    switch (draw(with_verdicts ? 20 : 15)) {
    case 0: return call("GetValue", {any_number()});
    case 1: return call("GetAreaSize", {any_number()});
    case 2: return call("Read", {draw(4) == 0 ? any_number() : area, any_number(), array_of(&a), any_number(), any_number()});
    case 3: return call("Erase", {draw(4) == 0 ? any_number() : area, any_number()});
    case 4: return call("Write", {draw(4) == 0 ? any_number() : area, any_number(), array_of(&a), any_number(), any_number()});
    case 5: return call("HashStart");
    case 6: return call("HashBytes", {array_of(&a), any_number(), any_number()});
    case 7: return draw(16) == 0 ? call("HashArea", {area, any_number(), any_number()}) : 0;
    case 8: return call("HashFinish", {array_of(&a)});
    case 9: return draw(64) == 0 ? call("VerifyEcdsaP256", {array_of(&a), array_of(&b), array_of(&c)}) : 0;
    case 10: return call("GetNativeAssembly", {any_number(), array_of(&a)});
    case 11: return call("GetNativeChecksum", {any_number()});
    case 12: return call("Guard", {any_number()});
    case 13: return call("ForgetCrashes");
    case 14: return draw(2) == 0 ? call("Sleep", {any_number(), INT32_MIN}) : call("Sleep", {-1, any_number()}); /* not allowed */
    case 15: return call("Activate");
    case 16: return call("Confirm");
    case 17: return call("ReleaseRuntime");
    case 18: return call("ActivateRuntime", {any_number()});
    default: return call("Reject", {any_number()});
    }
}

bool is_in(uint32_t at, uint32_t start, uint32_t size)
{
    return at >= start && at - start < size;
}

/* Whether a cell may change: what does not run while confirmed, journal and history always, record and otadata by verdicts. */
bool may_change(uint32_t at, uint8_t running, bool is_confirmed, bool with_verdicts)
{
    uint32_t inactive = 1u - running;
    bool is_inactive = is_in(at, inactive * SIM_SLOT_SIZE, SIM_SLOT_SIZE)
        || is_in(at, SIM_RECORDS + NANOOTA_INDEX + inactive * NANOOTA_INDEX_SIZE, NANOOTA_INDEX_SIZE)
        || is_in(at, SIM_RUNTIMES + inactive * SIM_RUNTIME_SIZE, SIM_RUNTIME_SIZE)
        || is_in(at, SIM_RECORDS + NANOOTA_RUNTIME_INDEX + inactive * NANOOTA_INDEX_SIZE, NANOOTA_INDEX_SIZE);
    if (is_inactive) return is_confirmed || with_verdicts;
    if (is_in(at, SIM_RECORDS + NANOOTA_JOURNAL, NANOOTA_PAIR_SIZE)) return true;
    if (is_in(at, SIM_RECORDS + NANOOTA_HISTORY, NANOOTA_PAIR_SIZE)) return true;
    bool is_record = is_in(at, SIM_RECORDS, NANOOTA_JOURNAL) || is_in(at, SIM_OTADATA, 2u * NANOOTA_SECTOR_SIZE);
    return with_verdicts && is_record;
}

bool with_verdicts;

void make_calls()
{
    state = test_seed() + (with_verdicts ? 7u : 0u) + (uint32_t)clr_finds();
    for (int i = 0; i < CALLS; i++) (void)any_call(with_verdicts);
}

/* Where there are runtime slots, the one with the number of the app runs. */
void check_board(uint8_t running, int given, bool has_runtimes)
{
    nanoota_record record = test_record_of(running, given);
    board_with(&record, 3);
    memset(&board->sim.cells[SIM_RECORDS + NANOOTA_INDEX], 0x33, NANOOTA_INDEX_SIZE + NANOOTA_INDEX_SIZE);
    memset(&board->sim.cells[SIM_RECORDS + NANOOTA_RUNTIME_INDEX], 0x33, NANOOTA_INDEX_SIZE + NANOOTA_INDEX_SIZE);
    if (has_runtimes) board_add_runtimes(running);
    memset(&board->sim.cells[(size_t)running * SIM_SLOT_SIZE + 200], 0x44, SIM_SLOT_SIZE - 200);
    auto before = std::make_unique<sim_flash>(board->sim);
    uint32_t changes = 0;
    /* A brown-out: a trial continues, and its boot is counted in copy B. */
    CHECK(chip_run(ESP_RST_BROWNOUT, make_calls) == CHIP_OFF, "seed %u", (unsigned)test_seed());
    bool is_confirmed = given == NANOOTA_CONFIRMED;
    for (uint32_t at = 0; at < SIM_SIZE; at++) {
        uint32_t sector = at / NANOOTA_SECTOR_SIZE;
        bool is_counted = given == NANOOTA_TRIAL && sector == SIM_COPY_B;
        bool is_same = board->sim.cells[at] == before->cells[at]
            && (at % NANOOTA_SECTOR_SIZE != 0
                || (board->sim.erases[sector] == before->erases[sector]
                    && board->sim.programs[sector] == before->programs[sector]));
        if (!is_same) changes++;
        CHECK(is_same || is_counted || may_change(at, running, is_confirmed, with_verdicts), "slot %d, state %d, 0x%X, seed %u",
            running, given, (unsigned)at, (unsigned)test_seed());
    }
    CHECK(changes > 0, "seed %u never reached the flash", (unsigned)test_seed());
}

void check_states()
{
    for (uint8_t running = 0; running <= 1; running++)
        for (int given = NANOOTA_CONFIRMED; given <= NANOOTA_REVERTED && !test_has_failed(); given++)
            check_board(running, given, false);
    for (uint8_t running = 0; running <= 1; running++) check_board(running, NANOOTA_CONFIRMED, true);
}

void no_arguments_change_more_than_the_state_allows()
{
    with_verdicts = false;
    check_states();
}

void with_verdicts_between_the_calls_the_running_slot_does_not_change()
{
    with_verdicts = true;
    check_states();
}

void every_array_is_null()
{
    CHECK(call("Read", {0, 0, nullptr, 0, 0}) == NANOOTA_REFUSED, "read");
    CHECK(call("Write", {4, 0, nullptr, 0, 0}) == NANOOTA_REFUSED, "write");
    CHECK(call("HashStart") == NANOOTA_OK, "start");
    CHECK(call("HashBytes", {nullptr, 0, 0}) == NANOOTA_REFUSED, "hash");
    CHECK(call("HashFinish", {nullptr}) == NANOOTA_REFUSED, "finish");
    CHECK(call("VerifyEcdsaP256", {nullptr, nullptr, nullptr}) == 0, "verify");
}

void an_array_that_is_null_is_refused()
{
    board_with(nullptr, 3);
    (void)chip_run(ESP_RST_POWERON, every_array_is_null);
}

const test_case tests[] = {
    TEST(no_arguments_change_more_than_the_state_allows),
    TEST(with_verdicts_between_the_calls_the_running_slot_does_not_change),
    TEST(an_array_that_is_null_is_refused),
};

} // namespace

extern "C" {
extern SUITE(hostile_tests, tests);
}
