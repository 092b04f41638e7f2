/*
 * The areas that managed code may read, erase and write. The arguments come from managed code and may have any value. A call out
 * of range, or one that the state does not allow, returns NANOOTA_REFUSED and changes nothing. No area contains the boot record.
 */
#ifndef NANOOTA_AREA_H
#define NANOOTA_AREA_H

#include "nanoota_boot.h"

/* The numbers of NativeModule. */
enum {
    NANOOTA_AREA_RUNNING_SLOT = 0,
    NANOOTA_AREA_INACTIVE_SLOT = 1,
    NANOOTA_AREA_RUNNING_INDEX = 2,
    NANOOTA_AREA_INACTIVE_INDEX = 3,
    NANOOTA_AREA_JOURNAL = 4,
    NANOOTA_AREA_HISTORY = 5,
    NANOOTA_AREA_RUNNING_RUNTIME = 6, /* these only for a run with `runtimes` */
    NANOOTA_AREA_INACTIVE_RUNTIME = 7,
    NANOOTA_AREA_RUNNING_RUNTIME_INDEX = 8,
    NANOOTA_AREA_INACTIVE_RUNTIME_INDEX = 9
};

enum {
    NANOOTA_VALUE_RUNNING_SLOT = 0,
    NANOOTA_VALUE_BOOT_STATE = 1,
    NANOOTA_VALUE_REVERT_REASON = 2,
    NANOOTA_VALUE_RESET_REASON = 3,
    NANOOTA_VALUE_TRIAL_BOOTS = 4,
    NANOOTA_VALUE_POWER_BLIPS = 5,
    NANOOTA_VALUE_SAFE_MODE = 6,
    NANOOTA_VALUE_CRASHES = 7,
    NANOOTA_VALUE_KEPT = 8,
    NANOOTA_VALUE_TRIAL_SECONDS = 9,
    NANOOTA_VALUE_CRASH_LIMIT = 10
};

/* Part of a managed array: `bytes` (NULL for null) and `length` are the array's, `start` and `count` the caller's. */
typedef struct {
    uint8_t *bytes;
    int32_t length;
    int32_t start;
    int32_t count;
} nanoota_part;

/* Whether the part lies in its array. */
bool nanoota_part_is_valid(const nanoota_part *part);

/* Whether a range lies in a known area. */
bool nanoota_area_contains(const nanoota_run *run, int32_t area, int32_t offset, int32_t count);

/* The value with this number; NANOOTA_REFUSED for an unknown number. */
int32_t nanoota_value(const nanoota_run *run, int32_t value);

/* Bytes of an area, a multiple of the sector size; NANOOTA_REFUSED for an unknown one. */
int32_t nanoota_area_size(const nanoota_run *run, int32_t area);

nanoota_result nanoota_area_read(const nanoota_run *run, int32_t area, int32_t offset, const nanoota_part *part);

/* Erases the one sector at the offset. */
nanoota_result nanoota_area_erase(const nanoota_run *run, int32_t area, int32_t offset);

/* Programs erased flash within one sector, padded with 0xFF to whole words; NANOOTA_REFUSED where flash is not erased. */
nanoota_result nanoota_area_write(const nanoota_run *run, int32_t area, int32_t offset, const nanoota_part *part);

#endif
