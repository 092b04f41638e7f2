#ifndef NANOHAL_H
#define NANOHAL_H

typedef void (*ON_SOFT_REBOOT_HANDLER)(void);

/* Called before the CLR restarts without a reset of the chip. */
void HAL_AddSoftRebootHandler(ON_SOFT_REBOOT_HANDLER handler);

#endif
