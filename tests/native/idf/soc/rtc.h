#ifndef RTC_H
#define RTC_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

uint32_t rtc_clk_slow_freq_get_hz(void);

#ifdef __cplusplus
}
#endif

#endif
