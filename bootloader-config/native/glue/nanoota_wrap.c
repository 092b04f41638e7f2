/*
 * nanoCLR looks for its assemblies in the first DATA partition of subtype 0x84. Linked with
 * -Wl,--wrap=esp_partition_find_first, every such search comes here first, and the slot that boots is the answer.
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

    /* When nothing can boot, the first slot: a tool can then still deploy to it over the cable. */
    return __real_esp_partition_find_first(type, subtype, nanoota_slot_label(nanoota_firmware()->slot));
}
