/* The native assemblies of this firmware, as the build of nanoCLR lists them: the base library comes first. */
#include "clr.h"

extern const CLR_RT_NativeAssemblyData g_CLR_AssemblyNative_mscorlib;

const CLR_RT_NativeAssemblyData *g_CLR_InteropAssembliesNativeData[] = {
    &g_CLR_AssemblyNative_mscorlib, &g_CLR_AssemblyNative_NanoOta_Native, nullptr};
const uint16_t g_CLR_InteropAssembliesCount = 2;
