#include "clr.h"

#include "nanoota_interop.h"

#include <esp_partition.h>
#include <nanoHAL.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#define NAME(method) #method,

namespace
{

const char *const names[] = {NANOOTA_INTEROP_METHODS(NAME)};

size_t place_of(const char *method)
{
    size_t length = strlen(method);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncmp(names[i], method, length) == 0 && strncmp(names[i] + length, "___", 3) == 0) return i;
    (void)fprintf(stderr, "there is no method %s\n", method);
    abort();
}

void put(const argument &given, CLR_RT_HeapBlock &block, CLR_RT_HeapBlock_Array &array)
{
    if (const auto *number = std::get_if<int32_t>(&given)) block.numeric.s4 = *number;
    if (const auto *bits = std::get_if<uint32_t>(&given)) block.numeric.s4 = static_cast<int32_t>(*bits);
    if (const auto *content = std::get_if<std::reference_wrapper<bytes>>(&given)) {
        array = {static_cast<CLR_UINT32>(content->get().size()), content->get().data()};
        block.array = &array;
    }
}

ON_SOFT_REBOOT_HANDLER at_restart;

} // namespace

extern const CLR_RT_NativeAssemblyData g_CLR_AssemblyNative_mscorlib;
const CLR_RT_NativeAssemblyData g_CLR_AssemblyNative_mscorlib = {"mscorlib", 0xFEDCBA98u, nullptr, {100, 5, 0, 24}};

int clr_finds()
{
    auto deployment = static_cast<esp_partition_subtype_t>(0x84);
    const esp_partition_t *found = esp_partition_find_first(ESP_PARTITION_TYPE_DATA, deployment, nullptr);
    return found == nullptr ? -1 : found->label[strlen(found->label) - 1] - '0';
}

int clr_restarts()
{
    if (at_restart == nullptr) abort();
    at_restart();
    return clr_finds();
}

void HAL_AddSoftRebootHandler(ON_SOFT_REBOOT_HANDLER handler)
{
    at_restart = handler;
}

int32_t call(const char *method, std::initializer_list<argument> arguments)
{
    CLR_RT_StackFrame stack = {};
    CLR_RT_HeapBlock_Array arrays[8] = {};
    size_t i = 0;
    for (const argument &given : arguments) {
        put(given, stack.arguments[i], arrays[i]);
        i++;
    }
    const auto *table = static_cast<const CLR_RT_MethodHandler *>(g_CLR_AssemblyNative_NanoOta_Native.m_pNativeMethods);
    HRESULT result = table[place_of(method)](stack);
    if (result != S_OK || stack.results != 1) abort();
    return stack.result;
}
