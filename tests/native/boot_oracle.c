/*
 * Prints the results of the C implementation in a case, to compare another implementation with it.
 *
 * A case is a line of nine fields: copy A, copy B, slot 0, slot 1, reset reason, CLR slot, worn copies (1 = A, 2 = B),
 * calls, retained memory. On a board with runtime slots three more follow: the two sectors of otadata, and the runtime slots that
 * hold the image which the bootloader would start (1 = ota_0, 2 = ota_1); its hex is the argument of the program. A sector is "-" (blank), or the hex of its first bytes; "@" behind that dirties its last byte; a
 * slot may also be "+" (a plausible assembly), or an image: "nSIZE:FILL" is a whole assembly behind the one before, its body
 * all one byte, "xOFFSET:VALUE" then changes one byte. Calls are "-", or separated by commas: a(ctivate), c(onfirm),
 * r(eject)REASON, e(rase)AREA:OFFSET, w(rite)AREA:OFFSET:START:COUNT from an array of 64 bytes 1, 2, 3 ..., g(et) with the
 * same four into an array of 64 zeros, s(leep)MILLISECONDS:KEPT:UPTIME, f(orget crashes), u (guard) SECONDS, l (release runtime), p (activate runtime and app), o
 * (activate the runtime only); a number left
 * out is 0. After a sleep the calls find the firmware still running, and value 8 is the number kept. Retained memory is the hex
 * of its 24 bytes, or "-" (all zero). The crash limit is 5; a trial has 420,000 ms.
 *
 * The result is a line: slot (255 = none), action, saved; the eleven values after the boot, the results of the calls (with
 * the array of a get) and the values after them, unless nothing runs; then for copy A and copy B: bytes up to the last
 * that is not blank, the first 64 of them in hex, erases, programs; then the 24 bytes of retained memory in hex after the
 * boot, and after the calls; with runtime slots also both sectors of otadata. Slot 254 is a restart of the chip. A boot after a planned sleep that continues a trial has action 0.
 */
#include "nanoota_area.h"
#include "sim_flash.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN 64u
#define ARRAY 64u
#define FIELD 512
#define FIELD_FORMAT "%511s"
#define CRASH_LIMIT 5u
#define TRIAL_MS 420000u
#define RESTART 254

typedef struct {
    char sectors[4][FIELD]; /* copy A, copy B, slot 0, slot 1 */
    int32_t reset;
    uint8_t clr_slot;
    unsigned worn;
    char calls[FIELD];
    char retained[FIELD];
    char otadata[2][FIELD];
    unsigned bootable;
    bool has_runtimes;
} boot_case;

static sim_flash sim;
static uint8_t image[SIM_RUNTIME_SIZE];
static uint32_t image_length;

static bool read_case(const char *line, boot_case *given)
{
    int fields = sscanf(line, /* NOLINT(cert-err34-c): the numbers come from the test, in range */
               FIELD_FORMAT FIELD_FORMAT FIELD_FORMAT FIELD_FORMAT "%" SCNd32 "%" SCNu8 "%u" FIELD_FORMAT
               FIELD_FORMAT FIELD_FORMAT FIELD_FORMAT "%u",
               given->sectors[0], given->sectors[1], given->sectors[2], given->sectors[3], &given->reset,
               &given->clr_slot, &given->worn, given->calls, given->retained, given->otadata[0], given->otadata[1],
               &given->bootable);
    given->has_runtimes = fields == 12;
    return fields == 9 || given->has_runtimes;
}

static uint8_t hex_digit(char c)
{
    return (uint8_t)(c <= '9' ? c - '0' : c - 'A' + 10);
}

/* Up to the first character that is no digit; returns the number of bytes. */
static uint32_t read_hex(const char *text, uint8_t *bytes)
{
    uint32_t count = 0;
    for (const char *c = text; isxdigit((unsigned char)c[0]) && isxdigit((unsigned char)c[1]); c += 2)
        bytes[count++] = (uint8_t)(hex_digit(c[0]) << 4 | hex_digit(c[1]));
    return count;
}

static void print_hex(const uint8_t *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) (void)printf("%02X", (unsigned)bytes[i]);
}

static void put_image(uint32_t slot, const char *text)
{
    uint32_t end = slot;
    while (*text != '\0') {
        char *rest = NULL;
        char kind = *text;
        uint32_t number = (uint32_t)strtoul(text + 1, &rest, 10);
        uint8_t value = (uint8_t)strtoul(rest + 1, &rest, 10);
        if (kind == 'n') end = sim_put_assembly(&sim, end, number, value);
        else sim_put(&sim, slot + number, &value, 1);
        text = rest;
    }
}

static void put_sector(uint32_t offset, const char *text)
{
    static const uint8_t zero = 0;
    uint8_t bytes[FIELD / 2];
    uint32_t count;
    if (text[0] == '-') return;
    if (text[0] == 'n') {
        put_image(offset, text);
        return;
    }
    count = text[0] == '+' ? 124u : read_hex(text, bytes);
    if (text[0] == '+') sim_header(bytes, 128);
    sim_put(&sim, offset, bytes, count);
    if (strchr(text, '@') != NULL) sim_put(&sim, offset + NANOOTA_SECTOR_SIZE - 1u, &zero, 1);
}

static void set_up(const boot_case *given)
{
    static const uint32_t offsets[] = {SIM_RECORDS, SIM_RECORDS + NANOOTA_SECTOR_SIZE, 0, SIM_SLOT_SIZE};
    sim_erase_all(&sim);
    for (int i = 0; i < 4; i++) put_sector(offsets[i], given->sectors[i]);
    if (given->has_runtimes) sim_add_runtimes(&sim);
    for (uint32_t i = 0; i < 2u && given->has_runtimes; i++) {
        put_sector(SIM_OTADATA + i * NANOOTA_SECTOR_SIZE, given->otadata[i]);
        if ((given->bootable >> i & 1u) != 0u) sim_put(&sim, SIM_RUNTIMES + i * SIM_RUNTIME_SIZE, image, image_length);
    }
    if ((given->worn & 1u) != 0u) sim.health[SIM_COPY_A] = SECTOR_WORN;
    if ((given->worn & 2u) != 0u) sim.health[SIM_COPY_B] = SECTOR_WORN;
}

static void print_values(nanoota_run *run)
{
    nanoota_called(run);
    for (int32_t value = NANOOTA_VALUE_RUNNING_SLOT; value <= NANOOTA_VALUE_CRASH_LIMIT; value++)
        (void)printf("%c%" PRId32, value == 0 ? ' ' : ',', nanoota_value(run, value));
}

static void read_numbers(const char *text, int32_t numbers[4])
{
    for (int i = 0; i < 4; i++) {
        char *end = NULL;
        numbers[i] = (int32_t)strtol(text, &end, 10);
        text = *end == ':' ? end + 1 : end;
    }
}

static nanoota_result perform(nanoota_run *run, const char *call, uint8_t array[ARRAY])
{
    int32_t numbers[4];
    nanoota_part part = {array, (int32_t)ARRAY, 0, 0};
    read_numbers(call + 1, numbers);
    nanoota_called(run);
    part.start = numbers[2];
    part.count = numbers[3];
    for (uint32_t i = 0; i < ARRAY; i++) array[i] = (uint8_t)(*call == 'w' ? i + 1u : 0u);
    switch (*call) {
    case 'a':
        return nanoota_activate(run);
    case 'c':
        return nanoota_confirm(run);
    case 'r':
        return nanoota_reject(run, numbers[0]);
    case 'e':
        return nanoota_area_erase(run, numbers[0], numbers[1]);
    case 'w':
        return nanoota_area_write(run, numbers[0], numbers[1], &part);
    case 's':
        return nanoota_sleep(run, numbers[0], numbers[1], (uint32_t)numbers[2]);
    case 'f':
        return nanoota_forget_crashes(run);
    case 'l':
        return nanoota_release_runtime(run);
    case 'p':
        return nanoota_activate_runtime(run, true);
    case 'o':
        return nanoota_activate_runtime(run, false);
    case 'u':
        return nanoota_guard(run, numbers[0]);
    default:
        return nanoota_area_read(run, numbers[0], numbers[1], &part);
    }
}

static uint32_t limit_of(const nanoota_run *run, const char *call)
{
    int32_t numbers[4];
    read_numbers(call + 1, numbers);
    return nanoota_sleep_limit(run, numbers[0], (uint32_t)numbers[2]);
}

static void print_calls(nanoota_run *run, const char *calls)
{
    uint8_t array[ARRAY];
    (void)putchar(' ');
    for (const char *call = calls; call != NULL && *call != '-'; call = strchr(call, ',')) {
        if (*call == ',') call++;
        (void)printf("%d", (int)perform(run, call, array));
        if (*call == 's') (void)printf("=%" PRIu32, limit_of(run, call));
        if (*call == 'g') {
            (void)putchar('=');
            print_hex(array, ARRAY);
        }
        (void)putchar(',');
    }
    (void)putchar('.');
}

static void print_copy(uint32_t sector)
{
    const uint32_t first = sector * NANOOTA_SECTOR_SIZE;
    const uint8_t *cells = sim_at(&sim, first);
    uint32_t length = NANOOTA_SECTOR_SIZE;
    uint8_t blank[SHOWN];
    memset(blank, 0xFF, sizeof blank);
    while (length > 0u && memcmp(sim_at(&sim, first + length - SHOWN), blank, SHOWN) == 0) length -= SHOWN;
    while (length > 0u && cells[length - 1u] == 0xFFu) length--;
    (void)printf(" %" PRIu32 ":", length);
    print_hex(cells, length < SHOWN ? length : SHOWN);
    (void)printf(" %" PRIu32 " %" PRIu32, sim.erases[sector], sim.programs[sector]);
}

static bool is_bootable(void *context, uint8_t slot)
{
    const sim_flash *of = context;
    return memcmp(sim_at(of, SIM_RUNTIMES + slot * SIM_RUNTIME_SIZE), image, image_length) == 0;
}

static void answer(const boot_case *given)
{
    const nanoota_runtimes runtimes = {&sim, is_bootable};
    nanoota_flash port = sim_port(&sim);
    uint8_t retained[FIELD / 2] = {0};
    uint8_t booted[NANOOTA_RETAINED_LENGTH];
    nanoota_reset reset = {given->reset, given->clr_slot, CRASH_LIMIT, TRIAL_MS, retained,
        given->has_runtimes ? &runtimes : NULL};
    nanoota_run run;
    set_up(given);
    (void)read_hex(given->retained, retained);
    nanoota_boot(&run, &port, &reset);
    memcpy(booted, retained, sizeof booted);
    (void)printf("%d %d %d", run.restarts ? RESTART : run.slot, (int)run.action, run.saved);
    if (run.slot != NANOOTA_NO_SLOT) {
        print_values(&run);
        print_calls(&run, given->calls);
        print_values(&run);
    }
    print_copy(SIM_COPY_A);
    print_copy(SIM_COPY_B);
    for (uint32_t i = 0; i < 2u && given->has_runtimes; i++) print_copy(SIM_OTADATA / NANOOTA_SECTOR_SIZE + i);
    (void)putchar(' ');
    print_hex(booted, sizeof booted);
    (void)putchar(' ');
    print_hex(retained, sizeof booted);
    (void)printf("\n");
}

int main(int count, char **arguments)
{
    static char line[6 * FIELD];
    static boot_case given;
    if (count != 2 || strlen(arguments[1]) > 2u * sizeof image) return EXIT_FAILURE;
    image_length = read_hex(arguments[1], image);
    while (fgets(line, (int)sizeof line, stdin) != NULL) {
        if (!read_case(line, &given)) {
            (void)fprintf(stderr, "not a case: %s", line);
            return EXIT_FAILURE;
        }
        answer(&given);
    }
    return EXIT_SUCCESS;
}
