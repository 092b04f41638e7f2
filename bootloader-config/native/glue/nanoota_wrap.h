/* The two names of the function wrapped by -Wl,--wrap=esp_partition_find_first. */
#ifndef NANOOTA_WRAP_H
#define NANOOTA_WRAP_H

#include <esp_partition.h>

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker defines these names. */

/* The function of ESP-IDF. It does not exist without the option. */
const esp_partition_t *__real_esp_partition_find_first(
    esp_partition_type_t type, esp_partition_subtype_t subtype, const char *label);

/* Replaces the function for all callers. */
const esp_partition_t *__wrap_esp_partition_find_first(
    esp_partition_type_t type, esp_partition_subtype_t subtype, const char *label);

/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

#endif
