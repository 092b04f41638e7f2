#include "nanoota_natives.h"

#include "nanoota_firmware.h"

/* Declares the table of assemblies that nanoCLR's build generates, CLR_RT_InteropAssembliesTable.cpp. */
#include <nanoCLR_Runtime.h>
#include <nanoHAL.h>

const CLR_RT_NativeAssemblyData *nanoota_native_assembly(int32_t index)
{
    return index >= 0 && index < g_CLR_InteropAssembliesCount ? g_CLR_InteropAssembliesNativeData[index] : NULL;
}

void nanoota_at_clr_restart(void (*handler)(void))
{
    HAL_AddSoftRebootHandler(handler);
}
