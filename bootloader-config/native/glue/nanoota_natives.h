/* The native assemblies of this firmware. */
#ifndef NANOOTA_NATIVES_H
#define NANOOTA_NATIVES_H

#include <nanoCLR_Interop.h>
#include <stdint.h>

/* The assembly with an index, counted from 0 without a gap; NULL if there is none. */
const CLR_RT_NativeAssemblyData *nanoota_native_assembly(int32_t index);

#endif
