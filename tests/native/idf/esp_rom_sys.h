#ifndef ESP_ROM_SYS_H
#define ESP_ROM_SYS_H

#ifdef __cplusplus
extern "C" {
#endif

/* As the ROM reports it, before ESP-IDF maps it to esp_reset_reason_t. */
typedef enum {
    RESET_REASON_CHIP_POWER_ON = 0x01,
    RESET_REASON_CORE_RTC_WDT = 0x09,
    RESET_REASON_SYS_RTC_WDT = 0x10
} soc_reset_reason_t;

soc_reset_reason_t esp_rom_get_reset_reason(int cpu_no);

#ifdef __cplusplus
}
#endif

#endif
