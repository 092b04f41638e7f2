#ifndef ESP_SYSTEM_H
#define ESP_SYSTEM_H

#ifdef __cplusplus
extern "C" {
#endif

/* The numbers are those of the boot rules; the glue passes them on as they are. */
typedef enum {
    ESP_RST_POWERON = 1,
    ESP_RST_SW = 3,
    ESP_RST_PANIC = 4,
    ESP_RST_TASK_WDT = 6,
    ESP_RST_WDT = 7,
    ESP_RST_DEEPSLEEP = 8,
    ESP_RST_BROWNOUT = 9
} esp_reset_reason_t;

esp_reset_reason_t esp_reset_reason(void);
void esp_restart(void) __attribute__((noreturn));

#ifdef __cplusplus
}
#endif

#endif
