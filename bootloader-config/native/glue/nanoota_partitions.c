/* The flash port over esp_partition. */
#include "nanoota_firmware.h"
#include "nanoota_wrap.h"

#include <freertos/FreeRTOS.h>
#include <freertos/task.h>

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
static const esp_partition_t *find(esp_partition_subtype_t subtype, const char *label)
{
    return __real_esp_partition_find_first(ESP_PARTITION_TYPE_DATA, subtype, label);
}

const nanoota_flash *nanoota_partitions(void)
{
    static const nanoota_flash flash = {NULL, size_of, read_bytes, erase_sector, program, let_others_run};
    for (uint8_t slot = 0; slot <= 1u; slot++)
        partitions[slot] = find(SLOT_SUBTYPE, nanoota_slot_label(slot));
    partitions[NANOOTA_RECORDS] = find(RECORDS_SUBTYPE, "nanoota");
    partitions[NANOOTA_OTADATA] = find(ESP_PARTITION_SUBTYPE_DATA_OTA, NULL); /* the bootloader takes any label */
    return &flash;
}
