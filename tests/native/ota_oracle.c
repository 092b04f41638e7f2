/*
 * Replays boots and calls of ESP-IDF 5.5.4 over otadata, with the records of the native module: its second-stage bootloader and its
 * esp_ota_* calls, to compare with what was recorded. Lines of the input:
 *
 * vector VARIANT SLOTS FACTORY TEST OTADATA FUSE RUNNING RECORD RECORD
 *     begins a device: variant 0 without rollback, 1 with it, 2 with anti-rollback; number of slots; three flags; secure version in
 *     the efuses; the partition that runs; the two records in hexadecimal
 * image PARTITION BOOTABLE ACCEPTED VERSION
 *     what it holds: whether the bootloader starts it; whether ESP-IDF's calls accept it, 2 = they abort; its secure version, -1 = it
 *     has no descriptor. Without such a line it is erased
 * step NAME PARTITION CUT BYTES SECTORS BEGINS BOOTABLE ACCEPTED VERSION
 *     a boot or call; power fails in operation CUT of otadata (0 = never) after so many bytes; the last five fields are an image to
 *     write, and whether its first byte is right
 *
 * Partitions are numbers: a slot, or 16 factory, 17 test, 18 none. For each step a line is printed: result, partition, error, value,
 * the two records, sectors erased elsewhere, secure version in the efuses, operations; "-" where there is none.
 */
#include "nanoota_otadata.h"

#include <ctype.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FACTORY 16u
#define TEST_APP 17u
#define NONE 18u
#define PARTITIONS 18u
#define PARTITION_SECTORS 16u
#define FUSE_BITS 32u
#define MAX_OPERATIONS 8u
#define ERASED 0xFFFFFFFFu
#define WORD_FORMAT "%99s"
#define WORD_LENGTH 100

typedef enum { NO_ROLLBACK, ROLLBACK, ANTI_ROLLBACK } variant;
typedef enum { REFUSED, ACCEPTED, ABORTS } acceptance;

typedef struct {
    bool is_bootable;
    acceptance acceptance;
    int64_t version; /* -1 = no descriptor */
} image;

typedef struct {
    bool is_erase;
    uint32_t sector;
    uint32_t length;
    uint32_t done;
} operation;

/* Everything of a device. The steps end early by longjmp: nothing after a loss of power may run. */
typedef struct {
    variant variant;
    uint32_t slots;
    bool has_factory;
    bool has_test;
    bool has_otadata;
    bool is_initial; /* the bootloader records what it starts */
    int64_t fuse;
    uint32_t running;
    image images[PARTITIONS];
    uint8_t cells[2][NANOOTA_SECTOR_SIZE];
    operation operations[MAX_OPERATIONS];
    uint32_t operation_count;
    uint32_t cut_at;
    uint32_t cut_bytes;
    uint32_t erased_sectors;
    jmp_buf end;
} device;

enum { POWER_CUT = 1, ABORTED, HUNG };

static device board;

static uint32_t otadata_size(void *context, nanoota_region region)
{
    const device *of = context;
    return region == NANOOTA_OTADATA && of->has_otadata ? 2u * NANOOTA_SECTOR_SIZE : 0u;
}

static bool read_cells(void *context, nanoota_region region, uint32_t offset, void *buffer, uint32_t count)
{
    const device *of = context;
    (void)region;
    memcpy(buffer, &of->cells[offset / NANOOTA_SECTOR_SIZE][offset % NANOOTA_SECTOR_SIZE], count);
    return true;
}

/* The number of bytes that happen. */
static uint32_t begin_operation(device *of, bool is_erase, uint32_t sector, uint32_t length)
{
    operation *now = &of->operations[of->operation_count++];
    if (of->operation_count > MAX_OPERATIONS) abort();
    now->is_erase = is_erase;
    now->sector = sector;
    now->length = length;
    now->done = of->operation_count == of->cut_at ? of->cut_bytes : length;
    return now->done;
}

static void end_operation(device *of)
{
    if (of->operation_count == of->cut_at) longjmp(of->end, POWER_CUT);
}

static bool erase_cells(void *context, nanoota_region region, uint32_t offset)
{
    device *of = context;
    uint32_t sector = offset / NANOOTA_SECTOR_SIZE;
    (void)region;
    memset(of->cells[sector], 0xFF, begin_operation(of, true, sector, NANOOTA_SECTOR_SIZE));
    end_operation(of);
    return true;
}

static bool program_cells(void *context, nanoota_region region, uint32_t offset, const void *bytes, uint32_t count)
{
    device *of = context;
    const uint8_t *from = bytes;
    uint32_t sector = offset / NANOOTA_SECTOR_SIZE;
    uint32_t done = begin_operation(of, false, sector, count);
    (void)region;
    for (uint32_t i = 0; i < done; i++) of->cells[sector][i] &= from[i];
    end_operation(of);
    return true;
}

static void pause_nothing(void *context)
{
    (void)context;
}

static const nanoota_flash port = {&board, otadata_size, read_cells, erase_cells, program_cells, pause_nothing};

static nanoota_otadata read_records(void)
{
    nanoota_otadata otadata;
    (void)nanoota_otadata_read(&port, &otadata);
    return otadata;
}

static void write_state(uint32_t sector, nanoota_ota_record record, uint32_t state)
{
    record.state = state;
    (void)nanoota_otadata_write(&port, sector, &record);
}

static bool is_initial(const nanoota_ota_record *record)
{
    return record->sequence == ERASED || !nanoota_ota_has_right_crc(record);
}

static bool exists(uint32_t partition)
{
    if (partition == FACTORY) return board.has_factory;
    return partition == TEST_APP ? board.has_test : partition < board.slots;
}

static bool is_accepted(uint32_t partition)
{
    if (board.images[partition].acceptance == ABORTS) longjmp(board.end, ABORTED);
    return board.images[partition].acceptance == ACCEPTED;
}

static bool is_admitted(uint32_t partition)
{
    return board.variant != ANTI_ROLLBACK || board.images[partition].version >= board.fuse;
}

static const char *raise_fuse(uint32_t partition)
{
    int64_t version = board.images[partition].version;
    if (version < 0) return "ESP_ERR_NOT_FOUND";
    if (version > (int64_t)FUSE_BITS) return "ESP_ERR_INVALID_ARG";
    if (version > board.fuse) board.fuse = version;
    return "ESP_OK";
}

static bool may_decide(const nanoota_ota_record *record)
{
    return nanoota_ota_is_valid(record) && is_admitted(nanoota_ota_slot(record, board.slots));
}

/* --- The bootloader --- */

static bool starts(uint32_t partition)
{
    return exists(partition) && is_admitted(partition) && board.images[partition].is_bootable;
}

static uint32_t started(uint32_t slot)
{
    nanoota_ota_record record;
    if (!board.is_initial) return slot;
    memset(&record, 0xFF, sizeof record);
    nanoota_ota_set(&record, slot + 1u, NANOOTA_OTA_VALID);
    (void)nanoota_otadata_write(&port, 0, &record);
    if (board.variant == ANTI_ROLLBACK) (void)raise_fuse(slot);
    return slot;
}

/* Downwards from the start to factory, then upwards, then test. -1 = factory first. */
static uint32_t load(int32_t start)
{
    for (int32_t i = start; i >= 0; i--)
        if (starts((uint32_t)i)) return started((uint32_t)i);
    if (starts(FACTORY)) return FACTORY;
    for (uint32_t i = (uint32_t)(start + 1); i < board.slots; i++)
        if (starts(i)) return started(i);
    return starts(TEST_APP) ? TEST_APP : NONE;
}

static int32_t select_without_record(const nanoota_otadata *otadata)
{
    bool has_contents = !is_initial(&otadata->record[0]) || !is_initial(&otadata->record[1]);
    board.is_initial = board.variant == ANTI_ROLLBACK || (!board.has_factory && !has_contents);
    return board.variant == ANTI_ROLLBACK || board.has_factory ? -1 : 0;
}

static bool has_no_record(const nanoota_otadata *otadata)
{
    const nanoota_ota_record *record = otadata->record;
    if (board.variant == ANTI_ROLLBACK) return is_initial(&record[0]) && is_initial(&record[1]);
    return board.slots == 0u || (nanoota_ota_is_unusable(&record[0]) && nanoota_ota_is_unusable(&record[1]));
}

/* The record becomes pending before its image is looked at. */
static int32_t select_active(const nanoota_ota_record *record, uint32_t sector)
{
    uint32_t slot = nanoota_ota_slot(record, board.slots);
    if (board.variant != NO_ROLLBACK && record->state == NANOOTA_OTA_NEW)
        write_state(sector, *record, NANOOTA_OTA_PENDING);
    if (board.variant == ANTI_ROLLBACK && record->state == NANOOTA_OTA_VALID) (void)raise_fuse(slot);
    return (int32_t)slot;
}

static int32_t select_slot(void)
{
    nanoota_otadata otadata = read_records();
    uint32_t active;
    if (!board.has_otadata) return -1;
    for (uint32_t i = 0; i < 2u; i++)
        if (board.variant != NO_ROLLBACK && otadata.record[i].state == NANOOTA_OTA_PENDING) {
            otadata.record[i].state = NANOOTA_OTA_ABORTED;
            (void)nanoota_otadata_write(&port, i, &otadata.record[i]);
        }
    if (has_no_record(&otadata)) return select_without_record(&otadata);
    active = nanoota_otadata_largest(&otadata, may_decide(&otadata.record[0]), may_decide(&otadata.record[1]));
    return active == NANOOTA_OTA_NONE ? -1 : select_active(&otadata.record[active], active);
}

/* --- The calls --- */

typedef struct {
    const char *result;
    uint32_t partition;
    const char *error;
    char value[16];
} outcome;

static outcome of_result(const char *result)
{
    outcome made = {result, NONE, NULL, "-"};
    return made;
}

static outcome of_error(const char *error)
{
    outcome made = of_result("ok");
    made.error = error;
    return made;
}

static void put_name(char *text, size_t size, uint32_t partition, const char *quote)
{
    if (partition == FACTORY) (void)snprintf(text, size, "%sfactory%s", quote, quote);
    else if (partition == TEST_APP) (void)snprintf(text, size, "%stest%s", quote, quote);
    else (void)snprintf(text, size, "%sota_%u%s", quote, (unsigned)partition, quote);
}

static outcome of_partition(uint32_t partition)
{
    outcome made = of_result("ok");
    if (partition == NONE) (void)strcpy(made.value, "null");
    else put_name(made.value, sizeof made.value, partition, "\"");
    return made;
}

static outcome of_number(uint32_t number)
{
    outcome made = of_result("ok");
    (void)snprintf(made.value, sizeof made.value, "%" PRIu32, number);
    return made;
}

/* ESP-IDF counts up in 32 bits: near the end, turn after turn, and for ever if no number fits. */
static uint32_t count_up(uint32_t active, uint32_t slot)
{
    uint64_t first = (slot + 1u) % board.slots;
    for (uint32_t turn = 0; turn <= board.slots; turn++) {
        uint64_t next = first;
        if (active > first) next += (active - first + board.slots - 1u) / board.slots * board.slots;
        if (next <= ERASED) return (uint32_t)next;
        first += ((ERASED - first) / board.slots + 1u) * board.slots - ERASED - 1u;
    }
    longjmp(board.end, HUNG);
}

static const char *choose(uint32_t slot)
{
    nanoota_otadata otadata = read_records();
    uint32_t active = nanoota_otadata_active(&otadata);
    uint32_t sector = active == 0u ? 1u : 0u;
    uint32_t sequence = slot + 1u;
    if (!board.has_otadata) return "ESP_ERR_NOT_FOUND";
    if (slot >= board.slots) return "ESP_ERR_INVALID_ARG";
    if (active != NANOOTA_OTA_NONE
        && !nanoota_ota_next_sequence(otadata.record[active].sequence, slot, board.slots, &sequence))
        sequence = count_up(otadata.record[active].sequence, slot);
    nanoota_ota_set(&otadata.record[sector], sequence, board.variant == NO_ROLLBACK ? ERASED : (uint32_t)NANOOTA_OTA_NEW);
    (void)nanoota_otadata_write(&port, sector, &otadata.record[sector]);
    return "ESP_OK";
}

static const char *choose_factory(void)
{
    if (!board.has_otadata) return "ESP_ERR_NOT_FOUND";
    for (uint32_t i = 0; i < 2u; i++) (void)nanoota_flash_erase(&port, NANOOTA_OTADATA, i * NANOOTA_SECTOR_SIZE);
    return "ESP_OK";
}

static void erase_partition(uint32_t partition)
{
    static const image none = {.version = -1};
    board.images[partition] = none;
    board.erased_sectors += PARTITION_SECTORS;
}

static const char *set_boot(uint32_t partition)
{
    if (!exists(partition)) return "ESP_ERR_INVALID_ARG";
    if (!is_accepted(partition)) return "ESP_ERR_OTA_VALIDATE_FAILED";
    if (partition == FACTORY) return choose_factory();
    if (board.variant == ANTI_ROLLBACK && board.images[partition].version < 0) return "ESP_ERR_NOT_FOUND";
    if (!is_admitted(partition)) {
        erase_partition(partition);
        return "ESP_ERR_OTA_SMALL_SEC_VER";
    }
    return choose(partition == TEST_APP ? 0u : partition); /* the subtype of test has the low bits of ota_0 */
}

static uint32_t get_boot(void)
{
    nanoota_otadata otadata = read_records();
    uint32_t active = nanoota_otadata_active(&otadata);
    if (!board.has_otadata) return NONE;
    if (active != NANOOTA_OTA_NONE && board.slots != 0u) return nanoota_ota_slot(&otadata.record[active], board.slots);
    if (board.has_factory) return FACTORY;
    if (board.slots != 0u) return 0;
    return board.has_test ? TEST_APP : NONE;
}

static uint32_t get_next_update(void)
{
    if (board.slots == 0u) return NONE;
    return board.running < board.slots ? (board.running + 1u) % board.slots : 0u;
}

static const char *get_state(uint32_t partition, uint32_t *state)
{
    nanoota_otadata otadata = read_records();
    if (!exists(partition)) return "ESP_ERR_INVALID_ARG";
    if (partition >= board.slots) return "ESP_ERR_NOT_SUPPORTED";
    for (uint32_t i = 0; i < 2u && board.has_otadata; i++) {
        const nanoota_ota_record *record = &otadata.record[i];
        if (!nanoota_ota_has_right_crc(record) || nanoota_ota_slot(record, board.slots) != partition) continue;
        *state = record->state;
        return "ESP_OK";
    }
    return "ESP_ERR_NOT_FOUND";
}

/* The rejected slot with the lower sequence, if its image is whole. */
static uint32_t get_last_invalid(void)
{
    nanoota_otadata otadata = read_records();
    uint32_t found = NANOOTA_OTA_NONE;
    if (!board.has_otadata || board.slots == 0u) return NONE;
    for (uint32_t i = 0; i < 2u; i++) {
        const nanoota_ota_record *record = &otadata.record[i];
        if (is_initial(record) || !nanoota_ota_is_unusable(record)) continue;
        if (found == NANOOTA_OTA_NONE || record->sequence < otadata.record[found].sequence) found = i;
    }
    if (found == NANOOTA_OTA_NONE) return NONE;
    found = nanoota_ota_slot(&otadata.record[found], board.slots);
    return is_accepted(found) ? found : NONE;
}

static bool is_rollback_possible(void)
{
    nanoota_otadata otadata = read_records();
    uint32_t active = nanoota_otadata_active(&otadata);
    const nanoota_ota_record *other;
    if (!board.has_otadata || board.slots == 0u || active == NANOOTA_OTA_NONE) return false;
    other = &otadata.record[1u - active];
    if (!nanoota_ota_is_valid(other))
        return board.variant != ANTI_ROLLBACK && board.has_factory && is_accepted(FACTORY);
    return is_accepted(nanoota_ota_slot(other, board.slots)) && is_admitted(nanoota_ota_slot(other, board.slots));
}

static const char *mark(uint32_t state)
{
    nanoota_otadata otadata = read_records();
    uint32_t active = nanoota_otadata_active(&otadata);
    if (!board.has_otadata) return "ESP_ERR_NOT_FOUND";
    if (active == NANOOTA_OTA_NONE || board.slots == 0u) return "ESP_FAIL";
    if (state == NANOOTA_OTA_VALID && otadata.record[active].state == state) return "ESP_OK";
    if (state == NANOOTA_OTA_INVALID && !is_rollback_possible()) return "ESP_ERR_OTA_ROLLBACK_FAILED";
    write_state(active, otadata.record[active], state);
    return state == NANOOTA_OTA_VALID && board.variant == ANTI_ROLLBACK ? raise_fuse(board.running) : "ESP_OK";
}

static const char *forget_other(bool erases_partition)
{
    nanoota_otadata otadata = read_records();
    uint32_t active = nanoota_otadata_active(&otadata);
    const nanoota_ota_record *other;
    if (!board.has_otadata || active == NANOOTA_OTA_NONE || board.slots == 0u) return "ESP_FAIL";
    other = &otadata.record[1u - active];
    if (is_initial(other) || nanoota_ota_slot(other, board.slots) == board.running) return "ESP_FAIL";
    if (erases_partition) erase_partition(nanoota_ota_slot(other, board.slots));
    (void)nanoota_flash_erase(&port, NANOOTA_OTADATA, (1u - active) * NANOOTA_SECTOR_SIZE);
    return "ESP_OK";
}

static const char *begin_update(uint32_t partition, bool erases)
{
    uint32_t state = NANOOTA_OTA_VALID;
    if (partition >= board.slots) return "ESP_ERR_INVALID_ARG";
    if (partition == board.running) return "ESP_ERR_OTA_PARTITION_CONFLICT";
    if (board.variant != NO_ROLLBACK) {
        (void)get_state(board.running, &state);
        if (state == NANOOTA_OTA_PENDING) return "ESP_ERR_OTA_ROLLBACK_INVALID_STATE";
    }
    if (erases) erase_partition(partition);
    if (board.variant != NO_ROLLBACK) (void)forget_other(false);
    return "ESP_OK";
}

static const char *write_image(uint32_t partition, uint32_t sectors, bool begins, image written)
{
    static const image none = {.version = -1};
    const char *begun = begin_update(partition, false);
    if (strcmp(begun, "ESP_OK") != 0) return begun;
    board.erased_sectors += begins ? sectors : 1u;
    board.images[partition] = begins ? written : none;
    return is_accepted(partition) ? "ESP_OK" : "ESP_ERR_OTA_VALIDATE_FAILED";
}

/* --- Input and output --- */

typedef struct {
    char name[WORD_LENGTH];
    uint32_t partition;
    uint32_t cut_at;
    uint32_t cut_bytes;
    uint32_t sectors;
    uint32_t begins;
    image written;
} step;

static outcome boot(void)
{
    outcome made;
    board.is_initial = false;
    board.running = load(select_slot());
    made = of_result(board.running == NONE ? "reset" : "booted");
    made.partition = board.running;
    return made;
}

static outcome call(const step *made)
{
    const char *name = made->name;
    if (strcmp(name, "set_boot") == 0) return of_error(set_boot(made->partition));
    if (strcmp(name, "mark_valid") == 0) return of_error(mark(NANOOTA_OTA_VALID));
    if (strcmp(name, "mark_invalid") == 0) {
        const char *error = mark(NANOOTA_OTA_INVALID);
        return strcmp(error, "ESP_OK") == 0 ? of_result("restart") : of_error(error);
    }
    if (strcmp(name, "get_state") == 0) {
        uint32_t state = 0;
        const char *error = get_state(made->partition, &state);
        outcome found = strcmp(error, "ESP_OK") == 0 ? of_number(state) : of_result("ok");
        found.error = error;
        return found;
    }
    if (strcmp(name, "get_boot") == 0) return of_partition(get_boot());
    if (strcmp(name, "get_running") == 0) return of_partition(board.running);
    if (strcmp(name, "get_next_update") == 0) return of_partition(get_next_update());
    if (strcmp(name, "get_last_invalid") == 0) return of_partition(get_last_invalid());
    if (strcmp(name, "rollback_possible") == 0) return of_number(is_rollback_possible() ? 1u : 0u);
    if (strcmp(name, "invalidate_inactive") == 0) return of_error(forget_other(false));
    if (strcmp(name, "erase_last_boot") == 0) return of_error(forget_other(true));
    if (strcmp(name, "ota_begin") == 0) return of_error(begin_update(made->partition, true));
    return of_error(write_image(made->partition, made->sectors, made->begins != 0u, made->written));
}

static outcome perform(const step *made)
{
    switch (setjmp(board.end)) {
    case 0:
        break;
    case POWER_CUT:
        return of_result("power_cut");
    case ABORTED:
        return of_result("signal_6");
    default:
        return of_result("hang");
    }
    if (strcmp(made->name, "boot") == 0) return boot();
    return board.running == NONE ? of_result("-") : call(made);
}

static void print_record(uint32_t sector)
{
    (void)putchar(' ');
    for (uint32_t i = 0; i < NANOOTA_OTA_RECORD_LENGTH; i++) (void)printf("%02x", (unsigned)board.cells[sector][i]);
}

static void print_outcome(const outcome *made)
{
    char name[16] = "-";
    if (made->partition != NONE) put_name(name, sizeof name, made->partition, "");
    (void)printf("%s %s %s %s", made->result, name, made->error == NULL ? "-" : made->error, made->value);
    print_record(0);
    print_record(1);
    (void)printf(" %" PRIu32 " %" PRId64 " ", board.erased_sectors, board.fuse);
    for (uint32_t i = 0; i < board.operation_count; i++) {
        const operation *now = &board.operations[i];
        (void)printf("%s%s %" PRIu32 " %" PRIu32 " %" PRIu32, i == 0u ? "" : ", ", now->is_erase ? "erase" : "write", now->sector,
            now->length, now->done);
    }
    (void)putchar('\n');
}

static void run(const step *made)
{
    outcome result;
    board.operation_count = 0;
    board.erased_sectors = 0;
    board.cut_at = made->cut_at;
    board.cut_bytes = made->cut_bytes;
    result = perform(made);
    if (strcmp(result.result, "booted") != 0 && strcmp(result.result, "ok") != 0) board.running = NONE;
    print_outcome(&result);
}

static uint8_t hex_digit(char c)
{
    return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static void put_record(uint32_t sector, const char *text)
{
    for (uint32_t i = 0; i < NANOOTA_OTA_RECORD_LENGTH; i++, text += 2)
        board.cells[sector][i] = (uint8_t)(hex_digit(text[0]) << 4 | hex_digit(text[1]));
}

static bool read_vector(const char *line)
{
    unsigned of_variant;
    unsigned factory;
    unsigned test;
    unsigned otadata;
    char records[2][WORD_LENGTH];
    if (strncmp(line, "vector ", 7) != 0) return false;
    memset(&board, 0, sizeof board);
    memset(board.cells, 0xFF, sizeof board.cells);
    for (uint32_t i = 0; i < PARTITIONS; i++) board.images[i].version = -1;
    if (sscanf(line, /* NOLINT(cert-err34-c): the numbers come from nano-ota, in range */
            "vector %u %" SCNu32 " %u %u %u %" SCNd64 " %" SCNu32 " " WORD_FORMAT " " WORD_FORMAT, &of_variant, &board.slots,
            &factory, &test, &otadata, &board.fuse, &board.running, records[0], records[1])
        != 9)
        return false;
    board.variant = (variant)of_variant;
    board.has_factory = factory != 0u;
    board.has_test = test != 0u;
    board.has_otadata = otadata != 0u;
    for (uint32_t i = 0; i < 2u; i++) put_record(i, records[i]);
    return true;
}

static bool read_image(const char *line)
{
    uint32_t partition;
    unsigned bootable;
    unsigned accepted;
    int64_t version;
    if (sscanf(line, /* NOLINT(cert-err34-c): the same */
            "image %" SCNu32 " %u %u %" SCNd64, &partition, &bootable, &accepted, &version)
            != 4
        || partition >= PARTITIONS)
        return false;
    board.images[partition].is_bootable = bootable != 0u;
    board.images[partition].acceptance = (acceptance)accepted;
    board.images[partition].version = version;
    return true;
}

static bool read_step(const char *line)
{
    step made;
    unsigned bootable;
    unsigned accepted;
    if (sscanf(line, /* NOLINT(cert-err34-c): the same */
            "step " WORD_FORMAT " %" SCNu32 " %" SCNu32 " %" SCNu32 " %" SCNu32 " %" SCNu32 " %u %u %" SCNd64, made.name,
            &made.partition, &made.cut_at, &made.cut_bytes, &made.sectors, &made.begins, &bootable, &accepted,
            &made.written.version)
        != 9)
        return false;
    made.written.is_bootable = bootable != 0u;
    made.written.acceptance = (acceptance)accepted;
    run(&made);
    return true;
}

int main(void)
{
    static char line[1000];
    while (fgets(line, (int)sizeof line, stdin) != NULL) {
        if (read_vector(line) || read_image(line) || read_step(line)) continue;
        (void)fprintf(stderr, "not understood: %s", line);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
