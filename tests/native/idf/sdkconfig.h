/* The generated configuration of a board with runtime slots. */
#ifndef SDKCONFIG_H
#define SDKCONFIG_H

#define CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE 1

#endif
