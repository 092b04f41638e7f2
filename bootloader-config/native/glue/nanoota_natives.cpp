#include "nanoota_natives.h"

#include <stddef.h>

/* Of CLR_RT_InteropAssembliesTable.cpp, which the build of nanoCLR makes. */
extern const CLR_RT_NativeAssemblyData *g_CLR_InteropAssembliesNativeData[];
extern uint16_t g_CLR_InteropAssembliesCount;

const CLR_RT_NativeAssemblyData *nanoota_native_assembly(int32_t index)
{
    return index >= 0 && index < g_CLR_InteropAssembliesCount ? g_CLR_InteropAssembliesNativeData[index] : NULL;
}
