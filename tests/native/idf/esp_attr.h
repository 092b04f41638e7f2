#ifndef ESP_ATTR_H
#define ESP_ATTR_H

/* A section that the board finds by the linker's symbols of its ends. */
#define RTC_NOINIT_ATTR __attribute__((section("rtc_noinit")))

#endif
