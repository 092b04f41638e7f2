#ifndef NANOPAL_H
#define NANOPAL_H

#include <string.h>

/* On ESP32 nanoCLR's header redefines these, so that a use does not compile (src/PAL/Include/nanoPAL.h of nf-interpreter). */
#ifdef PLATFORM_ESP32
#define strcpy not_on_this_platform *strcpy[]
#define strncpy not_on_this_platform *strncpy[]
#define strlen not_on_this_platform *strlen[]
#define strncmp not_on_this_platform *strncmp[]
#endif

#endif
