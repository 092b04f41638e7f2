/* The flash port over esp_partition, and the runtime slots. */
#include "nanoota_firmware.h"
#include "nanoota_wrap.h"

#include <esp_image_format.h>
#include <esp_ota_ops.h>
#include <freertos/FreeRTOS.h>
#include <freertos/task.h>
#include <sdkconfig.h>

/* Without rollback the bootloader would start a runtime that crashes for ever. Defined only if it is on. */
#ifndef CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE
#define CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE 0
#endif

/* As in the partition tables, bootloader-config/partitions. */
#define SLOT_SUBTYPE ((esp_partition_subtype_t)0x84)
#define RECORDS_SUBTYPE ((esp_partition_subtype_t)0x40)

/* By region; NULL if the table has none. */
static const esp_partition_t *partitions[NANOOTA_REGIONS];

static uint32_t size_of(void *context, nanoota_region region)
{
    (void)context;
    return partitions[region] == NULL ? 0u : partitions[region]->size;
}

/* The core requests only ranges inside a region, and a region without a partition has size 0. */
static bool read_bytes(void *context, nanoota_region region, uint32_t offset, void *buffer, uint32_t count)
{
    (void)context;
    return esp_partition_read(partitions[region], offset, buffer, count) == ESP_OK;
}

static bool erase_sector(void *context, nanoota_region region, uint32_t offset)
{
    (void)context;
    return esp_partition_erase_range(partitions[region], offset, NANOOTA_SECTOR_SIZE) == ESP_OK;
}

static bool program(void *context, nanoota_region region, uint32_t offset, const void *bytes, uint32_t count)
{
    (void)context;
    return esp_partition_write(partitions[region], offset, bytes, count) == ESP_OK;
}

/* For one tick, so that tasks of any priority run. */
static void let_others_run(void *context)
{
    (void)context;
    vTaskDelay(1);
}

const char *nanoota_slot_label(uint8_t slot)
{
    static const char *const labels[] = {"deploy_0", "deploy_1"};
    return slot <= 1u ? labels[slot] : NULL;
}

/*
 * Called by its real name, so that firmware without the wrap does not link. Without the wrap the first slot would always run,
 * while the module might treat it as the inactive slot and allow to erase it.
 */
static const esp_partition_t *find(esp_partition_type_t type, esp_partition_subtype_t subtype, const char *label)
{
    return __real_esp_partition_find_first(type, subtype, label);
}

static const esp_partition_t *find_data(esp_partition_subtype_t subtype, const char *label)
{
    return find(ESP_PARTITION_TYPE_DATA, subtype, label);
}

static const esp_partition_t *find_runtime(esp_partition_subtype_t subtype)
{
    return find(ESP_PARTITION_TYPE_APP, subtype, NULL);
}

const nanoota_flash *nanoota_partitions(void)
{
    static const nanoota_flash flash = {NULL, size_of, read_bytes, erase_sector, program, let_others_run};
    for (uint8_t slot = 0; slot <= 1u; slot++)
        partitions[slot] = find_data(SLOT_SUBTYPE, nanoota_slot_label(slot));
    partitions[NANOOTA_RECORDS] = find_data(RECORDS_SUBTYPE, "nanoota");
    /* By subtype, as the bootloader finds them. */
    partitions[NANOOTA_OTADATA] = find_data(ESP_PARTITION_SUBTYPE_DATA_OTA, NULL);
    partitions[NANOOTA_RUNTIME_0] = find_runtime(ESP_PARTITION_SUBTYPE_APP_OTA_0);
    partitions[NANOOTA_RUNTIME_1] = find_runtime(ESP_PARTITION_SUBTYPE_APP_OTA_1);
    return &flash;
}

/* A runtime in `factory` is in none of the slots. */
static bool runs_from_a_slot(void)
{
    const esp_partition_t *running = esp_ota_get_running_partition();
    return running != NULL && running->type == ESP_PARTITION_TYPE_APP
        && (running->subtype == ESP_PARTITION_SUBTYPE_APP_OTA_0 || running->subtype == ESP_PARTITION_SUBTYPE_APP_OTA_1);
}

/* ESP-IDF's check in applications: as the bootloader's, but without the addresses in RAM and the secure version. */
static bool is_bootable(void *context, uint8_t slot)
{
    const esp_partition_t *partition = partitions[NANOOTA_RUNTIME_0 + slot];
    const esp_partition_pos_t position = {.offset = partition->address, .size = partition->size};
    esp_image_metadata_t metadata;
    (void)context;
    return esp_image_verify(ESP_IMAGE_VERIFY_SILENT, &position, &metadata) == ESP_OK;
}

/* otadata chooses by sequence modulo the number of slots, so with a third one it would choose others. */
const nanoota_runtimes *nanoota_runtime_slots(void)
{
    static const nanoota_runtimes slots = {NULL, is_bootable};
    bool are_two = esp_ota_get_app_partition_count() == NANOOTA_RUNTIME_SLOTS;
    return CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE && are_two && runs_from_a_slot() ? &slots : NULL;
}
