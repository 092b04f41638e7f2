/* The two names that -Wl,--wrap=esp_partition_find_first makes of the wrapped function. */
#ifndef NANOOTA_WRAP_H
#define NANOOTA_WRAP_H

#include <esp_partition.h>

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker gives these names. */

/* The function of ESP-IDF. Without the option it does not exist. */
const esp_partition_t *__real_esp_partition_find_first(
    esp_partition_type_t type, esp_partition_subtype_t subtype, const char *label);

/* What everybody else's calls come to. */
const esp_partition_t *__wrap_esp_partition_find_first(
    esp_partition_type_t type, esp_partition_subtype_t subtype, const char *label);

/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

#endif
