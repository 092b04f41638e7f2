#include "nanoota_retained.h"

#include "nanoota_bytes.h"

#include <string.h>

#define CRC_OFFSET 20u

static const uint8_t magic[4] = {'N', 'O', 'R', 'M'};

void nanoota_retained_encode(const nanoota_retained *retained, uint8_t bytes[NANOOTA_RETAINED_LENGTH])
{
    memset(bytes, 0, NANOOTA_RETAINED_LENGTH);
    memcpy(bytes, magic, sizeof magic);
    nanoota_put_u32(bytes + 4, retained->fingerprint);
    bytes[8] = retained->crashes;
    bytes[9] = retained->is_planned ? 1u : 0u;
    bytes[10] = retained->hangs;
    nanoota_put_u32(bytes + 12, retained->trial_ms);
    nanoota_put_u32(bytes + 16, retained->kept);
    nanoota_put_u32(bytes + CRC_OFFSET, nanoota_crc32(0, bytes, CRC_OFFSET));
}

nanoota_retained nanoota_retained_decode(const uint8_t bytes[NANOOTA_RETAINED_LENGTH])
{
    nanoota_retained retained = {.crashes = 0};
    if (memcmp(bytes, magic, sizeof magic) != 0) return retained;
    if (nanoota_get_u32(bytes + CRC_OFFSET) != nanoota_crc32(0, bytes, CRC_OFFSET)) return retained;
    retained.fingerprint = nanoota_get_u32(bytes + 4);
    retained.crashes = bytes[8];
    retained.is_planned = bytes[9] == 1u;
    retained.hangs = bytes[10];
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

void nanoota_retained_count(nanoota_retained *retained, int32_t reset_reason, uint32_t fingerprint)
{
    if (retained->fingerprint != fingerprint) nanoota_retained_forgive(retained);
    retained->fingerprint = fingerprint;
    switch (reset_reason) {
    case NANOOTA_RESET_PANIC:
    case NANOOTA_RESET_INTERRUPT_WATCHDOG:
    case NANOOTA_RESET_TASK_WATCHDOG:
    case NANOOTA_RESET_CPU_LOCKUP:
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
    default: /* by software, or by a tool: neither blamed nor cleared */
        break;
    }
}

void nanoota_retained_forgive(nanoota_retained *retained)
{
    retained->fingerprint = 0;
    retained->crashes = 0;
    retained->hangs = 0;
}
