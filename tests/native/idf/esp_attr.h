#ifndef ESP_ATTR_H
#define ESP_ATTR_H

/* A section that the board finds by the names that the linker gives to its ends. */
#define RTC_NOINIT_ATTR __attribute__((section("rtc_noinit")))

#endif
