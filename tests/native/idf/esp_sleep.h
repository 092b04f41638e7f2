#ifndef ESP_SLEEP_H
#define ESP_SLEEP_H

#include "esp_err.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

esp_err_t esp_sleep_enable_timer_wakeup(uint64_t time_in_us);
void esp_deep_sleep_start(void) __attribute__((noreturn));

#ifdef __cplusplus
}
#endif

#endif
