#include "nanoota_retained.h"

#include "nanoota_bytes.h"

#include <string.h>

#define CRC_OFFSET 20u
#define MAX_EARLY_CRASHES 5u

static const uint8_t magic[4] = {'N', 'O', 'R', 'M'};

void nanoota_retained_encode(const nanoota_retained *retained, uint8_t bytes[NANOOTA_RETAINED_LENGTH])
{
    memset(bytes, 0, NANOOTA_RETAINED_LENGTH);
    memcpy(bytes, magic, sizeof magic);
    nanoota_put_u32(bytes + 4, retained->fingerprint);
    bytes[8] = retained->crashes;
    bytes[9] = retained->is_planned ? 1u : 0u;
    bytes[10] = retained->hangs;
    bytes[11] = retained->silent;
    nanoota_put_u32(bytes + 12, retained->trial_ms);
    nanoota_put_u32(bytes + 16, retained->kept);
    nanoota_put_u32(bytes + CRC_OFFSET, nanoota_crc32(0, bytes, CRC_OFFSET));
}

nanoota_retained nanoota_retained_decode(const uint8_t bytes[NANOOTA_RETAINED_LENGTH])
{
    nanoota_retained retained = {.silent = 1}; /* a boot writes it before any managed code can run */
    if (memcmp(bytes, magic, sizeof magic) != 0) return retained;
    if (nanoota_get_u32(bytes + CRC_OFFSET) != nanoota_crc32(0, bytes, CRC_OFFSET)) return retained;
    retained.fingerprint = nanoota_get_u32(bytes + 4);
    retained.crashes = bytes[8];
    retained.is_planned = bytes[9] == 1u;
    retained.hangs = bytes[10];
    retained.silent = bytes[11];
    retained.trial_ms = nanoota_get_u32(bytes + 12);
    retained.kept = nanoota_get_u32(bytes + 16);
    return retained;
}

bool nanoota_retained_wake(nanoota_retained *retained, int32_t reset_reason)
{
    bool has_woken = retained->is_planned && reset_reason == NANOOTA_RESET_DEEP_SLEEP;
    retained->is_planned = false;
    if (has_woken) return true;
    retained->trial_ms = 0;
    retained->kept = 0;
    return false;
}

static bool is_crash(int32_t reset_reason)
{
    return reset_reason == NANOOTA_RESET_PANIC || reset_reason == NANOOTA_RESET_INTERRUPT_WATCHDOG
        || reset_reason == NANOOTA_RESET_TASK_WATCHDOG || reset_reason == NANOOTA_RESET_CPU_LOCKUP;
}

bool nanoota_retained_crashed_early(const nanoota_retained *retained, int32_t reset_reason)
{
    return retained->silent != 0u && is_crash(reset_reason);
}

bool nanoota_retained_never_ran(const nanoota_retained *retained, int32_t reset_reason)
{
    return retained->silent != 0u && (is_crash(reset_reason) || reset_reason == NANOOTA_RESET_OTHER_WATCHDOG);
}

void nanoota_retained_start(nanoota_retained *retained)
{
    if (retained->silent < UINT8_MAX) retained->silent++;
}

void nanoota_retained_count(nanoota_retained *retained, int32_t reset_reason, uint32_t fingerprint)
{
    if (retained->fingerprint != fingerprint) nanoota_retained_clear(retained);
    retained->fingerprint = fingerprint;
    switch (reset_reason) {
    case NANOOTA_RESET_PANIC:
    case NANOOTA_RESET_INTERRUPT_WATCHDOG:
    case NANOOTA_RESET_TASK_WATCHDOG:
    case NANOOTA_RESET_CPU_LOCKUP:
        if (retained->silent != 0u && retained->silent <= MAX_EARLY_CRASHES) break;
        if (retained->crashes < UINT8_MAX) retained->crashes++;
        break;
    case NANOOTA_RESET_OTHER_WATCHDOG:
        if (retained->hangs < UINT8_MAX) retained->hangs++;
        break;
    case NANOOTA_RESET_POWER_ON:
    case NANOOTA_RESET_PIN:
    case NANOOTA_RESET_DEEP_SLEEP:
    case NANOOTA_RESET_BROWN_OUT:
    case NANOOTA_RESET_POWER_GLITCH:
        retained->crashes = 0;
        retained->hangs = 0;
        break;
    default: /* by software or by a tool: neither counted nor cleared */
        break;
    }
}

void nanoota_retained_clear(nanoota_retained *retained)
{
    retained->fingerprint = 0;
    retained->crashes = 0;
    retained->hangs = 0;
}
