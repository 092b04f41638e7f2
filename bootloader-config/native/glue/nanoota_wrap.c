/*
 * nanoCLR searches for its assemblies in the first DATA partition of subtype 0x84. With the linker option
 * -Wl,--wrap=esp_partition_find_first every such search is redirected here, and finds the slot that boots.
 */
#include "nanoota_wrap.h"

#include "nanoota_firmware.h"

#define DEPLOYMENT_SUBTYPE 0x84

/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): see nanoota_wrap.h */
const esp_partition_t *__wrap_esp_partition_find_first(
    esp_partition_type_t type, esp_partition_subtype_t subtype, const char *label)
{
    bool is_deployment = type == ESP_PARTITION_TYPE_DATA && (int)subtype == DEPLOYMENT_SUBTYPE && label == NULL;
    if (!is_deployment) return __real_esp_partition_find_first(type, subtype, label);

    /* If nothing can boot, this is the first slot, so that a tool can deploy to it over the cable. */
    return __real_esp_partition_find_first(type, subtype, nanoota_slot_label(nanoota_firmware()->slot));
}
